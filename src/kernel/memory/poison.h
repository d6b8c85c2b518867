// SPDX-License-Identifier: Apache-2.0
// Tells AddressSanitizer which bytes of kernel memory nobody may touch; nothing in other builds.
#pragma once

#include <cstdint>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PW_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define PW_ASAN 1
#endif
#if defined(PW_ASAN)
#include <sanitizer/asan_interface.h>
#define PW_NO_ASAN __attribute__((no_sanitize("address")))
#else
#define PW_NO_ASAN
#endif

namespace pw::mm::poison {

inline void poison([[maybe_unused]] std::uint64_t address, [[maybe_unused]] std::uint64_t bytes) {
#if defined(PW_ASAN)
    __asan_poison_memory_region(reinterpret_cast<void*>(address), bytes);
#endif
}
inline void unpoison([[maybe_unused]] std::uint64_t address, [[maybe_unused]] std::uint64_t bytes) {
#if defined(PW_ASAN)
    __asan_unpoison_memory_region(reinterpret_cast<void*>(address), bytes);
#endif
}

}  // namespace pw::mm::poison
