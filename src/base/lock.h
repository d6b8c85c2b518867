// SPDX-License-Identifier: Apache-2.0
// Mutex: the kernel's own lock, with a rank that is checked in debug and sanitizer builds, and annotated for clang.
#pragma once

#include <mutex>

#include "base/lock_rank.h"
#include "base/thread_annotations.h"

namespace pw {

#if !defined(NDEBUG) || defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define PW_LOCK_RANKS_CHECKED 1
void lock_rank_acquired(LockRank rank);   // fails a PW_CHECK when the thread holds an equal or higher rank
void lock_rank_released(LockRank rank);
[[nodiscard]] bool lock_rank_any_held();
#else
inline void lock_rank_acquired(LockRank) {}
inline void lock_rank_released(LockRank) {}
[[nodiscard]] inline bool lock_rank_any_held() { return false; }
#endif

// Never held across a wait, a call into a driver, or an access to user memory (design D6).
class PW_CAPABILITY("mutex") Mutex {
public:
    explicit Mutex(LockRank rank) : rank_(rank) {}
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock() PW_ACQUIRE() {
        lock_rank_acquired(rank_);
        mutex_.lock();
    }
    void unlock() PW_RELEASE() {
        mutex_.unlock();
        lock_rank_released(rank_);
    }

private:
    std::mutex mutex_;
    const LockRank rank_;
};

class PW_SCOPED_CAPABILITY MutexLock {
public:
    explicit MutexLock(Mutex& mutex) PW_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
    ~MutexLock() PW_RELEASE() { mutex_.unlock(); }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

private:
    Mutex& mutex_;
};

}  // namespace pw
