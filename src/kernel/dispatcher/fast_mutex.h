// SPDX-License-Identifier: Apache-2.0
// Fast and guarded mutexes: one structure, not recursive; a fast mutex raises to APC_LEVEL, a guarded one disables APCs.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

void initialize_fast_mutex(FAST_MUTEX& mutex);

// IRQL <= APC_LEVEL. Bug checks: MUTEX_ALREADY_OWNED when the thread holds it, DRIVER_VERIFIER_DETECTED_VIOLATION (0x33) at
// a higher IRQL.
void acquire_fast_mutex(FAST_MUTEX& mutex);
[[nodiscard]] bool try_acquire_fast_mutex(FAST_MUTEX& mutex);
// Bug check THREAD_NOT_MUTEX_OWNER when the thread does not hold it.
void release_fast_mutex(FAST_MUTEX& mutex);

// The caller is at APC_LEVEL, or in a critical or guarded region (else DRIVER_VERIFIER_DETECTED_VIOLATION 0x39, 0x3A).
void acquire_fast_mutex_unsafe(FAST_MUTEX& mutex);
void release_fast_mutex_unsafe(FAST_MUTEX& mutex);

void acquire_guarded_mutex(FAST_MUTEX& mutex);
[[nodiscard]] bool try_acquire_guarded_mutex(FAST_MUTEX& mutex);
void release_guarded_mutex(FAST_MUTEX& mutex);

}  // namespace pw::ke
