// SPDX-License-Identifier: Apache-2.0
#include "platform/threads.h"

#include <cstring>
#include <new>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "platform/clock.h"
#include "platform/futex.h"

namespace pw::platform {
namespace {

struct Start {
    void (*routine)(void*);
    void* argument;
};

void* run(void* raw) {
    const Start start = *static_cast<Start*>(raw);
    delete static_cast<Start*>(raw);
    start.routine(start.argument);
    return nullptr;
}

void ordinary_signals(sigset_t* set) {
    ::sigfillset(set);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) ::sigdelset(set, fault);
}

}  // namespace

bool start_detached_thread(const char* name, void (*routine)(void*), void* argument) {
    auto* start = new (std::nothrow) Start{routine, argument};
    if (!start) return false;
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
    char short_name[16] = {};
    std::strncpy(short_name, name, sizeof short_name - 1);
    ::pthread_setname_np(handle, short_name);
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

}  // namespace pw::platform
