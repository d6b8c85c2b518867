// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/address_plan.h"

#include <array>

namespace pw::mm {
namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;

#if defined(__has_feature)
#define PW_HAS_FEATURE(x) __has_feature(x)
#else
#define PW_HAS_FEATURE(x) 0
#endif

#if defined(__SANITIZE_THREAD__) || PW_HAS_FEATURE(thread_sanitizer)
constexpr std::array plans{
    AddressPlan{0x10'0000'0000, 64 * gib, 0x20'0000'0000, 2 * gib, 48},
    AddressPlan{0x40'0000'0000, 32 * gib, 0x50'0000'0000, 1 * gib, 48},
};
#else
constexpr std::array plans{
    // The window holds the 8 GiB of heap addresses of each client whose heap the kernel has used: room for some 380, more
    // clients than a server takes. It ends below 0x5555_5555_4000, where position-independent programs are loaded.
    AddressPlan{0x5200'0000'0000, 3072 * gib, 0x1100'0000'0000, 64 * gib, 1024},
    AddressPlan{0x6200'0000'0000, 3072 * gib, 0x2100'0000'0000, 64 * gib, 1024},
    // The last resort, where even the table of a large window's pages is too much: room for some 30 clients.
    AddressPlan{0x6800'0000'0000, 256 * gib, 0x5800'0000'0000, 32 * gib, 256},
};
#endif

}  // namespace

std::span<const AddressPlan> address_plans() { return plans; }

}  // namespace pw::mm
