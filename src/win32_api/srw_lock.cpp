// SPDX-License-Identifier: Apache-2.0
// Slim reader/writer locks: not recursive, eight bytes, zero is free. The low word counts readers, with two flags.
#include "win32/synchapi.h"
#include "win32_api/lock_word.h"

namespace {

using pw::win32::LockWord;

constexpr std::uint32_t k_writer = 0x80000000;
constexpr std::uint32_t k_sleepers = 0x40000000;

bool try_acquire(LockWord& word, bool exclusive) {
    std::uint32_t state = word.load();
    for (;;) {
        const std::uint32_t holders = state & ~k_sleepers;
        if (exclusive ? holders != 0 : (holders & k_writer) != 0) return false;
        if (word.compare_exchange(state, exclusive ? state | k_writer : state + 1)) return true;
    }
}

void acquire(PSRWLOCK lock, bool exclusive) {
    LockWord word(&lock->Ptr);
    while (!try_acquire(word, exclusive)) {
        std::uint32_t state = word.load();
        const std::uint32_t holders = state & ~k_sleepers;
        if (exclusive ? holders == 0 : (holders & k_writer) == 0) continue;  // free meanwhile
        if ((state & k_sleepers) == 0 && !word.compare_exchange(state, state | k_sleepers)) continue;
        word.wait(state | k_sleepers);
    }
}

void release(PSRWLOCK lock, std::uint32_t amount) {
    LockWord word(&lock->Ptr);
    std::uint32_t state = word.load();
    for (;;) {
        std::uint32_t next = state - amount;
        const bool wake = (next & ~k_sleepers) == 0 && (next & k_sleepers) != 0;
        if (wake) next = 0;
        if (!word.compare_exchange(state, next)) continue;
        if (wake) word.wake_all();
        return;
    }
}

}  // namespace

void WINAPI InitializeSRWLock(PSRWLOCK lock) { lock->Ptr = nullptr; }
void WINAPI AcquireSRWLockExclusive(PSRWLOCK lock) { acquire(lock, true); }
void WINAPI AcquireSRWLockShared(PSRWLOCK lock) { acquire(lock, false); }
void WINAPI ReleaseSRWLockExclusive(PSRWLOCK lock) { release(lock, k_writer); }
void WINAPI ReleaseSRWLockShared(PSRWLOCK lock) { release(lock, 1); }

BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK lock) {
    LockWord word(&lock->Ptr);
    return try_acquire(word, true) ? TRUE : FALSE;
}

BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK lock) {
    LockWord word(&lock->Ptr);
    return try_acquire(word, false) ? TRUE : FALSE;
}
