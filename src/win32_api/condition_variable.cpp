// SPDX-License-Identifier: Apache-2.0
// Condition variables: a sequence number that every wake advances. Wakes may be spurious, as documented.
#include "win32/errhandlingapi.h"
#include "win32/synchapi.h"
#include "win32/winerror.h"
#include "win32_api/lock_word.h"

namespace {

using pw::win32::deadline_after;
using pw::win32::LockWord;

BOOL finish(bool woken) {
    if (woken) return TRUE;
    SetLastError(ERROR_TIMEOUT);
    return FALSE;
}

}  // namespace

void WINAPI InitializeConditionVariable(PCONDITION_VARIABLE variable) { variable->Ptr = nullptr; }

BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE variable, PCRITICAL_SECTION section, DWORD milliseconds) {
    LockWord sequence(&variable->Ptr);
    const std::uint32_t seen = sequence.load();
    LeaveCriticalSection(section);
    const bool woken = sequence.wait(seen, deadline_after(milliseconds));
    EnterCriticalSection(section);
    return finish(woken);
}

BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE variable, PSRWLOCK lock, DWORD milliseconds, ULONG flags) {
    LockWord sequence(&variable->Ptr);
    const std::uint32_t seen = sequence.load();
    const bool shared = (flags & CONDITION_VARIABLE_LOCKMODE_SHARED) != 0;
    if (shared) {
        ReleaseSRWLockShared(lock);
    } else {
        ReleaseSRWLockExclusive(lock);
    }
    const bool woken = sequence.wait(seen, deadline_after(milliseconds));
    if (shared) {
        AcquireSRWLockShared(lock);
    } else {
        AcquireSRWLockExclusive(lock);
    }
    return finish(woken);
}

void WINAPI WakeConditionVariable(PCONDITION_VARIABLE variable) {
    LockWord sequence(&variable->Ptr);
    sequence.add(1);
    sequence.wake_one();
}

void WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE variable) {
    LockWord sequence(&variable->Ptr);
    sequence.add(1);
    sequence.wake_all();
}
