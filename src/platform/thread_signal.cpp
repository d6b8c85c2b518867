// SPDX-License-Identifier: Apache-2.0
#include "platform/thread_signal.h"

#include <atomic>
#include <cerrno>

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pw::platform {
namespace {

std::atomic<void (*)()> thread_handler{nullptr};

int signal_number() { return SIGRTMIN + 9; }

void on_signal(int) {
    const int saved = errno;
    if (auto* const handler = thread_handler.load(std::memory_order_acquire)) handler();
    errno = saved;
}

}  // namespace

void install_thread_signal(void (*handler)()) {
    void (*none)() = nullptr;
    if (!thread_handler.compare_exchange_strong(none, handler)) return;
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal_number(), &action, nullptr);
}

bool send_thread_signal(std::uint32_t os_thread_id) {
    return ::syscall(SYS_tgkill, ::getpid(), static_cast<pid_t>(os_thread_id), signal_number()) == 0;
}

}  // namespace pw::platform
