// SPDX-License-Identifier: Apache-2.0
// WaitOnAddress for operands of 1, 2, 4 and 8 bytes: sleepers share a table of sequence words, chosen by the address.
#include <cstdint>
#include <cstring>

#include "win32/errhandlingapi.h"
#include "win32/synchapi.h"
#include "win32/winerror.h"
#include "win32_api/lock_word.h"

namespace {

using pw::win32::LockWord;

constexpr std::size_t k_buckets = 64;
std::uint32_t g_sequences[k_buckets];

LockWord bucket_of(const volatile void* address) {
    const auto value = reinterpret_cast<std::uintptr_t>(address);
    return LockWord(&g_sequences[((value >> 3) ^ (value >> 12)) % k_buckets]);
}

template <typename Value>
bool differs(const volatile void* address, const void* compare) {
    Value expected;
    std::memcpy(&expected, compare, sizeof expected);
    return __atomic_load_n(static_cast<const volatile Value*>(address), __ATOMIC_SEQ_CST) != expected;
}

bool differs(const volatile void* address, const void* compare, SIZE_T size_bytes) {
    switch (size_bytes) {
        case 1: return differs<std::uint8_t>(address, compare);
        case 2: return differs<std::uint16_t>(address, compare);
        case 4: return differs<std::uint32_t>(address, compare);
        default: return differs<std::uint64_t>(address, compare);
    }
}

}  // namespace

BOOL WINAPI WaitOnAddress(volatile VOID* address, PVOID compare, SIZE_T size_bytes, DWORD milliseconds) {
    if (size_bytes != 1 && size_bytes != 2 && size_bytes != 4 && size_bytes != 8) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    LockWord sequence = bucket_of(address);
    const std::uint32_t seen = sequence.load();
    if (differs(address, compare, size_bytes)) return TRUE;
    if (sequence.wait(seen, pw::win32::deadline_after(milliseconds))) return TRUE;
    SetLastError(ERROR_TIMEOUT);
    return FALSE;
}

// Addresses share buckets, so every sleeper of the bucket looks again: a wake of one may be a wake of several.
void WINAPI WakeByAddressAll(PVOID address) {
    LockWord sequence = bucket_of(address);
    sequence.add(1);
    sequence.wake_all();
}

void WINAPI WakeByAddressSingle(PVOID address) { WakeByAddressAll(address); }
