// SPDX-License-Identifier: Apache-2.0
// Addresses for slots in tests: free in ordinary builds and under each sanitizer.
#pragma once

#include <cstdint>

#if defined(__SANITIZE_THREAD__)
#define PW_TEST_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PW_TEST_UNDER_TSAN 1
#endif
#endif

namespace pw::channel {

#if defined(PW_TEST_UNDER_TSAN)
inline constexpr std::uint64_t test_slots_base = 0x10'0000'0000;  // TSan allows an application little else
#else
inline constexpr std::uint64_t test_slots_base = 0x1400'0000'0000;  // ASan's shadow ends below
#endif

}  // namespace pw::channel
