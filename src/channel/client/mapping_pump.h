// SPDX-License-Identifier: Apache-2.0
// MappingPump: reads what the host sends, in order, whoever needs it first: a calling thread, the agent, a fault handler.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "channel/client/drain_lock.h"
#include "channel/client/slot_mapper.h"
#include "channel/wire/wire.h"
#include "platform/descriptor.h"
#include "platform/shared_words.h"

namespace pw::channel {

class MappingPump {
public:
    // The host's answer to an attach message.
    struct Attached {
        std::int32_t status = 0;
        platform::Descriptor request_page;
        platform::Descriptor reply_page;
    };

    MappingPump() = default;
    void open(int socket, ClientControlPage* own, const HostControlPage* host);
    void close_in_forked_child();
    // Tells the host how far the slot can grow here.
    void set_reserved(std::uint64_t length_bytes) { own_->reserved_bytes.store(length_bytes, std::memory_order_release); }

    // Applies mappings until number `sequence` is done. False when the channel broke first. Safe in a fault handler.
    [[nodiscard]] bool apply_until(std::uint64_t sequence);
    // Applies what has arrived; does not wait.
    void apply_arrived();
    // Waits for the answer to an attach message; one at a time. False when the channel broke.
    [[nodiscard]] bool wait_attached(Attached* attached);
    // The same for the answer to a file: the kernel's handle and its status.
    struct AttachedFile {
        std::int32_t status = 0;
        std::uint64_t handle = 0;
    };
    [[nodiscard]] bool wait_file(AttachedFile* attached);
    // The same for the question whether a fault hit a guard page. False, too, when the calling thread is receiving already.
    [[nodiscard]] bool wait_guard_touched(bool* was_guard);
    // Whether the question is worth asking.
    [[nodiscard]] bool has_guards() const { return host_ != nullptr && host_->has_guards.load(std::memory_order_acquire) != 0; }
    // A fault at an address of the slot: true if a mapping that was still on its way has been applied since the fault, so
    // the access is worth another try. Async-signal-safe.
    [[nodiscard]] bool resolve_fault();

    [[nodiscard]] std::uint64_t applied() const { return applied_.load(std::memory_order_acquire); }
    // Not 0 once the host is gone; calls in progress end then. Threads sleep on it.
    [[nodiscard]] const platform::SharedWord& broken() const { return broken_; }
    void set_broken();

    // The descriptor of the segment under the arena; -1 when unknown. Stays open until the process ends.
    [[nodiscard]] int arena_descriptor();
    void watch_arena(std::uint64_t address) { mapper_.watch_arena(address); }

private:
    // Takes one message. False when there is none; sets broken when the host is gone.
    [[nodiscard]] bool take_one();
    void handle(std::span<const std::byte> bytes, platform::Descriptor* descriptors, std::size_t descriptor_count);
    template <typename Done>
    [[nodiscard]] bool take_until(Done done);
    void wait_for_message();

    int socket_ = -1;
    ClientControlPage* own_ = nullptr;
    const HostControlPage* host_ = nullptr;
    platform::SharedWord broken_{0};
    std::atomic<std::uint64_t> applied_{0};
    DrainLock lock_;  // protects what follows and the receiving end of the socket
    SlotMapper mapper_;
    bool has_attached_ = false;
    Attached attached_;
    bool has_file_ = false;
    AttachedFile file_;
    bool has_guard_answer_ = false;
    bool was_guard_ = false;
};

}  // namespace pw::channel
