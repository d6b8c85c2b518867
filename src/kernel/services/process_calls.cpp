// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/process_calls.h"

#include "kernel/services/process_services.h"

namespace pw::nt {
namespace {

constexpr std::size_t max_image_name = 64;

}  // namespace

Status serve_call(const Caller& caller, CallFrame& frame, const PwCreateProcessIn& in, PwCreateProcessOut& out) {
    std::string name = io::narrow(decode_text(frame, in.image_name));
    if (name.size() > max_image_name) name.resize(max_image_name);
    ChildHandles handles;
    PW_TRY(create_process(caller,
                          {.image_name = std::move(name),
                           .inherits_handles = in.inherits_handles.value != 0,
                           .is_suspended = in.is_suspended.value != 0,
                           .process_attributes = in.process_attributes,
                           .thread_attributes = in.thread_attributes},
                          &handles));
    out = {.process = {handles.process},
           .thread = {handles.thread},
           .token = handles.token,
           .thread_id = handles.thread_id};
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const PwChildStartedIn& in, PwChildStartedOut&) {
    return caller.kernel.children().started(caller.thread.process(), in.token, in.process_id);
}

Status serve_call(const Caller& caller, CallFrame&, const PwChildEndedIn& in, PwChildEndedOut&) {
    return caller.kernel.children().ended(caller.thread.process(), in.token, in.exit_code);
}

Status serve_call(const Caller& caller, CallFrame&, const PwInheritHandleIn& in, PwInheritHandleOut&) {
    return caller.kernel.children().inherit(caller.thread.process(), in.token, in.handle.value);
}

Status serve_call(const Caller& caller, CallFrame&, const PwQueryProcessIn& in, PwQueryProcessOut& out) {
    ProcessFacts facts;
    PW_TRY(query_process(caller, in.process.value, &facts));
    out = {.process_id = facts.process_id, .exit_code = facts.exit_code};
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const PwExitProcessIn& in, PwExitProcessOut&) {
    caller.thread.owner().set_exit_code(in.exit_code);
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const NtOpenProcessIn& in, NtOpenProcessOut& out) {
    PW_TRY_ASSIGN(out.handle.value, open_process(caller, in.desired_access, in.attributes, in.process_id));
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const NtTerminateProcessIn& in, NtTerminateProcessOut& out) {
    bool ends_itself = false;
    PW_TRY(terminate_process(caller, in.process.value, in.exit_code, &ends_itself));
    out.ends_itself.value = ends_itself;
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const NtOpenThreadIn& in, NtOpenThreadOut& out) {
    PW_TRY_ASSIGN(out.handle.value, open_thread(caller, in.desired_access, in.attributes, in.thread_id));
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const NtSuspendThreadIn& in, NtSuspendThreadOut& out) {
    return suspend_thread(caller, in.thread.value, &out.previous_count, &out.thread_id);
}

Status serve_call(const Caller& caller, CallFrame&, const NtResumeThreadIn& in, NtResumeThreadOut& out) {
    return resume_thread(caller, in.thread.value, &out.previous_count, &out.thread_id);
}

Status serve_call(const Caller& caller, CallFrame&, const PwAwaitResumeIn&, PwAwaitResumeOut&) {
    return caller.thread.await_resume();
}

Status serve_call(const Caller& caller, CallFrame&, const NtTerminateThreadIn& in, NtTerminateThreadOut& out) {
    return terminate_thread(caller, in.thread.value, in.exit_code, &out.thread_id);
}

Status serve_call(const Caller& caller, CallFrame&, const PwThreadPriorityIn& in, PwThreadPriorityOut& out) {
    out.value = in.value;
    return thread_priority(caller, in.thread.value, in.has_value.value != 0, &out.value);
}

Status serve_call(const Caller& caller, CallFrame&, const PwHandleFlagsIn& in, PwHandleFlagsOut& out) {
    out.flags = in.flags;
    return handle_flags(caller, in.handle.value, in.mask, &out.flags);
}

}  // namespace pw::nt
