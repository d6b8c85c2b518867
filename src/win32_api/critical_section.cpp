// SPDX-License-Identifier: Apache-2.0
// Critical sections: recursive locks of one process. The state word (free, held, held with sleepers) lies in the field
// LockSemaphore; the other fields read as on Windows.
#include "platform/threads.h"
#include "win32/synchapi.h"
#include "win32_api/lock_word.h"

namespace {

using pw::win32::LockWord;

constexpr std::uint32_t k_free = 0;
constexpr std::uint32_t k_held = 1;
constexpr std::uint32_t k_contended = 2;

HANDLE current_thread() {
    thread_local const auto id = static_cast<ULONG_PTR>(pw::platform::os_thread_id());
    return reinterpret_cast<HANDLE>(id);
}

HANDLE owner_of(const CRITICAL_SECTION* section) { return __atomic_load_n(&section->OwningThread, __ATOMIC_RELAXED); }

void set_owner(CRITICAL_SECTION* section, HANDLE owner, LONG recursions) {
    section->RecursionCount = recursions;
    section->LockCount = recursions - 1;
    __atomic_store_n(&section->OwningThread, owner, __ATOMIC_RELAXED);
}

bool enter_again(CRITICAL_SECTION* section) {
    if (owner_of(section) != current_thread()) return false;
    set_owner(section, current_thread(), section->RecursionCount + 1);
    return true;
}

}  // namespace

BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION section, DWORD spin_count, DWORD) {
    *section = {};
    section->LockCount = -1;
    section->SpinCount = spin_count & 0x00FFFFFF;
    return TRUE;
}

void WINAPI InitializeCriticalSection(LPCRITICAL_SECTION section) { (void)InitializeCriticalSectionEx(section, 0, 0); }

BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION section, DWORD spin_count) {
    return InitializeCriticalSectionEx(section, spin_count, 0);
}

DWORD WINAPI SetCriticalSectionSpinCount(LPCRITICAL_SECTION section, DWORD spin_count) {
    const auto before = static_cast<DWORD>(section->SpinCount);
    section->SpinCount = spin_count & 0x00FFFFFF;
    return before;
}

BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION section) {
    if (enter_again(section)) return TRUE;
    std::uint32_t expected = k_free;
    if (!LockWord(&section->LockSemaphore).compare_exchange(expected, k_held)) return FALSE;
    set_owner(section, current_thread(), 1);
    return TRUE;
}

void WINAPI EnterCriticalSection(LPCRITICAL_SECTION section) {
    if (TryEnterCriticalSection(section)) return;
    LockWord word(&section->LockSemaphore);
    for (ULONG_PTR spins = section->SpinCount; spins > 0; --spins) {
        __builtin_ia32_pause();
        if (word.load() == k_free && TryEnterCriticalSection(section)) return;
    }
    while (word.exchange(k_contended) != k_free) word.wait(k_contended);
    set_owner(section, current_thread(), 1);
}

void WINAPI LeaveCriticalSection(LPCRITICAL_SECTION section) {
    if (section->RecursionCount > 1) {
        set_owner(section, owner_of(section), section->RecursionCount - 1);
        return;
    }
    set_owner(section, nullptr, 0);
    LockWord word(&section->LockSemaphore);
    if (word.exchange(k_free) == k_contended) word.wake_one();
}

void WINAPI DeleteCriticalSection(LPCRITICAL_SECTION section) {
    *section = {};
    section->LockCount = -1;
}
