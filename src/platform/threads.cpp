// SPDX-License-Identifier: Apache-2.0
#include "platform/threads.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <new>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "platform/clock.h"
#include "platform/fault_injection.h"
#include "platform/futex.h"

namespace pw::platform {
namespace {

struct Start {
    void (*routine)(void*);
    void* argument;
    char name[16];
};

void* run(void* raw) {
    const Start start = *static_cast<Start*>(raw);
    delete static_cast<Start*>(raw);
    ::pthread_setname_np(::pthread_self(), start.name);
    start.routine(start.argument);
    return nullptr;
}

void ordinary_signals(sigset_t* set) {
    ::sigfillset(set);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) ::sigdelset(set, fault);
}

}  // namespace

bool start_detached_thread(const char* name, void (*routine)(void*), void* argument) {
    if (step_fails(FailurePoint::thread)) return false;
    auto* start = new (std::nothrow) Start{routine, argument, {}};
    if (!start) return false;
    // The thread names itself: its handle may be gone, with its stack, before pthread_create returns here.
    std::strncpy(start->name, name, sizeof start->name - 1);
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0) {
        delete start;
        return false;
    }
    ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // The new thread inherits the mask, so it never runs with these signals open.
    sigset_t set;
    sigset_t before;
    ordinary_signals(&set);
    ::pthread_sigmask(SIG_BLOCK, &set, &before);
    pthread_t handle;
    const bool started = ::pthread_create(&handle, &attributes, run, start) == 0;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_attr_destroy(&attributes);
    if (!started) {
        delete start;
        return false;
    }
    return true;
}

bool wait_while_equal(const std::atomic<std::uint32_t>& word, std::uint32_t value, std::int64_t timeout_ns) {
    const SleepDeadline deadline =
        timeout_ns < 0 ? SleepDeadline::never() : SleepDeadline::at_monotonic(monotonic_time_ns() + timeout_ns);
    while (word.load(std::memory_order_acquire) == value) {
        if (!futex_wait(&word, value, deadline)) return word.load(std::memory_order_acquire) != value;
    }
    return true;
}

void wake_waiters(const std::atomic<std::uint32_t>& word) { futex_wake(&word, wake_all); }

void yield_thread() { ::sched_yield(); }

std::uint32_t os_thread_id() {
    static thread_local const std::uint32_t id = static_cast<std::uint32_t>(::gettid());
    return id;
}

namespace {

// The mapping that holds an address of a stack that the thread library does not know: one of the arena's.
StackLimits mapping_around(std::uintptr_t address) {
    std::FILE* maps = std::fopen("/proc/self/maps", "re");
    if (!maps) return {};
    StackLimits found;
    char line[512];
    while (std::fgets(line, sizeof(line), maps)) {
        StackLimits range;
        if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &range.low, &range.high) != 2) continue;
        if (address >= range.low && address < range.high) found = range;
    }
    std::fclose(maps);
    return found;
}

}  // namespace

StackLimits stack_limits() {
    thread_local StackLimits limits;
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (here >= limits.low && here < limits.high) return limits;
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) == 0) {
        void* low = nullptr;
        std::size_t bytes = 0;
        ::pthread_attr_getstack(&attributes, &low, &bytes);
        ::pthread_attr_destroy(&attributes);
        limits.low = reinterpret_cast<std::uintptr_t>(low);
        limits.high = limits.low + bytes;
    }
    if (here < limits.low || here >= limits.high) limits = mapping_around(here);
    return limits;
}

}  // namespace pw::platform
