// SPDX-License-Identifier: Apache-2.0
#include "verifier/request_rules.h"

#include "kernel/io/device.h"

namespace pw::verifier {

// One IoCallDriver that has not returned.
struct RequestRules::Call {
    Record record;
    PIRP irp;
    CCHAR level;
    std::uint32_t trip;
    std::string driver;
};

namespace {

ULONG_PTR number_of(const void* pointer) { return reinterpret_cast<ULONG_PTR>(pointer); }

}  // namespace

IrpEvent RequestRules::event_here(IrpStep step) const {
    IrpEvent event;
    event.step = step;
    event.irql = ke::current_irql();
    if (const ps::Thread* thread = ps::Thread::current()) {
        event.thread_id = thread->id();
        event.process_id = thread->process().id();
    }
    event.stack = CallStack::capture(2);  // from the caller of the observed routine
    return event;
}

RequestRules::Record& RequestRules::record_locked(PIRP irp) {
    Record& record = live_[irp];
    if (!record) record = std::make_shared<IrpHistory>(irp, io::RequestKind::driver, nullptr);
    return record;
}

RequestRules::Record RequestRules::find_locked(PIRP irp) const {
    const auto found = live_.find(irp);
    return found == live_.end() ? nullptr : found->second;
}

RequestRules::Record RequestRules::find_retired_locked(PIRP irp) const {
    for (auto record = retired_.rbegin(); record != retired_.rend(); ++record) {
        if ((*record)->irp() == irp) return *record;
    }
    return nullptr;
}

void RequestRules::violate(ULONG code, ULONG_PTR kind, ULONG_PTR parameter, PIRP irp, std::string detail, const Record& record) {
    Violation violation{.code = code, .parameters = {kind, parameter, number_of(irp), 0}, .detail = std::move(detail), .history = {}};
    if (code == multiple_irp_complete_requests) violation.parameters[0] = number_of(irp), violation.parameters[2] = 0;
    if (record) {
        // Others go on with the IRP while the report is written: it prints a copy of what there is by then.
        violation.history = [this, record] {
            const IrpHistory copy = [&] {
                MutexLock lock(lock_);
                return *record;
            }();
            return copy.text();
        };
    }
    stop(std::move(violation));
}

void RequestRules::allocated(PIRP irp, io::RequestKind kind) {
    IrpEvent event = event_here(IrpStep::allocated);
    const io::DriverObject* driver = kind == io::RequestKind::driver ? images_.of(event.stack) : nullptr;
    auto record = std::make_shared<IrpHistory>(irp, kind, driver);
    event.level = static_cast<CCHAR>(irp->CurrentLocation);
    record->add(std::move(event));
    MutexLock lock(lock_);
    live_[irp] = std::move(record);
}

void RequestRules::freed(PIRP irp, bool is_by_driver) {
    IrpEvent event = event_here(IrpStep::freed);
    Record record;
    const char* wrong = nullptr;
    ULONG_PTR kind = 0;
    {
        MutexLock lock(lock_);
        record = find_locked(irp);
        if (!record) {
            record = find_retired_locked(irp);
            if (is_by_driver && record) wrong = "IoFreeIrp was called twice for this IRP", kind = freed_no_irp;
        } else {
            if (is_by_driver && record->kind() != io::RequestKind::driver) {
                wrong = "IoFreeIrp was called for an IRP that is still associated with a thread", kind = freed_irp_of_thread;
            } else if (is_by_driver && record->is_in_flight()) {
                wrong = "IoFreeIrp was called for an IRP that a lower driver still has", kind = own_freed_irp_in_use;
            }
            record->add(std::move(event));
            live_.erase(irp);
            retired_.push_back(record);
            if (retired_.size() > most_retired) retired_.pop_front();
        }
    }
    if (wrong) violate(driver_verifier_iomanager_violation, kind, number_of(irp), irp, wrong, record);
}

std::uint64_t RequestRules::calling(PDEVICE_OBJECT device, PIRP irp) {
    Record record;
    {
        MutexLock lock(lock_);
        record = find_locked(irp);
        if (!record) record = find_retired_locked(irp);
    }
    if (irp->Type != IO_TYPE_IRP) {
        violate(driver_verifier_iomanager_violation, called_with_no_irp, number_of(irp), irp, "IoCallDriver was called with what is no IRP",
                record);
    }
    if (!io::DeviceObject::from_nt(device)) {
        violate(driver_verifier_iomanager_violation, called_no_device, number_of(device), irp,
                "IoCallDriver was called with what is no device object", record);
    }
    if (irp->CancelRoutine) {
        violate(driver_verifier_iomanager_violation, own_called_with_cancel_routine, number_of(reinterpret_cast<const void*>(irp->CancelRoutine)),
                irp, "IoCallDriver was called for an IRP whose cancel routine is still set", record);
    }
    IrpEvent event = event_here(IrpStep::called);
    event.who = io::DeviceObject::from_nt(device)->driver().display_name();
    event.level = static_cast<CCHAR>(irp->CurrentLocation - 1);
    auto* call = new Call{nullptr, irp, event.level, 0, event.who};
    MutexLock lock(lock_);
    Record& live = record_locked(irp);
    live->descend(event.level);
    live->add(std::move(event));
    call->record = live;
    call->trip = live->level(call->level).trip;
    return number_of(call);
}

void RequestRules::returned(std::uint64_t token, NTSTATUS status) {
    const std::unique_ptr<Call> call(reinterpret_cast<Call*>(token));
    IrpEvent event = event_here(IrpStep::returned);
    event.who = call->driver;
    event.status = status;
    event.level = call->level;
    const char* wrong = nullptr;
    ULONG_PTR kind = 0;
    {
        MutexLock lock(lock_);
        call->record->add(std::move(event));
        IrpLevel& level = call->record->level(call->level);
        if (level.trip == call->trip) {
            if (status == STATUS_PENDING) {
                level.returned_pending = true;
                if (level.climbed && !level.marked) {
                    wrong = "the dispatch routine returned STATUS_PENDING and the IRP was not marked pending (IoMarkIrpPending)";
                    kind = own_pending_not_marked;
                }
            } else if (!level.climbed) {
                wrong = "the dispatch routine returned without completing the IRP or passing it on, and not with STATUS_PENDING";
                kind = own_returned_without_completion;
            } else if (level.marked) {
                wrong = "the IRP was marked pending, and the dispatch routine returned another status than STATUS_PENDING";
                kind = own_marked_pending;
            } else if (level.status != status) {
                wrong = "the dispatch routine returned another status than IoStatus.Status, with which the IRP was completed";
                kind = own_inconsistent_status;
            }
        }
    }
    if (wrong) {
        violate(driver_verifier_iomanager_violation, kind, number_of(call->irp), call->irp, call->driver + ": " + wrong, call->record);
    }
}

void RequestRules::completing(PIRP irp) {
    IrpEvent event = event_here(IrpStep::completed);
    Record record;
    bool again = false;
    {
        MutexLock lock(lock_);
        record = find_locked(irp);
        again = record && record->is_completed();
        if (!record) {
            record = find_retired_locked(irp);
            again = record != nullptr;
        }
    }
    if (again) {
        violate(multiple_irp_complete_requests, 0, 0, irp, "the IRP had been completed before", record);
    }
    if (event.irql > DISPATCH_LEVEL) {
        violate(driver_verifier_iomanager_violation, completed_above_dispatch_level, event.irql, irp,
                "IoCompleteRequest was called above DISPATCH_LEVEL", record);
    }
    event.status = irp->IoStatus.Status;
    event.level = static_cast<CCHAR>(irp->CurrentLocation);
    MutexLock lock(lock_);
    record_locked(irp)->add(std::move(event));
}

void RequestRules::climbed(PIRP irp, const IO_STACK_LOCATION& passed, CCHAR level) {
    const bool marked = (passed.Control & SL_PENDING_RETURNED) != 0;
    const bool is_top = level == irp->StackCount + 1;
    bool wrong = false;
    Record record;
    {
        MutexLock lock(lock_);
        record = record_locked(irp);
        record->climb(level, marked, irp->IoStatus.Status, is_top);
        wrong = record->level(static_cast<CCHAR>(level - 1)).returned_pending && !marked;
    }
    if (wrong) {
        violate(driver_verifier_iomanager_violation, own_pending_not_marked, number_of(irp), irp,
                "STATUS_PENDING was returned for the IRP and it was not marked pending, in the dispatch routine or in the completion "
                "routine (IoMarkIrpPending)",
                record);
    }
}

void RequestRules::kept(PIRP irp, const void*) {
    IrpEvent event = event_here(IrpStep::kept);
    MutexLock lock(lock_);
    // The routine may have freed the IRP: then there is nothing to note.
    if (Record record = find_locked(irp)) {
        record->keep();
        record->add(std::move(event));
    }
}

void RequestRules::cancelling(PIRP irp, PDRIVER_CANCEL routine) {
    IrpEvent event = event_here(IrpStep::cancelled);
    event.who = routine ? "by its cancel routine" : "without a cancel routine";
    event.level = static_cast<CCHAR>(irp->CurrentLocation);
    MutexLock lock(lock_);
    if (Record record = find_locked(irp)) record->add(std::move(event));
}

std::string RequestRules::describe(PIRP irp) {
    Record record;
    {
        MutexLock lock(lock_);
        record = find_locked(irp);
        if (!record) record = find_retired_locked(irp);
    }
    return record ? record->text() : std::string();
}

std::size_t RequestRules::leaked_by(const io::DriverObject& driver, std::string* text) {
    std::vector<Record> leaked;
    {
        MutexLock lock(lock_);
        for (const auto& [irp, record] : live_) {
            if (record->allocator() == &driver) leaked.push_back(record);
        }
    }
    constexpr std::size_t most = 8;
    for (std::size_t i = 0; text && i < leaked.size() && i < most; ++i) *text += leaked[i]->text();
    return leaked.size();
}

}  // namespace pw::verifier
