// SPDX-License-Identifier: Apache-2.0
#include "base/trace_ring.h"

#include <algorithm>
#include <atomic>

namespace pw {
namespace {

// id is 0 while the slot is being written, and id + 1 when it is whole.
struct alignas(64) Slot {
    std::atomic<std::uint64_t> id{0};
    std::atomic<std::uint64_t> time_stamp{0};
    std::atomic<std::uint64_t> arguments[3]{};
    std::atomic<const char*> name{nullptr};
};

Slot slots[trace_capacity];
std::atomic<std::uint64_t> next_id{0};

}  // namespace

void trace(const char* name, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    const std::uint64_t id = next_id.fetch_add(1, std::memory_order_relaxed);
    Slot& slot = slots[id % trace_capacity];
    // On x64 these are plain stores; release keeps "being written" in front of the rest for readers.
    slot.id.store(0, std::memory_order_release);
    slot.time_stamp.store(__builtin_ia32_rdtsc(), std::memory_order_release);
    slot.arguments[0].store(a, std::memory_order_release);
    slot.arguments[1].store(b, std::memory_order_release);
    slot.arguments[2].store(c, std::memory_order_release);
    slot.name.store(name, std::memory_order_release);
    slot.id.store(id + 1, std::memory_order_release);
}

std::size_t read_trace(TraceEvent* events, std::size_t capacity) {
    const std::uint64_t end = next_id.load(std::memory_order_acquire);
    const std::uint64_t wanted = std::min<std::uint64_t>({end, trace_capacity, capacity});
    std::size_t count = 0;
    for (std::uint64_t id = end - wanted; id != end; ++id) {
        const Slot& slot = slots[id % trace_capacity];
        if (slot.id.load(std::memory_order_acquire) != id + 1) continue;
        TraceEvent& event = events[count];
        event.id = id;
        event.time_stamp = slot.time_stamp.load(std::memory_order_acquire);
        for (int i = 0; i < 3; ++i) event.arguments[i] = slot.arguments[i].load(std::memory_order_acquire);
        event.name = slot.name.load(std::memory_order_acquire);
        if (slot.id.load(std::memory_order_acquire) == id + 1) ++count;
    }
    return count;
}

}  // namespace pw
