// SPDX-License-Identifier: Apache-2.0
#include "win32_api/child_reaper.h"

#include <csignal>
#include <memory>
#include <vector>

#include "base/lock.h"
#include "platform/threads.h"
#include "win32_api/pw_process_calls.h"
#include "win32_api/runtime/internal_threads.h"
#include "win32_api/runtime/runtime.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {
namespace {

struct Child {
    int process_id;
    std::uint32_t token;
};

// Those that nobody has waited for: their numbers are theirs.
struct Running {
    Mutex lock{LockRank::leaf};
    std::vector<int> ids PW_GUARDED_BY(lock);
};
Running& running() {
    static Running* const instance = new Running;
    return *instance;
}

// What Windows gives as the exit code of a program that a fault ended.
std::uint32_t exit_code_of(const platform::ProgramEnd& end) {
    if (!end.by_signal) return static_cast<std::uint32_t>(end.value);
    switch (end.value) {
        case SIGSEGV:
        case SIGBUS: return static_cast<std::uint32_t>(STATUS_ACCESS_VIOLATION);
        case SIGILL: return static_cast<std::uint32_t>(STATUS_ILLEGAL_INSTRUCTION);
        case SIGFPE: return static_cast<std::uint32_t>(STATUS_INTEGER_DIVIDE_BY_ZERO);
        case SIGTRAP: return static_cast<std::uint32_t>(STATUS_BREAKPOINT);
        case SIGINT: return static_cast<std::uint32_t>(STATUS_CONTROL_C_EXIT);
        case SIGABRT: return 3;
        default: return 1;
    }
}

void wait_for(const std::unique_ptr<Child>& child) {
    const platform::ProgramEnd end = platform::wait_for_program(child->process_id);
    {
        MutexLock lock(running().lock);
        std::erase(running().ids, child->process_id);
    }
    pw_child_ended(child->token, exit_code_of(end));
}

void reaper_main(void* raw) {
    wait_for(std::unique_ptr<Child>(static_cast<Child*>(raw)));
    detach_thread();
}

}  // namespace

LONG start_child(const platform::ProgramStart& start, std::uint32_t token, DWORD* process_id, LONG (*error_of)(int error)) {
    auto child = std::make_unique<Child>(Child{-1, token});
    const int error = platform::start_program(start, &child->process_id);
    if (error != 0) {
        pw_child_ended(token, 1);
        return error_of(error);
    }
    *process_id = static_cast<DWORD>(child->process_id);
    pw_child_started(token, *process_id);
    {
        MutexLock lock(running().lock);
        running().ids.push_back(child->process_id);
    }
    const InternalThreadScope internal;
    if (platform::start_detached_thread("pw-child", reaper_main, child.get())) {
        child.release();
        return ERROR_SUCCESS;
    }
    platform::kill_program(child->process_id);
    wait_for(child);
    return ERROR_NOT_ENOUGH_MEMORY;
}

bool kill_child(DWORD process_id) {
    MutexLock lock(running().lock);
    for (const int id : running().ids) {
        if (static_cast<DWORD>(id) != process_id) continue;
        platform::kill_program(id);
        return true;
    }
    return false;
}

}  // namespace pw::win32
