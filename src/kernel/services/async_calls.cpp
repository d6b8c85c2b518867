// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/async_calls.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "kernel/services/apc_services.h"
#include "kernel/services/completion_services.h"
#include "kernel/services/timer_services.h"

namespace pw::nt {
namespace {

Status put(const NamedHandle& named, WireHandle& out) {
    out.value = named.handle;
    return named.status;
}

}  // namespace

Status serve_call(const Caller& caller, CallFrame& frame, const NtCreateIoCompletionIn& in, NtCreateIoCompletionOut& out) {
    PW_TRY_ASSIGN(ObjectName name, decode_name(caller, frame, in.object));
    return put(create_io_completion(caller, name, in.desired_access, in.concurrency), out.handle);
}

Status serve_call(const Caller& caller, CallFrame&, const NtSetIoCompletionIn& in, NtSetIoCompletionOut&) {
    return set_io_completion(caller, in.port.value, {.key = in.key,
                                                     .apc_context = in.apc_context,
                                                     .status = in.status,
                                                     .information = in.information});
}

Status serve_call(const Caller& caller, CallFrame& frame, const NtRemoveIoCompletionExIn& in,
                  NtRemoveIoCompletionExOut& out) {
    if (in.count == 0) return STATUS_INVALID_PARAMETER;
    std::array<io::CompletionPacket, 64> packets;
    const std::size_t most = std::min<std::size_t>(
        {in.count, packets.size(), frame.reply_payload_capacity_bytes / sizeof(WirePacket)});
    const DecodedTimeout timeout(in.timeout);
    const Status status = remove_io_completion(caller, in.port.value, std::span(packets).first(most),
                                               in.alertable.value != 0, timeout.get(), &out.removed);
    for (std::uint32_t i = 0; i < out.removed; ++i) {
        const WirePacket wire{.key = packets[i].key,
                              .apc_context = packets[i].apc_context,
                              .status = packets[i].status,
                              .reserved = 0,
                              .information = packets[i].information};
        std::memcpy(frame.reply_payload + i * sizeof wire, &wire, sizeof wire);
    }
    frame.reply_payload_bytes = out.removed * static_cast<std::uint32_t>(sizeof(WirePacket));
    return status;
}

Status serve_call(const Caller& caller, CallFrame&, const NtCancelSynchronousIoFileIn& in, NtCancelSynchronousIoFileOut&) {
    return cancel_synchronous_io(caller, in.thread.value, in.status_block.value);
}

Status serve_call(const Caller& caller, CallFrame&, const NtQueueApcThreadIn& in, NtQueueApcThreadOut&) {
    return queue_user_apc(caller, in.thread.value,
                          {.kind = static_cast<ps::UserApcKind>(in.kind),
                           .routine = in.routine.value,
                           .arguments = {in.argument1, in.argument2, in.argument3}});
}

Status serve_call(const Caller& caller, CallFrame&, const PwTakeUserApcIn&, PwTakeUserApcOut& out) {
    ps::UserApc apc;
    PW_TRY(take_user_apc(caller, &apc));
    out = {.kind = static_cast<std::uint32_t>(apc.kind),
           .routine = {apc.routine},
           .argument1 = apc.arguments[0],
           .argument2 = apc.arguments[1],
           .argument3 = apc.arguments[2]};
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const NtSignalAndWaitForSingleObjectIn& in,
                  NtSignalAndWaitForSingleObjectOut&) {
    const DecodedTimeout timeout(in.timeout);
    return signal_and_wait(caller, in.signal.value, in.wait.value, in.alertable.value != 0, timeout.get());
}

Status serve_call(const Caller& caller, CallFrame& frame, const NtCreateTimerIn& in, NtCreateTimerOut& out) {
    PW_TRY_ASSIGN(ObjectName name, decode_name(caller, frame, in.object));
    return put(create_timer(caller, name, in.desired_access, static_cast<TIMER_TYPE>(in.timer_type)), out.handle);
}

Status serve_call(const Caller& caller, CallFrame& frame, const NtOpenTimerIn& in, NtOpenTimerOut& out) {
    PW_TRY_ASSIGN(ObjectName name, decode_name(caller, frame, in.object));
    PW_TRY_ASSIGN(out.handle.value, open_by_name(caller, name, ob::timer_type, in.desired_access));
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const NtSetTimerIn& in, NtSetTimerOut& out) {
    LARGE_INTEGER due_time;
    due_time.QuadPart = in.due_time_100ns;
    bool was_set = false;
    PW_TRY(set_timer(caller, in.timer.value, due_time, in.period_ms, &was_set,
                     {.routine = in.apc_routine.value, .context = in.apc_context.value}));
    out.previous_state.value = was_set;
    // A success: the timer is set, but no machine wakes for it.
    return in.resume.value ? STATUS_TIMER_RESUME_IGNORED : STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const NtCancelTimerIn& in, NtCancelTimerOut& out) {
    bool is_signalled = false;
    PW_TRY(cancel_timer(caller, in.timer.value, &is_signalled));
    out.current_state.value = is_signalled;
    return STATUS_SUCCESS;
}

}  // namespace pw::nt
