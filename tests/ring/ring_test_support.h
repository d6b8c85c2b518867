// SPDX-License-Identifier: Apache-2.0
// For the tests of the ring: memory to put one in, and an event to sleep on.
#pragma once

#include <partywall/ring.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>

namespace partywall::test {

// Page-aligned memory with a guard value behind it, which the destructor of no honest ring touches.
class RingMemory {
public:
    explicit RingMemory(const pw_ring_geometry& geometry, std::uint64_t more_bytes = 0)
        : bytes_(pw_ring_bytes(&geometry) + more_bytes), memory_(static_cast<unsigned char*>(operator new(bytes_, align))) {}
    ~RingMemory() { operator delete(memory_, align); }
    RingMemory(const RingMemory&) = delete;
    RingMemory& operator=(const RingMemory&) = delete;

    [[nodiscard]] void* get() const { return memory_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] pw_ring_control& control() const { return *static_cast<pw_ring_control*>(get()); }
    [[nodiscard]] std::uint64_t* slots() const { return reinterpret_cast<std::uint64_t*>(memory_ + PW_RING_CONTROL_BYTES); }

private:
    static constexpr std::align_val_t align{4096};
    std::uint64_t bytes_;
    unsigned char* memory_;
};

// An auto-reset event.
class Event {
public:
    void set() {
        {
            std::lock_guard lock(lock_);
            is_set_ = true;
            ++sets_;
        }
        changed_.notify_one();
    }
    void wait() {
        std::unique_lock lock(lock_);
        changed_.wait(lock, [&] { return is_set_; });
        is_set_ = false;
    }
    [[nodiscard]] unsigned sets() {
        std::lock_guard lock(lock_);
        return sets_;
    }
    [[nodiscard]] pw_ring_wake wake() {
        return {[](void* event) { static_cast<Event*>(event)->set(); }, this};
    }

private:
    std::mutex lock_;
    std::condition_variable changed_;
    bool is_set_ = false;
    unsigned sets_ = 0;
};

}  // namespace partywall::test
