// SPDX-License-Identifier: Apache-2.0
// Services of processes and threads beyond their creation: opening, suspending, ending, asking; flags of handles.
#pragma once

#include "kernel/services/caller.h"

namespace pw::nt {

struct ChildParameters {
    std::string image_name;
    bool inherits_handles = false;
    bool is_suspended = false;
    ULONG process_attributes = 0;  // OBJ_INHERIT
    ULONG thread_attributes = 0;
};
struct ChildHandles {
    std::uint64_t process = 0;
    std::uint64_t thread = 0;
    std::uint32_t token = 0;
    std::uint32_t thread_id = 0;
};
// STATUS_NOT_SUPPORTED in an embedded kernel, which other processes cannot reach.
[[nodiscard]] Status create_process(const Caller& caller, const ChildParameters& parameters, ChildHandles* handles);

struct ProcessFacts {
    std::uint32_t process_id = 0;
    std::uint32_t exit_code = 0;  // STILL_ACTIVE while it runs
};
[[nodiscard]] Status query_process(const Caller& caller, std::uint64_t process, ProcessFacts* facts);
[[nodiscard]] Result<std::uint64_t> open_process(const Caller& caller, ACCESS_MASK access, ULONG attributes,
                                                 std::uint32_t process_id);
// *ends_itself: the client has to end the process, which has no connection or is the caller.
[[nodiscard]] Status terminate_process(const Caller& caller, std::uint64_t process, std::uint32_t exit_code,
                                       bool* ends_itself);

[[nodiscard]] Result<std::uint64_t> open_thread(const Caller& caller, ACCESS_MASK access, ULONG attributes,
                                                std::uint32_t thread_id);
// *thread_id: of a thread of the caller's process, whose running the client stops and continues; 0: of another process.
[[nodiscard]] Status suspend_thread(const Caller& caller, std::uint64_t thread, std::uint32_t* previous,
                                    std::uint32_t* thread_id);
[[nodiscard]] Status resume_thread(const Caller& caller, std::uint64_t thread, std::uint32_t* previous,
                                   std::uint32_t* thread_id);
// The thread's waits end and its requests are cancelled; the client ends what runs of it. Only for the caller's process.
[[nodiscard]] Status terminate_thread(const Caller& caller, std::uint64_t thread, std::uint32_t exit_code,
                                      std::uint32_t* thread_id);
// The thread's priority relative to its process's, as SetThreadPriority has it; informative. has_value: sets it.
[[nodiscard]] Status thread_priority(const Caller& caller, std::uint64_t thread, bool has_value, std::int32_t* value);

// HANDLE_FLAG_INHERIT, HANDLE_FLAG_PROTECT_FROM_CLOSE. mask 0: asks only.
[[nodiscard]] Status handle_flags(const Caller& caller, std::uint64_t handle, std::uint32_t mask, std::uint32_t* flags);

}  // namespace pw::nt
