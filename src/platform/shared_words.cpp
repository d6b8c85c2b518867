// SPDX-License-Identifier: Apache-2.0
#include "platform/shared_words.h"

#include <cerrno>
#include <climits>
#include <ctime>

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

namespace pw::platform {
namespace {

// The kernel's struct futex_waitv (Linux 5.16), declared here because older headers lack it.
struct WaitEntry {
    std::uint64_t value;
    std::uint64_t address;
    std::uint32_t flags;
    std::uint32_t reserved;
};
constexpr std::uint32_t word_is_32_bits = 2;
constexpr std::uint32_t word_is_private = 128;

constexpr long fallback_poll_ns = 10'000'000;

std::atomic<bool> waitv_is_missing{false};

std::uint64_t address_of(const SharedWord& word) { return reinterpret_cast<std::uint64_t>(&word); }

long futex(const SharedWord& word, int operation, std::uint32_t value, const timespec* timeout) {
    return ::syscall(SYS_futex, &word, operation, value, timeout, nullptr, 0);
}

std::uint64_t clock_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint64_t measure_time_stamps_per_us() {
    constexpr std::uint64_t sample_ns = 200'000;
    const std::uint64_t start_ns = clock_ns();
    const std::uint64_t start = time_stamp();
    std::uint64_t elapsed_ns = 0;
    while (elapsed_ns < sample_ns) elapsed_ns = clock_ns() - start_ns;
    const std::uint64_t ticks = time_stamp() - start;
    const std::uint64_t per_us = ticks * 1000 / elapsed_ns;
    return per_us == 0 ? 1 : per_us;
}

}  // namespace

void wake_shared(const SharedWord& word) { futex(word, FUTEX_WAKE, INT_MAX, nullptr); }
void wake_private(const SharedWord& word) { futex(word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT_MAX, nullptr); }

void sleep_on_either(const SharedWord& shared, std::uint32_t shared_old, const SharedWord& own, std::uint32_t own_old) {
    if (!waitv_is_missing.load(std::memory_order_relaxed)) {
        const WaitEntry entries[2] = {
            {shared_old, address_of(shared), word_is_32_bits, 0},
            {own_old, address_of(own), word_is_32_bits | word_is_private, 0},
        };
        if (::syscall(SYS_futex_waitv, entries, 2u, 0u, nullptr, CLOCK_MONOTONIC) >= 0) return;
        if (errno != ENOSYS && errno != EPERM) return;
        waitv_is_missing.store(true, std::memory_order_relaxed);
    }
    if (own.load(std::memory_order_acquire) != own_old) return;
    const timespec limit{0, fallback_poll_ns};
    futex(shared, FUTEX_WAIT, shared_old, &limit);
}

void sleep_on_private(const SharedWord& word, std::uint32_t old, std::int64_t timeout_ns) {
    const timespec limit{static_cast<time_t>(timeout_ns / 1'000'000'000), static_cast<long>(timeout_ns % 1'000'000'000)};
    futex(word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, old, timeout_ns < 0 ? nullptr : &limit);
}

std::uint64_t time_stamps_per_us() {
    static const std::uint64_t value = measure_time_stamps_per_us();
    return value;
}

std::uint32_t current_processor() {
    const int processor = ::sched_getcpu();
    return processor < 0 ? 0u : static_cast<std::uint32_t>(processor);
}

std::uint32_t current_thread_id() { return static_cast<std::uint32_t>(::syscall(SYS_gettid)); }

unsigned online_processors() {
    const long count = ::sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1u : static_cast<unsigned>(count);
}

}  // namespace pw::platform
