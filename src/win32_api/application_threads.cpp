// SPDX-License-Identifier: Apache-2.0
#include "win32_api/application_threads.h"

#include <setjmp.h>

#include <atomic>
#include <memory>
#include <new>

#include "exceptions/exceptions.h"
#include "platform/application_thread.h"
#include "platform/process_end.h"
#include "platform/process_identity.h"
#include "platform/threads.h"
#include "win32_api/pw_calls.h"
#include "win32_api/pw_process_calls.h"
#include "win32_api/runtime/runtime.h"
#include "win32_api/thread_control.h"
#include "win32_api/user_apc.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {
namespace {

constexpr SIZE_T default_stack_bytes = 8u << 20;
constexpr SIZE_T least_stack_bytes = 256u << 10;

struct ThreadStart {
    LPTHREAD_START_ROUTINE routine;
    LPVOID parameter;
    std::uint64_t token;
    HANDLE handle_to_close;
    DWORD thread_id;
    bool is_suspended;
};

// The way out of a thread that we started, for ExitThread.
struct ThreadBase {
    jmp_buf environment;
    DWORD exit_code = 0;
};
thread_local constinit ThreadBase* t_base = nullptr;
thread_local constinit DWORD t_thread_id = 0;

// The main thread and those that we started. Threads of other makers (std::thread) do not keep the process alive once
// these are gone.
constinit std::atomic<unsigned> live_threads{1};

// Windows ends a process with its last thread, with that thread's exit code.
void thread_is_gone(DWORD exit_code) {
    if (live_threads.fetch_sub(1) == 1) ExitProcess(exit_code);
}

// Returns the exit code, whether the routine returned or called ExitThread.
DWORD run_routine(const ThreadStart& start) {
    ThreadBase base;
    t_base = &base;
    // A jump comes back here with the base's code set; nothing that it skips is used below.
    if (setjmp(base.environment) == 0) base.exit_code = start.routine(start.parameter);
    t_base = nullptr;
    // Frames of __try blocks that ExitThread left lie in dead stack.
    static_cast<void>(pw_seh_exchange_frames(nullptr));
    return base.exit_code;
}

void thread_main(void* raw) {
    const std::unique_ptr<ThreadStart> start(static_cast<ThreadStart*>(raw));
    set_thread_token(start->token);
    ThreadPort* const port = thread_port();  // from now on it is the kernel's thread of the handle
    t_thread_id = start->thread_id;
    ThreadControl::enlist(start->thread_id, port);
    if (start->is_suspended) pw_await_resume();
    deliver_user_apcs();  // "If an APC is queued before the thread begins, the thread begins by calling it."
    const DWORD exit_code = run_routine(*start);
    ThreadControl::delist();
    if (start->handle_to_close != nullptr) NtClose(start->handle_to_close);
    pw_exit_thread(exit_code);
    detach_thread();
    thread_is_gone(exit_code);
}

SIZE_T wanted_stack_bytes(const ThreadRequest& request) {
    if (request.stack_bytes == 0) return 0;
    // Without the flag the size is what is committed at first; the reservation stays the default, or grows to hold it.
    if ((request.flags & STACK_SIZE_PARAM_IS_A_RESERVATION) == 0 && request.stack_bytes <= default_stack_bytes) return 0;
    constexpr SIZE_T page_mask = 4095;
    const SIZE_T bytes = request.stack_bytes < least_stack_bytes ? least_stack_bytes : request.stack_bytes;
    return (bytes + page_mask) & ~page_mask;
}

bool is_main_thread() { return platform::os_thread_id() == platform::process_id(); }

}  // namespace

HANDLE start_thread(const ThreadRequest& request, DWORD* thread_id) {
    constexpr DWORD known_flags = CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION;
    if (request.routine == nullptr || (request.flags & ~known_flags) != 0) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    HANDLE handle = nullptr;
    std::uint64_t token = 0;
    ULONG id = 0;
    const NTSTATUS status = pw_create_thread(THREAD_ALL_ACCESS, &handle, &token, &id);
    if (!bool_of(status)) return nullptr;
    const bool is_suspended = (request.flags & CREATE_SUSPENDED) != 0;
    ULONG previous = 0;
    ULONG flags = HANDLE_FLAG_INHERIT;
    ULONG own_id = 0;
    if ((is_suspended && !bool_of(pw_suspend_thread(handle, &previous, &own_id))) ||
        (request.inherit_handle && !bool_of(pw_handle_flags(handle, HANDLE_FLAG_INHERIT, &flags)))) {
        NtClose(handle);
        return nullptr;
    }
    auto* start = new (std::nothrow) ThreadStart{
        request.routine, request.parameter, token, request.close_handle_at_end ? handle : nullptr, id, is_suspended};
    // The new thread may be done before this one goes on: what the caller wants to know is stored first.
    if (thread_id != nullptr) *thread_id = id;
    live_threads.fetch_add(1);
    if (start == nullptr || !platform::start_application_thread(thread_main, start, wanted_stack_bytes(request))) {
        live_threads.fetch_sub(1);
        delete start;
        NtClose(handle);
        fail(ERROR_NOT_ENOUGH_MEMORY);
        return nullptr;
    }
    return handle;
}

void end_this_thread(DWORD exit_code) {
    if (t_base != nullptr) {
        t_base->exit_code = exit_code;
        longjmp(t_base->environment, 1);
    }
    ThreadControl::delist();
    pw_exit_thread(exit_code);
    detach_thread();
    // Of the main thread the rest of the program may use the stack (argv, locals): it stays, and sleeps.
    if (is_main_thread()) thread_is_gone(exit_code);
    platform::park_for_ever();
}

bool end_other_thread(DWORD thread_id, DWORD exit_code) {
    const std::shared_ptr<ThreadControl> control = ThreadControl::find(thread_id);
    return control != nullptr && control->terminate([](std::uint32_t code) { thread_is_gone(code); }, exit_code);
}

DWORD this_thread_id() {
    if (t_thread_id != 0) return t_thread_id;
    ULONG exit_code = 0;
    ULONG id = 0;
    // Without a kernel nobody else has a number for this thread.
    if (!NT_SUCCESS(pw_query_thread(NtCurrentThread(), &exit_code, &id))) return platform::os_thread_id();
    t_thread_id = id;
    ThreadControl::enlist(id, thread_port());
    return id;
}

}  // namespace pw::win32
