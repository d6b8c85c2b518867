// SPDX-License-Identifier: Apache-2.0
// What ThreadSanitizer cannot see by itself: that a wait in one thread was satisfied by another one through the host's process.
#pragma once

extern "C" {
__attribute__((weak)) void __tsan_acquire(void* address);
__attribute__((weak)) void __tsan_release(void* address);
}

namespace pw {

// Everything done before tsan_release(object) happens before what follows a later tsan_acquire(object). Nothing in programs
// without the sanitizer.
inline void tsan_acquire(const volatile void* object) {
    if (__tsan_acquire != nullptr) __tsan_acquire(const_cast<void*>(object));
}
inline void tsan_release(const volatile void* object) {
    if (__tsan_release != nullptr) __tsan_release(const_cast<void*>(object));
}

}  // namespace pw
