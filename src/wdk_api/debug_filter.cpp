// SPDX-License-Identifier: Apache-2.0
#include "wdk_api/debug_filter.h"

#include <nt/debug.h>

#include <array>
#include <atomic>

namespace pw::wdk {
namespace {

constexpr ULONG component_count = 256;

// Bits that are hidden. Process-wide, as the output is.
std::array<std::atomic<ULONG>, component_count> hidden{};

std::atomic<ULONG>& mask_of(ULONG component) { return hidden[component < component_count ? component : ULONG{DPFLTR_DEFAULT_ID}]; }

ULONG bits_of(ULONG level) { return level < 32 ? ULONG{1} << level : level; }

}  // namespace

bool debug_filter_passes(ULONG component, ULONG level) {
    return (bits_of(level) & ~mask_of(component).load(std::memory_order_relaxed)) != 0;
}

void set_debug_filter(ULONG component, ULONG level, bool shown) {
    if (shown) {
        mask_of(component).fetch_and(~bits_of(level));
    } else {
        mask_of(component).fetch_or(bits_of(level));
    }
}

}  // namespace pw::wdk
