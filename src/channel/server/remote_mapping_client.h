// SPDX-License-Identifier: Apache-2.0
// RemoteMappingClient: tells a client in another process what to map; never waits for it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "base/lock.h"
#include "channel/server/mapping_stream.h"
#include "channel/wire/wire.h"
#include "kernel/memory/mapping_client.h"
#include "kernel/memory/segment.h"

namespace pw::channel {

class RemoteMappingClient final : public mm::MappingClient {
public:
    struct Range {
        std::uint64_t address = 0;
        std::uint64_t length_bytes = 0;
    };

    // Outside [slot_base, slot_base + length_bytes), the slot and what it can grow to, a mapping keeps the bytes that the client has there (adopt): those are
    // ranges that the process itself put there. The slot becomes known with set_slot(), at the latest before the first
    // mapping outside it. `nudge` wakes the client's agent thread.
    RemoteMappingClient(OutgoingQueue& queue, HostControlPage& host, const ClientControlPage& client, int nudge)
        : queue_(queue), host_(host), client_(client), nudge_(nudge), stream_(queue, host.issued_mapping) {}

    void set_slot(std::uint64_t base, std::uint64_t length_bytes);

    Status map(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access, bool copy_on_write,
               mm::Segment& segment, std::uint64_t segment_offset_bytes) override;
    bool unmap(std::uint64_t address, std::uint64_t length_bytes) override;
    Status protect(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access) override;
    // Believed: a client that says too much has its own memory mapped over.
    [[nodiscard]] std::uint64_t reserved_bytes() const override {
        return client_.reserved_bytes.load(std::memory_order_acquire);
    }
    void note_guard_pages() override { host_.has_guards.store(1, std::memory_order_release); }
    [[nodiscard]] bool is_embedded() const override { return false; }

    // The newest mapping decision: a reply to the client requires it. No lock.
    [[nodiscard]] std::uint64_t issued() const { return host_.issued_mapping.load(std::memory_order_acquire); }

    // Unmaps that the client says it has carried out and that were not returned before. What the client writes is only
    // believed as far as numbers were issued. Any thread; without news it costs two loads.
    [[nodiscard]] bool has_acknowledged_unmaps() const;
    [[nodiscard]] std::vector<Range> take_acknowledged_unmaps();

private:
    // A mapped range of the client; keyed by address.
    struct View {
        std::uint64_t length_bytes = 0;
        Ref<mm::Segment> segment;
        std::uint64_t offset_bytes = 0;
        bool copy_on_write = false;
        bool writable_descriptor = false;
    };
    struct PendingUnmap {
        std::uint64_t sequence;
        Range range;
    };
    using Views = std::map<std::uint64_t, View>;
    using Released = std::vector<Ref<mm::Segment>>;

    [[nodiscard]] Status map_locked(std::uint64_t address, platform::PageAccess access, View view) PW_REQUIRES(lock_);
    // Cuts [address, +length) out of the views. References that end are put into *released: to be dropped without the lock.
    void cut_views_locked(std::uint64_t address, std::uint64_t length_bytes, Released* released) PW_REQUIRES(lock_);
    void drop_view_locked(View view, Released* released) PW_REQUIRES(lock_);
    void nudge_unless_in_own_call();
    [[nodiscard]] static std::uint64_t key_of(const View& view) { return view.segment->id() * 2 + view.writable_descriptor; }

    // Unmaps that a client does not acknowledge: what is kept for them is the host's memory, so it is cut off.
    static constexpr std::size_t max_pending_unmaps = 65536;

    OutgoingQueue& queue_;
    HostControlPage& host_;
    const ClientControlPage& client_;
    const int nudge_;
    Mutex lock_{LockRank::channel};
    MappingStream stream_ PW_GUARDED_BY(lock_);
    std::uint64_t slot_base_ PW_GUARDED_BY(lock_) = 0;
    std::uint64_t slot_bytes_ PW_GUARDED_BY(lock_) = 0;
    Views views_ PW_GUARDED_BY(lock_);
    std::map<std::uint64_t, std::uint32_t> views_of_segment_ PW_GUARDED_BY(lock_);  // by key_of
    std::deque<PendingUnmap> pending_unmaps_ PW_GUARDED_BY(lock_);
    std::atomic<std::uint64_t> oldest_pending_unmap_{~std::uint64_t{0}};
};

// While it lives, the calling thread runs a call of this client, whose reply will carry the mappings that it causes: the
// client's agent thread need not be woken for them.
class OwnCallScope {
public:
    explicit OwnCallScope(const RemoteMappingClient& client);
    ~OwnCallScope();
    OwnCallScope(const OwnCallScope&) = delete;
    OwnCallScope& operator=(const OwnCallScope&) = delete;

private:
    const RemoteMappingClient* const before_;
};

}  // namespace pw::channel
