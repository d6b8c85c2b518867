// SPDX-License-Identifier: Apache-2.0
// The way up: completion routines, then the last stage in the caller's context.
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/io/call_site.h"
#include "kernel/io/io_manager.h"
#include "kernel/io/irp_stop.h"
#include "platform/threads.h"

namespace pw::io {
namespace {

constexpr ULONG multiple_irp_complete_requests = 0x44;
constexpr ULONG driver_verifier_iomanager_violation = 0xC9;

bool wants_call(const IO_STACK_LOCATION& location, const IRP& irp) {
    if (__atomic_load_n(&irp.Cancel, __ATOMIC_RELAXED) && (location.Control & SL_INVOKE_ON_CANCEL)) return true;
    return (location.Control & (NT_SUCCESS(irp.IoStatus.Status) ? SL_INVOKE_ON_SUCCESS : SL_INVOKE_ON_ERROR)) != 0;
}

}  // namespace

void IoManager::complete_request(PIRP irp, CCHAR) {
    if (request_observer_) [[unlikely]] request_observer_->completing(irp);
    if (ke::current_irql() > DISPATCH_LEVEL) [[unlikely]] {
        stop_for_irp(irp, {ke::irql_not_less_or_equal, {0, ke::current_irql(), 8, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0))},
                           "IoCompleteRequest was called above DISPATCH_LEVEL"},
                     request_observer_);
    }
    if (irp->CurrentLocation > irp->StackCount + 1 || irp->Type != IO_TYPE_IRP) [[unlikely]] {
        stop_for_irp(irp, {multiple_irp_complete_requests, {reinterpret_cast<ULONG_PTR>(irp)}, "the IRP was completed twice, or freed before"},
                     request_observer_);
    }
    ke::Thread::before_release();
    if (irp->IoStatus.Status == STATUS_PENDING) [[unlikely]] {
        stop_for_irp(irp, {driver_verifier_iomanager_violation, {0x06, STATUS_PENDING, reinterpret_cast<ULONG_PTR>(irp)},
                           "the IRP was completed with STATUS_PENDING"},
                     request_observer_);
    }
    // A cancellation of a request that is being completed may look at the routine at the same moment.
    if (__atomic_load_n(&irp->CancelRoutine, __ATOMIC_RELAXED)) [[unlikely]] {
        stop_for_irp(irp, {driver_verifier_iomanager_violation,
                           {0x07, reinterpret_cast<ULONG_PTR>(irp->CancelRoutine), reinterpret_cast<ULONG_PTR>(irp)},
                           "the IRP was completed while its cancel routine was still set"},
                     request_observer_);
    }

    PIO_STACK_LOCATION location = irp->Tail.Overlay.CurrentStackLocation;
    while (irp->CurrentLocation <= irp->StackCount) {
        irp->PendingReturned = (location->Control & SL_PENDING_RETURNED) != 0;
        ++irp->CurrentLocation;
        irp->Tail.Overlay.CurrentStackLocation = location + 1;
        if (request_observer_) [[unlikely]] request_observer_->climbed(irp, *location, irp->CurrentLocation);
        if (location->CompletionRoutine && wants_call(*location, *irp)) {
            // The routine belongs to the driver above; it gets that driver's device object, NULL for the IRP's allocator.
            const PDEVICE_OBJECT above = irp->CurrentLocation <= irp->StackCount ? (location + 1)->DeviceObject : nullptr;
            PIO_COMPLETION_ROUTINE routine = location->CompletionRoutine;
            PVOID context = location->Context;
            location->CompletionRoutine = nullptr;
            if (routine(above, irp, context) == STATUS_MORE_PROCESSING_REQUIRED) {
                if (request_observer_) [[unlikely]] request_observer_->kept(irp, reinterpret_cast<const void*>(routine));
                return;
            }
        } else if (irp->PendingReturned && irp->CurrentLocation <= irp->StackCount) {
            IoMarkIrpPending(irp);
        }
        ++location;
    }
    // From here a second completion is recognised by the location count.
    ++irp->CurrentLocation;

    Request* request = Request::of(irp);
    if (!request || request->kind != RequestKind::user) [[unlikely]] return complete_unwaited(irp, request);
    request->pending_returned = irp->PendingReturned;
    unlock_mdls(irp, false);
    // Only the issuing thread moves a request on from *issued*: on that thread nobody can come between.
    if (ps::Thread::current() == request->thread && request->state.load(std::memory_order_relaxed) == RequestState::issued) {
        request->state.store(RequestState::completed, std::memory_order_relaxed);
        return;
    }
    const RequestState before = request->state.exchange(RequestState::completed, std::memory_order_acq_rel);
    switch (before) {
        case RequestState::issued:
            return;  // the issuing thread finishes it when the dispatch routine has returned
        case RequestState::waited:
            dispatcher_.set_event(request->done);
            return;
        case RequestState::detached:
            queue_completion(*request);
            return;
        case RequestState::completed:
            stop_for_irp(irp, {multiple_irp_complete_requests, {reinterpret_cast<ULONG_PTR>(irp)}, "the IRP was completed twice"},
                         request_observer_);
    }
}

// Completion unlocks and frees the whole chain. What was bounced is copied back by its owner's thread first.
void IoManager::unlock_mdls(PIRP irp, bool in_owner_context) {
    PMDL kept = nullptr;
    PMDL* kept_tail = &kept;
    for (PMDL mdl = irp->MdlAddress; mdl;) {
        PMDL next = mdl->Next;
        if (!in_owner_context && memory_.mdls().is_bounced(mdl)) {
            *kept_tail = mdl;
            kept_tail = &mdl->Next;
            *kept_tail = nullptr;
        } else {
            if (mdl->MdlFlags & MDL_PAGES_LOCKED) memory_.mdls().unlock(mdl, in_owner_context);
            memory_.mdls().free(mdl);
        }
        mdl = next;
    }
    irp->MdlAddress = kept;
}

void IoManager::queue_completion(Request& request) {
    {
        MutexLock lock(completion_lock_);
        InsertTailList(&completion_queue_, &request.completion_link);
    }
    dispatcher_.set_event(completion_event_);
}

void IoManager::completion_worker_main(PVOID context) {
    auto& io = *static_cast<IoManager*>(context);
    ps::Thread& self = *ps::Thread::current();
    while (true) {
        io.dispatcher_.wait(io.completion_event_.Header, KernelMode, false, nullptr).ignore();
        while (true) {
            Request* request = nullptr;
            {
                MutexLock lock(io.completion_lock_);
                if (!IsListEmpty(&io.completion_queue_)) {
                    request = CONTAINING_RECORD(RemoveHeadList(&io.completion_queue_), Request, completion_link);
                }
            }
            if (!request) break;
            if (request->kind == RequestKind::threaded) {
                io.finish_threaded(*request);
                continue;
            }
            if (io.needs_client(*request) && io.finish_on_own_worker(*request)) continue;
            ps::Process* home = self.attach(request->process);
            io.finish_detached(*request);
            self.attach(home);
        }
        io.objects_.delete_deferred();
        if (io.stopping_.load(std::memory_order_acquire)) return;
    }
}

void IoManager::finish_detached(Request& request) {
    const PIRP irp = request.irp();
    const IO_STACK_LOCATION& first = reinterpret_cast<PIO_STACK_LOCATION>(irp + 1)[irp->StackCount - 1];
    const bool has_code = first.MajorFunction == IRP_MJ_DEVICE_CONTROL;
    const Ref<FileObject> file = request.file;  // the call site's driver
    const mm::CallSite site = call_site_of(file->device().driver(), first.MajorFunction,
                                           has_code ? first.Parameters.DeviceIoControl.IoControlCode : 0);
    const mm::CallSiteScope counted_for(site);
    static_cast<void>(finish(&request, true));
}

TransferResult IoManager::finish(Request* request, bool pended) {
    PIRP irp = request->irp();
    const IO_STATUS_BLOCK block = irp->IoStatus;
    const Status status(block.Status);
    TransferResult result{.status = block.Status, .information = block.Information};

    // NT copies a buffered request's data back for success, information and warnings, and exactly Information bytes.
    const bool copies = (irp->Flags & IRP_INPUT_OPERATION) && request->system_buffer && !status.is_error() &&
                        status != Status(STATUS_VERIFY_REQUIRED);
    if (copies && block.Information != 0) {
        ULONG_PTR bytes = block.Information;
        if (bytes > request->output.length_bytes) {
            diagnostics_.report(request->file ? request->file->device().driver().display_name() : std::string(),
                                "IoStatus.Information is larger than the output buffer; only the buffer's length is copied");
            bytes = request->output.length_bytes;
        }
        OutputTarget& output = request->output;
        if (output.inline_reply && bytes <= output.inline_capacity_bytes) {
            std::memcpy(output.inline_reply, request->system_buffer, bytes);
            output.inline_written_bytes = static_cast<std::uint32_t>(bytes);
            result.inline_output_bytes = output.inline_written_bytes;
        } else if (irp->RequestorMode == KernelMode) {
            std::memcpy(reinterpret_cast<void*>(output.user_address), request->system_buffer, bytes);
        } else if (Status copied = memory_.user_memory().copy_to_user(request->process->address_space(), output.user_address,
                                                                      request->system_buffer, bytes);
                   copied.is_failure()) {
            result.status = copied.code();  // the caller's buffer went away: its own error
        }
    }
    if (irp->MdlAddress) unlock_mdls(irp, true);

    // Out of the list before anybody is told: who has seen the end finds nothing to cancel any more.
    if (request->is_in_slot) withdraw(*request);
    if (request->is_listed) delist(*request);
    // "A request that fails at once touches neither status block nor event nor port."
    const bool signals = pended || !Status(result.status).is_error();
    result.write_status_block = signals;
    // Before event, port and APC: who is told looks at it. A synchronous caller's own thread stores it, unless others look.
    const bool others_look = !request->is_synchronous || request->user_event || request->notice;
    if (signals && others_look && request->user_status_block != 0 && request->state.load() == RequestState::completed) {
        IO_STATUS_BLOCK out = {};
        out.Status = result.status;
        out.Information = result.information;
        if (irp->RequestorMode == KernelMode) {
            *reinterpret_cast<IO_STATUS_BLOCK*>(request->user_status_block) = out;
        } else {
            // A block that went away is the caller's loss; the event still comes.
            memory_.user_memory()
                .copy_to_user(request->process->address_space(), request->user_status_block, &out, sizeof(out))
                .ignore();
        }
        result.write_status_block = false;
    }
    FileObject* file = request->file.get();
    if (file && signals) {
        // Requests of one file may end at once, and a driver may look.
        __atomic_store_n(&file->nt()->FinalStatus, result.status, __ATOMIC_RELAXED);
        // FILE_SKIP_SET_EVENT_ON_HANDLE does not hold for calls without OVERLAPPED, which wait on the file themselves.
        const bool is_overlapped = irp->Overlay.AsynchronousParameters.UserApcContext != nullptr || request->user_event;
        if (!is_overlapped || !(file->notification_modes() & FILE_SKIP_SET_EVENT_ON_HANDLE)) file->note_request_finished();
    }
    if (request->user_event && signals) dispatcher_.set_event(*static_cast<PKEVENT>(request->user_event->body()));
    if (request->notice && signals) {
        const bool success_at_once = !pended && Status(result.status).is_success();
        if (!success_at_once || request->notice->wants_success_at_once()) {
            IO_STATUS_BLOCK out = {};
            out.Status = result.status;
            out.Information = result.information;
            CompletionNotice::deliver(std::move(request->notice), out);
        }
    }
    if (request->holds_file_lock) file->release_synchronous();
    release_buffers(*request);
    if (request->owns_references) {
        request->process->pending_request_count.fetch_sub(1, std::memory_order_acq_rel);
        platform::wake_waiters(request->process->pending_request_count);
        request->thread->release();
        request->process->release();
    }
    discard_request(request);
    return result;
}

void IoManager::release_buffers(Request& request) {
    if (request.charged_pages != 0) {
        request.process->address_space().quota()->uncharge(std::exchange(request.charged_pages, 0));
    }
    if (request.system_buffer) memory_.pool().free(std::exchange(request.system_buffer, nullptr), 0);
}

}  // namespace pw::io
