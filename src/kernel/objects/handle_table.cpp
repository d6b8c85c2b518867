// SPDX-License-Identifier: Apache-2.0
#include "kernel/objects/handle_table.h"

#include <algorithm>
#include <new>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pw::ob {

HandleTable::HandleTable(std::uint32_t max_handles)
    : max_handles_(std::min(max_handles, max_chunks * entries_per_chunk - 1)) {}

HandleTable::~HandleTable() {
    for (auto& slot : chunks_) delete slot.load(std::memory_order_relaxed);
}

HandleTable::Entry* HandleTable::entry_of(std::uint64_t handle) const {
    // Windows ignores the two lowest bits of a handle; applications may use them as tags.
    const std::uint64_t index = handle >> 2;
    if (index == 0 || index >= std::uint64_t{max_chunks} * entries_per_chunk) return nullptr;
    Chunk* chunk = chunks_[index / entries_per_chunk].load(std::memory_order_acquire);
    return chunk ? &chunk->entries[index % entries_per_chunk] : nullptr;
}

Object* HandleTable::lock_entry(Entry& entry) {
    std::uintptr_t value = entry.object.load(std::memory_order_relaxed);
    while (true) {
        value &= ~std::uintptr_t{1};
        if (value == 0) return nullptr;
        if (entry.object.compare_exchange_weak(value, value | 1, std::memory_order_acquire, std::memory_order_relaxed)) {
            return reinterpret_cast<Object*>(value);
        }
#if defined(__x86_64__)
        if (value & 1) _mm_pause();
#endif
    }
}

void HandleTable::unlock_entry(Entry& entry, Object* object) {
    entry.object.store(reinterpret_cast<std::uintptr_t>(object), std::memory_order_release);
}

Result<std::uint64_t> HandleTable::open(Object& object, HandleGrant grant) {
    MutexLock lock(lock_);
    if (closed_) return STATUS_PROCESS_IS_TERMINATING;
    if (count_.load(std::memory_order_relaxed) >= max_handles_) return STATUS_QUOTA_EXCEEDED;
    std::uint32_t index = next_index_;
    if (!free_.empty()) {
        index = free_.back();
        free_.pop_back();
    } else {
        auto& slot = chunks_[index / entries_per_chunk];
        if (!slot.load(std::memory_order_relaxed)) {
            auto* const chunk = new (std::nothrow) Chunk();
            if (!chunk) return STATUS_INSUFFICIENT_RESOURCES;
            slot.store(chunk, std::memory_order_release);
        }
        ++next_index_;
    }
    count_.fetch_add(1, std::memory_order_relaxed);
    object.add_ref();
    object.handle_opened();
    // Under the lock: close_all() finds every handle that was opened before it.
    Entry& entry = chunks_[index / entries_per_chunk].load(std::memory_order_acquire)->entries[index % entries_per_chunk];
    entry.access = grant.access;
    entry.attributes = grant.attributes;
    unlock_entry(entry, &object);
    return std::uint64_t{index} * 4;
}

Result<Ref<Object>> HandleTable::reference(std::uint64_t handle, const ObjectType* type, ACCESS_MASK access,
                                           HandleGrant* grant) {
    Entry* entry = entry_of(handle);
    Object* object = entry ? lock_entry(*entry) : nullptr;
    if (!object) return STATUS_INVALID_HANDLE;
    const HandleGrant granted{entry->access, entry->attributes};
    Ref<Object> ref(object);
    unlock_entry(*entry, object);
    if (type && &object->type() != type) return STATUS_OBJECT_TYPE_MISMATCH;
    if (access & ~granted.access) return STATUS_ACCESS_DENIED;
    if (grant) *grant = granted;
    return ref;
}

Status HandleTable::close(std::uint64_t handle) {
    Entry* entry = entry_of(handle);
    Object* object = entry ? lock_entry(*entry) : nullptr;
    if (!object) return STATUS_INVALID_HANDLE;
    if (entry->attributes & handle_protect_close) {
        unlock_entry(*entry, object);
        return STATUS_HANDLE_NOT_CLOSABLE;
    }
    entry->object.store(0, std::memory_order_release);
    {
        MutexLock lock(lock_);
        free_.push_back(static_cast<std::uint32_t>(handle >> 2));
        count_.fetch_sub(1, std::memory_order_relaxed);
    }
    object->handle_closed();
    object->release();
    return STATUS_SUCCESS;
}

Result<ULONG> HandleTable::change_attributes(std::uint64_t handle, ULONG mask, ULONG attributes) {
    Entry* entry = entry_of(handle);
    Object* object = entry ? lock_entry(*entry) : nullptr;
    if (!object) return STATUS_INVALID_HANDLE;
    entry->attributes = (entry->attributes & ~mask) | (attributes & mask);
    const ULONG now = entry->attributes;
    unlock_entry(*entry, object);
    return now;
}

Status HandleTable::open_at(std::uint32_t index, Object& object, HandleGrant grant) {
    {
        MutexLock lock(lock_);
        if (closed_) return STATUS_PROCESS_IS_TERMINATING;
        if (count_.load(std::memory_order_relaxed) >= max_handles_) return STATUS_QUOTA_EXCEEDED;
        for (std::uint32_t chunk = 0; chunk <= index / entries_per_chunk; ++chunk) {
            if (!chunks_[chunk].load(std::memory_order_relaxed)) chunks_[chunk].store(new Chunk(), std::memory_order_release);
        }
        for (; next_index_ < index; ++next_index_) free_.push_back(next_index_);
        next_index_ = index + 1;
        count_.fetch_add(1, std::memory_order_relaxed);
    }
    object.add_ref();
    object.handle_opened();
    Entry& entry = chunks_[index / entries_per_chunk].load(std::memory_order_acquire)->entries[index % entries_per_chunk];
    entry.access = grant.access;
    entry.attributes = grant.attributes;
    unlock_entry(entry, &object);
    return STATUS_SUCCESS;
}

Status HandleTable::inherit(HandleTable& parent) {
    Status status = STATUS_SUCCESS;
    parent.for_each([&](std::uint64_t handle, Object& object, HandleGrant grant) {
        if (!(grant.attributes & OBJ_INHERIT) || status.is_failure()) return;
        status = open_at(static_cast<std::uint32_t>(handle / 4), object, grant);
    });
    return status;
}

Status HandleTable::inherit_one(HandleTable& parent, std::uint64_t handle) {
    HandleGrant grant;
    auto object = parent.reference(handle, nullptr, 0, &grant);
    if (!object || !(grant.attributes & OBJ_INHERIT)) return STATUS_INVALID_PARAMETER;
    // Named twice in a list: it is there already.
    if (auto present = reference(handle, nullptr, 0); present && present->get() == object->get()) return STATUS_SUCCESS;
    return open_at(static_cast<std::uint32_t>(handle / 4), **object, grant);
}

void HandleTable::close_all() {
    {
        MutexLock lock(lock_);
        closed_ = true;
    }
    for (std::uint32_t c = 0; c < max_chunks; ++c) {
        Chunk* chunk = chunks_[c].load(std::memory_order_acquire);
        if (!chunk) return;
        for (std::uint32_t i = 0; i < entries_per_chunk; ++i) {
            Entry& entry = chunk->entries[i];
            Object* object = lock_entry(entry);
            if (!object) continue;
            entry.object.store(0, std::memory_order_release);
            count_.fetch_sub(1, std::memory_order_relaxed);
            object->handle_closed();
            object->release();
        }
    }
}

}  // namespace pw::ob
