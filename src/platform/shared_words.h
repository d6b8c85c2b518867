// SPDX-License-Identifier: Apache-2.0
// Words in memory that two processes share: sleeping on them, waking, and what a spin loop needs.
#pragma once

#include <atomic>
#include <cstdint>

namespace pw::platform {

using SharedWord = std::atomic<std::uint32_t>;
static_assert(SharedWord::is_always_lock_free && sizeof(SharedWord) == 4);

// Wakes every thread of any process that sleeps on the word. The mapping may be read-only.
void wake_shared(const SharedWord& word);
// The same for a word that only this process sleeps on.
void wake_private(const SharedWord& word);

// Sleeps until `shared` differs from `shared_old` or `own` from `own_old`, or a wake; spurious returns happen. `shared` may
// lie in a read-only mapping and be woken by another process, `own` by this process only. Uses no processor time; where
// the kernel cannot wait on two words (before Linux 5.16), it looks at `own` every few milliseconds.
void sleep_on_either(const SharedWord& shared, std::uint32_t shared_old, const SharedWord& own, std::uint32_t own_old);
// Sleeps until the private word differs; spurious returns happen. A negative timeout means for ever.
void sleep_on_private(const SharedWord& word, std::uint32_t old, std::int64_t timeout_ns = -1);

// Tells the processor that this is a spin loop.
inline void spin_pause() { __builtin_ia32_pause(); }
// The processor's time stamp counter: one clock for all processors of the machines that this runs on.
inline std::uint64_t time_stamp() { return __builtin_ia32_rdtsc(); }
// How many time stamp ticks a microsecond has; measured once (takes about 0.2 ms).
[[nodiscard]] std::uint64_t time_stamps_per_us();

// The processor that the calling thread runs on at this moment. No system call where the C library has rseq.
[[nodiscard]] std::uint32_t current_processor();
// The system's number of the calling thread.
[[nodiscard]] std::uint32_t current_thread_id();
// How many processors the machine has; not how many this process may use: its peers may be pinned to others.
[[nodiscard]] unsigned online_processors();

}  // namespace pw::platform
