// SPDX-License-Identifier: Apache-2.0
// HandleTable: the handles of one process. Looking a handle up takes no lock and makes no allocation.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/objects/object.h"

namespace pw::ob {

// HANDLE_FLAG_PROTECT_FROM_CLOSE of a handle, kept beside the OBJ_ attributes.
constexpr ULONG handle_protect_close = 0x1;

// What a handle grants.
struct HandleGrant {
    ACCESS_MASK access = 0;
    ULONG attributes = 0;  // OBJ_INHERIT, handle_protect_close
};

class HandleTable {
public:
    // `max_handles`: the quota; more are refused with STATUS_QUOTA_EXCEEDED.
    explicit HandleTable(std::uint32_t max_handles = 65536);
    ~HandleTable();

    // Opens a handle; the table takes a reference of its own. Values are multiples of 4, never 0.
    [[nodiscard]] Result<std::uint64_t> open(Object& object, HandleGrant grant);

    // A reference to what the handle names. STATUS_INVALID_HANDLE; STATUS_OBJECT_TYPE_MISMATCH when `type` is given and
    // differs; STATUS_ACCESS_DENIED when the grant lacks some of `access`. IRQL <= DISPATCH_LEVEL. Hot path.
    [[nodiscard]] Result<Ref<Object>> reference(std::uint64_t handle, const ObjectType* type, ACCESS_MASK access,
                                                HandleGrant* grant = nullptr);

    // STATUS_INVALID_HANDLE when it names nothing. PASSIVE_LEVEL.
    [[nodiscard]] Status close(std::uint64_t handle);
    // Changes the attributes that `mask` names (OBJ_INHERIT, handle_protect_close) and gives all. STATUS_INVALID_HANDLE.
    [[nodiscard]] Result<ULONG> change_attributes(std::uint64_t handle, ULONG mask, ULONG attributes);
    // A new process's table takes over the inheritable handles of its parent's, under the same values. Before anybody else
    // opens a handle here. STATUS_QUOTA_EXCEEDED.
    [[nodiscard]] Status inherit(HandleTable& parent);
    // One of them. STATUS_INVALID_PARAMETER: it is none, or is not inheritable.
    [[nodiscard]] Status inherit_one(HandleTable& parent, std::uint64_t handle);
    // Closes all, in order of value: the process is going. New handles are refused afterwards.
    void close_all();

    [[nodiscard]] std::uint32_t count() const { return count_.load(std::memory_order_relaxed); }
    template <typename Visit>
    void for_each(Visit visit);  // visit(handle, Object&, HandleGrant)

private:
    // `object` carries a lock bit in bit 0: whoever sets it may read the entry and take a reference.
    struct Entry {
        std::atomic<std::uintptr_t> object{0};
        ACCESS_MASK access = 0;
        ULONG attributes = 0;
    };
    static constexpr std::uint32_t entries_per_chunk = 256;
    static constexpr std::uint32_t max_chunks = 1024;
    struct Chunk {
        std::array<Entry, entries_per_chunk> entries;
    };

    Entry* entry_of(std::uint64_t handle) const;
    [[nodiscard]] Status open_at(std::uint32_t index, Object& object, HandleGrant grant);
    // Locks the entry if it is in use; null otherwise.
    static Object* lock_entry(Entry& entry);
    static void unlock_entry(Entry& entry, Object* object);

    const std::uint32_t max_handles_;
    std::array<std::atomic<Chunk*>, max_chunks> chunks_{};
    std::atomic<std::uint32_t> count_{0};
    Mutex lock_{LockRank::handle_table};  // free list and growth only
    std::vector<std::uint32_t> free_ PW_GUARDED_BY(lock_);
    std::uint32_t next_index_ PW_GUARDED_BY(lock_) = 1;  // index 0 is handle 0, which is no handle
    bool closed_ PW_GUARDED_BY(lock_) = false;
};

template <typename Visit>
void HandleTable::for_each(Visit visit) {
    for (std::uint32_t c = 0; c < max_chunks; ++c) {
        Chunk* chunk = chunks_[c].load(std::memory_order_acquire);
        if (!chunk) return;
        for (std::uint32_t i = 0; i < entries_per_chunk; ++i) {
            Entry& entry = chunk->entries[i];
            Object* object = lock_entry(entry);
            if (!object) continue;
            Ref<Object> ref(object);
            const HandleGrant grant{entry.access, entry.attributes};
            unlock_entry(entry, object);
            visit((static_cast<std::uint64_t>(c) * entries_per_chunk + i) * 4, *object, grant);
        }
    }
}

}  // namespace pw::ob
