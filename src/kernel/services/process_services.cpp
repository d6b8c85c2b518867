// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/process_services.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK process_terminate = 0x0001;
constexpr ACCESS_MASK process_query_information = 0x0400;
constexpr ACCESS_MASK process_query_limited = 0x1000;
constexpr ACCESS_MASK process_all_access = 0x001FFFFF;
constexpr ACCESS_MASK thread_all_access = 0x001FFFFF;
constexpr ACCESS_MASK thread_terminate = 0x0001;
constexpr ACCESS_MASK thread_suspend_resume = 0x0002;
constexpr ACCESS_MASK thread_set_information = 0x0020;
constexpr std::uint32_t flag_inherit = 1;
constexpr std::uint32_t flag_protect_from_close = 2;

}  // namespace

Status create_process(const Caller& caller, const ChildParameters& p, ChildHandles* handles) {
    if (!caller.kernel.has_remote_clients()) return STATUS_NOT_SUPPORTED;
    ps::Process& parent = caller.thread.process();
    PW_TRY_ASSIGN(ChildProcesses::Announced child, caller.kernel.children().announce(parent, p.image_name, p.inherits_handles,
                                                                                   p.is_suspended));
    Status status = STATUS_SUCCESS;
    auto process = caller.open_handle(*child.process, process_all_access, p.process_attributes);
    if (!process) {
        status = process.status();
    } else if (auto thread = caller.open_handle(*child.thread, thread_all_access, p.thread_attributes)) {
        *handles = {.process = *process, .thread = *thread, .token = child.token, .thread_id = child.thread->id()};
        return STATUS_SUCCESS;
    } else {
        status = thread.status();
        caller.close_handle(*process).ignore();
    }
    caller.kernel.children().ended(parent, child.token, 1).ignore();
    return status;
}

Status query_process(const Caller& caller, std::uint64_t handle, ProcessFacts* facts) {
    ob::HandleGrant grant;
    PW_TRY_ASSIGN(auto object, caller.reference(handle, &ob::process_type, 0, &grant));
    if (caller.mode == UserMode && !(grant.access & (process_query_information | process_query_limited))) {
        return STATUS_ACCESS_DENIED;
    }
    auto& process = static_cast<ps::Process&>(*object);
    *facts = {.process_id = process.id(), .exit_code = process.exit_code()};
    return STATUS_SUCCESS;
}

Result<std::uint64_t> open_process(const Caller& caller, ACCESS_MASK access, ULONG attributes, std::uint32_t process_id) {
    Ref<ps::Process> process = caller.kernel.processes().find_process(process_id);
    if (!process) return STATUS_INVALID_CID;
    // The System process is nobody's to open, as on Windows.
    if (process->is_system() && caller.mode == UserMode) return STATUS_ACCESS_DENIED;
    // SeDebugPrivilege opens every other one.
    if (caller.thread.process().token().subject().has(se::Privilege::debug)) {
        return caller.open_handle(*process, ob::map_access(ob::process_type, access), attributes);
    }
    PW_TRY_ASSIGN(const ACCESS_MASK granted, caller.grant(*process, access, attributes));
    return caller.open_handle(*process, granted, attributes);
}

Status terminate_process(const Caller& caller, std::uint64_t handle, std::uint32_t exit_code, bool* ends_itself) {
    PW_TRY_ASSIGN(auto process, caller.reference_as<ps::Process>(handle, process_terminate));
    if (process->is_system()) return STATUS_ACCESS_DENIED;
    if (process->state() == ps::ProcessState::gone) return STATUS_PROCESS_IS_TERMINATING;
    process->set_exit_code(exit_code);
    *ends_itself = process.get() == &caller.thread.process() || !process->kill();
    return STATUS_SUCCESS;
}

Result<std::uint64_t> open_thread(const Caller& caller, ACCESS_MASK access, ULONG attributes, std::uint32_t thread_id) {
    Ref<ps::Thread> thread = caller.kernel.processes().find_thread(thread_id);
    if (!thread) return STATUS_INVALID_CID;
    if (thread->owner().is_system() && caller.mode == UserMode) return STATUS_ACCESS_DENIED;
    PW_TRY_ASSIGN(const ACCESS_MASK granted, caller.grant(*thread, access, attributes));
    return caller.open_handle(*thread, granted, attributes);
}

Status suspend_thread(const Caller& caller, std::uint64_t handle, std::uint32_t* previous, std::uint32_t* thread_id) {
    PW_TRY_ASSIGN(auto thread, caller.reference_as<ps::Thread>(handle, thread_suspend_resume));
    if (thread->has_exited()) return STATUS_THREAD_IS_TERMINATING;
    // What runs in another process we cannot stop.
    if (&thread->owner() != &caller.thread.process()) return STATUS_NOT_SUPPORTED;
    PW_TRY_ASSIGN(*previous, thread->suspend());
    *thread_id = thread->id();
    return STATUS_SUCCESS;
}

Status resume_thread(const Caller& caller, std::uint64_t handle, std::uint32_t* previous, std::uint32_t* thread_id) {
    PW_TRY_ASSIGN(auto thread, caller.reference_as<ps::Thread>(handle, thread_suspend_resume));
    *previous = thread->resume();
    *thread_id = &thread->owner() == &caller.thread.process() ? thread->id() : 0;
    return STATUS_SUCCESS;
}

Status terminate_thread(const Caller& caller, std::uint64_t handle, std::uint32_t exit_code, std::uint32_t* thread_id) {
    PW_TRY_ASSIGN(auto thread, caller.reference_as<ps::Thread>(handle, thread_terminate));
    if (thread->has_exited()) return STATUS_SUCCESS;
    if (&thread->owner() != &caller.thread.process()) return STATUS_NOT_SUPPORTED;
    thread->set_exit_code(exit_code);
    *thread_id = thread->id();
    if (thread.get() == &caller.thread) return STATUS_SUCCESS;  // it ends by itself
    thread->request_termination();
    caller.kernel.io().cancel_thread_requests(*thread);
    return STATUS_SUCCESS;
}

Status thread_priority(const Caller& caller, std::uint64_t handle, bool has_value, std::int32_t* value) {
    PW_TRY_ASSIGN(auto thread, caller.reference_as<ps::Thread>(handle, has_value ? thread_set_information : 0));
    if (has_value) {
        thread->relative_priority.store(*value, std::memory_order_relaxed);
    } else {
        *value = thread->relative_priority.load(std::memory_order_relaxed);
    }
    return STATUS_SUCCESS;
}

Status handle_flags(const Caller& caller, std::uint64_t handle, std::uint32_t mask, std::uint32_t* flags) {
    if (mask & ~(flag_inherit | flag_protect_from_close)) return STATUS_INVALID_PARAMETER;
    const auto attributes_of = [](std::uint32_t bits) {
        return ((bits & flag_inherit) ? ULONG{OBJ_INHERIT} : 0u) |
               ((bits & flag_protect_from_close) ? ULONG{ob::handle_protect_close} : 0u);
    };
    std::uint64_t value = handle;
    ob::HandleTable& table = caller.table_of(&value);
    PW_TRY_ASSIGN(const ULONG attributes, table.change_attributes(value, attributes_of(mask), attributes_of(*flags)));
    *flags = ((attributes & OBJ_INHERIT) ? flag_inherit : 0u) |
             ((attributes & ob::handle_protect_close) ? flag_protect_from_close : 0u);
    return STATUS_SUCCESS;
}

}  // namespace pw::nt
