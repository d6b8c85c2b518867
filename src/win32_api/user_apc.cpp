// SPDX-License-Identifier: Apache-2.0
#include "win32_api/user_apc.h"

#include "kernel/services/syscall.h"
#include "win32_api/system_call.h"

namespace pw::win32 {
namespace {

// As ps::UserApcKind has them.
constexpr std::uint32_t native_kind = 0;
constexpr std::uint32_t function_kind = 1;
constexpr std::uint32_t timer_kind = 2;

void run(const nt::PwTakeUserApcOut& apc) {
    void* const routine = pointer_of(apc.routine);
    void* const first = reinterpret_cast<void*>(apc.argument1);
    switch (apc.kind) {
        case native_kind:
            // Of an I/O routine the last argument is a ULONG, of a driver's KAPC a pointer.
            reinterpret_cast<void (*)(void*, void*, void*)>(routine)(first, reinterpret_cast<void*>(apc.argument2),
                                                                     reinterpret_cast<void*>(apc.argument3));
            return;
        case function_kind:
            reinterpret_cast<void (*)(ULONG_PTR)>(routine)(apc.argument1);
            return;
        case timer_kind:
            reinterpret_cast<PTIMER_APC_ROUTINE>(routine)(first, static_cast<ULONG>(apc.argument2),
                                                          static_cast<LONG>(apc.argument3));
            return;
        default:
            return;
    }
}

NTSTATUS queue(HANDLE thread, std::uint32_t kind, const void* routine, std::uint64_t argument1, std::uint64_t argument2) {
    PW_SYSTEM_CALL(NtQueueApcThread);
    call.in.thread = wire_handle(thread);
    call.in.kind = kind;
    call.in.routine = wire_address(routine);
    call.in.argument1 = argument1;
    call.in.argument2 = argument2;
    return call.invoke();
}

}  // namespace

void deliver_user_apcs() {
    while (true) {
        nt::PwTakeUserApcOut apc;
        {
            SystemCall<nt::PwTakeUserApcIn> call;
            if (!call.has_port()) return;
            const NTSTATUS status = call.invoke();
            if (status == STATUS_THREAD_IS_TERMINATING) ThreadControl::await_end();
            if (!NT_SUCCESS(status)) return;
            apc = call.out;
        }
        run(apc);
    }
}

NTSTATUS queue_function_apc(HANDLE thread, void (*routine)(ULONG_PTR), ULONG_PTR argument) {
    return queue(thread, function_kind, reinterpret_cast<const void*>(routine), argument, 0);
}

NTSTATUS queue_io_apc(PIO_APC_ROUTINE routine, PVOID context, PIO_STATUS_BLOCK block) {
    return queue(NtCurrentThread(), native_kind, reinterpret_cast<const void*>(routine),
                 reinterpret_cast<std::uint64_t>(context), reinterpret_cast<std::uint64_t>(block));
}

}  // namespace pw::win32
