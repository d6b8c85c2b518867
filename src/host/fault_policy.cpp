// SPDX-License-Identifier: Apache-2.0
#include "host/fault_policy.h"

#include <cstdio>

#include "exceptions/exceptions.h"
#include "host/driver_loader.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/memory/driver_images.h"
#include "platform/signals.h"

namespace pw::host {
namespace {

// Documented bug checks of faults and unhandled exceptions.
constexpr ULONG irql_not_less_or_equal_driver = 0xD1;
constexpr ULONG page_fault_in_nonpaged_area = 0x50;
constexpr ULONG kmode_exception_not_handled = 0x1E;
constexpr ULONG system_service_exception = 0x3B;
constexpr ULONG system_thread_exception_not_handled = 0x7E;

// The resolvers run before the signal becomes a status.
constexpr std::int32_t bus_signal = static_cast<std::int32_t>(platform::FaultSignal::Bus);

nt::Kernel* kernel_of_faults = nullptr;

// The thread if it runs kernel code now; an application's own code in the same process is none of our business.
ps::Thread* thread_in_kernel() {
    ps::Thread* thread = ps::Thread::current();
    return thread && thread->is_in_kernel() ? thread : nullptr;
}

mm::FaultAccess access_of(const pw_fault_info& fault) {
    if (fault.is_exec) return mm::FaultAccess::execute;
    return fault.is_write ? mm::FaultAccess::write : mm::FaultAccess::read;
}

// Page faults that our own memory management cures: a page being moved, a client's page touched for the first time.
pw_fault_answer resolve(const pw_fault_info* fault, void*) {
    if (!fault->address_known) return PW_FAULT_NOT_MINE;
    if (kernel_of_faults->memory().on_fault(fault->address, access_of(*fault))) return PW_FAULT_RETRY;
    ps::Thread* thread = thread_in_kernel();
    // A page of a mapped file that is gone: an exception, unless the access is one that must not fail.
    if (fault->signal == bus_signal) {
        if (!thread || lock_rank_any_held()) return PW_FAULT_NOT_MINE;
        const bool is_raised = thread->irql() >= DISPATCH_LEVEL;
        return kernel_of_faults->memory().on_lost_page(fault->address, is_raised) ? PW_FAULT_RETRY : PW_FAULT_NOT_MINE;
    }
    if (!thread || thread->irql() >= DISPATCH_LEVEL || !thread->process().has_address_space() || lock_rank_any_held()) {
        return PW_FAULT_NOT_MINE;
    }
    mm::AddressSpace& space = thread->process().address_space();
    if (space.resolve_fault(fault->address, fault->is_write != 0)) return PW_FAULT_RETRY;
    // Guard pages, and memory of the client outside of its slot. Asking for them allocates: only where the fault is a
    // driver's, or under a driver's __try, not somewhere inside of an allocator.
    mm::MemoryManager& memory = kernel_of_faults->memory();
    if (!fault->has_frame && memory.images().image_of(fault->instruction) == 0) return PW_FAULT_NOT_MINE;
    if (space.trip_guard(fault->address)) return PW_FAULT_GUARD_PAGE;
    if (fault->is_exec) return PW_FAULT_NOT_MINE;
    return memory.user_memory().resolve_fault(space, fault->address, fault->is_write != 0) ? PW_FAULT_RETRY : PW_FAULT_NOT_MINE;
}

bool is_system_fault(const pw_fault_info& fault) {
    // An access whose address the processor does not tell is to a non-canonical one; the upper half is the system's on NT.
    constexpr std::uint64_t user_end = 0x7FFFFFFFF000;
    if (fault.status != static_cast<std::uint32_t>(STATUS_ACCESS_VIOLATION)) return false;
    return !fault.address_known || fault.address >= user_end || kernel_of_faults->memory().is_system_address(fault.address);
}

pw_fault_policy decide(const pw_fault_info* fault) {
    ps::Thread* thread = thread_in_kernel();
    if (!thread) return PW_FAULT_DEFAULT;  // an application may have its own __except
    // As in NT only user-range faults below DISPATCH_LEVEL become exceptions; the rest would hide real bugs in __except.
    if (thread->irql() >= DISPATCH_LEVEL || is_system_fault(*fault) || !fault->has_frame) return PW_FAULT_BUG_CHECK;
    return PW_FAULT_DISPATCH;
}

ke::BugCheckContext context_of(const EXCEPTION_POINTERS* pointers) {
    ke::BugCheckContext context;
    if (!pointers || !pointers->ContextRecord) return context;
    context.instruction = reinterpret_cast<const void*>(pointers->ContextRecord->Rip);
    context.frame_pointer = reinterpret_cast<const void*>(pointers->ContextRecord->Rbp);
    return context;
}

[[noreturn]] void unhandled(EXCEPTION_POINTERS* pointers) {
    const ps::Thread* thread = ps::Thread::current();
    const EXCEPTION_RECORD* record = pointers->ExceptionRecord;
    const ke::BugCheckContext context = context_of(pointers);
    const auto code = static_cast<ULONG_PTR>(static_cast<ULONG>(record->ExceptionCode));
    const auto where = reinterpret_cast<ULONG_PTR>(record->ExceptionAddress);
    if (thread && thread->in_dpc()) {
        ke::bug_check(kmode_exception_not_handled, code, where, record->ExceptionInformation[0],
                      record->ExceptionInformation[1], &context);
    }
    ke::bug_check(thread && !thread->owner().is_system() ? system_service_exception : system_thread_exception_not_handled,
                  code, where, reinterpret_cast<ULONG_PTR>(record), reinterpret_cast<ULONG_PTR>(pointers->ContextRecord),
                  &context);
}

void stop_at_fault(const pw_fault_info* fault, EXCEPTION_POINTERS* pointers) {
    const ps::Thread* thread = ps::Thread::current();
    ke::BugCheckContext context = context_of(pointers);
    context.instruction = reinterpret_cast<const void*>(fault->instruction);
    context.fault_address = reinterpret_cast<const void*>(fault->address);
    // A call through a bad pointer: what can be shown is who called.
    std::uint64_t caller = 0;
    if (fault->is_exec && pointers && pointers->ContextRecord &&
        pw_guarded_read64(reinterpret_cast<const void*>(pointers->ContextRecord->Rsp), &caller)) {
        context.instruction = reinterpret_cast<const void*>(caller);
    }
    const ULONG_PTR operation = fault->is_exec ? 8 : fault->is_write ? 1 : 0;
    if (thread->irql() >= DISPATCH_LEVEL && fault->address_known) {
        ke::bug_check(irql_not_less_or_equal_driver, fault->address, thread->irql(), operation, fault->instruction, &context);
    }
    if (is_system_fault(*fault)) {
        ke::bug_check(page_fault_in_nonpaged_area, fault->address, operation, fault->instruction, 0, &context);
    }
    unhandled(pointers);
}

LONG unhandled_exception(EXCEPTION_POINTERS* pointers) {
    if (!thread_in_kernel()) return 0;  // an application's own affair
    unhandled(pointers);
}

std::string current_process_name() {
    const ps::Thread* thread = ps::Thread::current();
    if (!thread) return {};
    return thread->process().image_name() + " (" + std::to_string(thread->process().id()) + ")";
}

}  // namespace

FaultPolicy::FaultPolicy(nt::Kernel& kernel) {
    kernel_of_faults = &kernel;
    ke::set_bug_check_hooks({.current_process = current_process_name, .driver_of = driver_at, .details = nullptr});
    PW_CHECK(pw_fault_add_resolver(PW_FAULT_ORDER_MAPPING, resolve, nullptr));
    pw_seh_set_fault_policy(decide);
    pw_seh_set_bug_check(stop_at_fault);
    pw_seh_set_unhandled(unhandled_exception);
}

FaultPolicy::~FaultPolicy() {
    pw_seh_set_fault_policy(nullptr);
    pw_seh_set_bug_check(nullptr);
    pw_seh_set_unhandled(nullptr);
    pw_fault_remove_resolver(resolve, nullptr);
    ke::set_bug_check_hooks({});
    kernel_of_faults = nullptr;
}

}  // namespace pw::host
