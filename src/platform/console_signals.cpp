// SPDX-License-Identifier: Apache-2.0
#include "platform/console_signals.h"

#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

#include "platform/application_thread.h"

namespace pw::platform {
namespace {

constexpr std::array numbers{SIGINT, SIGQUIT, SIGHUP, SIGTERM};

sem_t arrivals;
std::array<std::atomic<unsigned>, numbers.size()> arrived{};
void (*on_signal)(ConsoleSignal) = nullptr;

void note(int number) {
    const int kept = errno;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i] == number) arrived[i].fetch_add(1, std::memory_order_relaxed);
    }
    ::sem_post(&arrivals);
    errno = kept;
}

void take(void*) {
    while (true) {
        while (::sem_wait(&arrivals) != 0) {
        }
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (arrived[i].load() == 0) continue;
            arrived[i].fetch_sub(1);
            on_signal(static_cast<ConsoleSignal>(i));
            break;
        }
    }
}

}  // namespace

bool take_console_signals(void (*taken)(ConsoleSignal)) {
    on_signal = taken;
    if (::sem_init(&arrivals, 0, 0) != 0 || !start_application_thread(take, nullptr, 0)) return false;
    struct sigaction action = {};
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    for (const int number : numbers) {
        struct sigaction before = {};
        ::sigaction(number, nullptr, &before);
        if (before.sa_handler != SIG_IGN) ::sigaction(number, &action, nullptr);
    }
    return true;
}

void default_console_signal(ConsoleSignal signal) {
    const int number = numbers[static_cast<std::size_t>(signal)];
    ::signal(number, SIG_DFL);
    ::kill(::getpid(), number);
}

void ignore_interrupts(bool ignore) {
    static struct sigaction before = {};
    static bool ignoring = false;
    if (ignoring == ignore) return;
    ignoring = ignore;
    struct sigaction ignored = {};
    ignored.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, ignore ? &ignored : &before, ignore ? &before : nullptr);
}

}  // namespace pw::platform
