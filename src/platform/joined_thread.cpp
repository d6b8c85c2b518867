// SPDX-License-Identifier: Apache-2.0
#include "platform/joined_thread.h"

#include <cstring>
#include <type_traits>
#include <utility>

#include <pthread.h>
#include <signal.h>

#include "platform/fault_injection.h"

namespace pw::platform {
namespace {

static_assert(std::is_same_v<pthread_t, unsigned long>);

void ordinary_signals(sigset_t* set) {
    sigfillset(set);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigdelset(set, fault);
}

void* run_body(void* body) {
    (*static_cast<std::function<void()>*>(body))();
    return nullptr;
}

}  // namespace

void block_ordinary_signals() {
    sigset_t set;
    ordinary_signals(&set);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

bool JoinedThread::start(const char* name, std::function<void()> body, std::size_t stack_bytes) {
    join();
    if (step_fails(FailurePoint::thread)) return false;
    body_ = std::move(body);
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0) return false;
    if (stack_bytes != 0) ::pthread_attr_setstacksize(&attributes, stack_bytes);
    // The new thread inherits the mask, so it never runs with these signals open.
    sigset_t set;
    sigset_t before;
    ordinary_signals(&set);
    ::pthread_sigmask(SIG_BLOCK, &set, &before);
    running_ = ::pthread_create(&handle_, &attributes, run_body, &body_) == 0;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_attr_destroy(&attributes);
    if (running_) {
        char short_name[16] = {};
        std::strncpy(short_name, name, sizeof short_name - 1);
        ::pthread_setname_np(handle_, short_name);
    }
    return running_;
}

void JoinedThread::join() {
    if (!running_) return;
    ::pthread_join(handle_, nullptr);
    running_ = false;
}

}  // namespace pw::platform
