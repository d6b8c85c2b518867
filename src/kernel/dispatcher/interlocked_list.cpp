// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/interlocked_list.h"

#include <atomic>

#include "kernel/dispatcher/spin_lock.h"
#include "kernel/dispatcher/spin_word.h"

namespace pw::ke {
namespace {

// SLIST_HEADER.Region: the first entry's address (aligned to 16), and in its low bits the lock.
constexpr ULONGLONG locked = 1;
constexpr ULONGLONG sleepers = 2;
constexpr ULONGLONG lock_bits = 15;

std::atomic_ref<ULONGLONG> region_of(SLIST_HEADER& header) { return std::atomic_ref<ULONGLONG>(header.Region); }
// Depth in the low 16 bits, count of changes above.
std::atomic_ref<ULONGLONG> counts_of(SLIST_HEADER& header) { return std::atomic_ref<ULONGLONG>(header.Alignment); }

class SListLock {
public:
    explicit SListLock(SLIST_HEADER& header) : header_(header) {
        const auto region = region_of(header_);
        ULONGLONG seen = region.load(std::memory_order_relaxed) & ~lock_bits;
        if (!region.compare_exchange_strong(seen, seen | locked, std::memory_order_acquire, std::memory_order_relaxed)) [[unlikely]] {
            seen = lock_slowly();
        }
        first_ = reinterpret_cast<SLIST_ENTRY*>(seen & ~lock_bits);
    }
    ~SListLock() {
        const ULONGLONG before = region_of(header_).exchange(reinterpret_cast<ULONGLONG>(first_), std::memory_order_release);
        if ((before & sleepers) != 0) [[unlikely]] wake_low_half(header_.Region);
    }
    SListLock(const SListLock&) = delete;
    SListLock& operator=(const SListLock&) = delete;

    [[nodiscard]] SLIST_ENTRY* first() const { return first_; }
    void set_first(SLIST_ENTRY* entry, int depth_change) {
        first_ = entry;
        const auto counts = counts_of(header_);
        const ULONGLONG old = counts.load(std::memory_order_relaxed);
        const ULONGLONG depth = (old + static_cast<ULONGLONG>(depth_change)) & 0xffff;
        counts.store((old & ~ULONGLONG{0xffff}) + 0x10000 + depth, std::memory_order_relaxed);
    }
    void clear() {
        first_ = nullptr;
        const auto counts = counts_of(header_);
        counts.store((counts.load(std::memory_order_relaxed) & ~ULONGLONG{0xffff}) + 0x10000, std::memory_order_relaxed);
    }

private:
    ULONGLONG lock_slowly() {
        const auto region = region_of(header_);
        ULONGLONG mark = 0;  // after a sleep others may sleep, too
        for (int spin = 0;; ++spin) {
            ULONGLONG seen = region.load(std::memory_order_relaxed);
            if ((seen & locked) == 0) {
                if (region.compare_exchange_weak(seen, seen | locked | mark, std::memory_order_acquire)) return seen;
                continue;
            }
            if (spin < spins_before_sleep) {
                __builtin_ia32_pause();
                continue;
            }
            if ((seen & sleepers) == 0 && !region.compare_exchange_weak(seen, seen | sleepers, std::memory_order_relaxed)) continue;
            sleep_on_low_half(header_.Region, seen | sleepers);
            mark = sleepers;
        }
    }

    SLIST_HEADER& header_;
    SLIST_ENTRY* first_;
};

}  // namespace

PLIST_ENTRY interlocked_insert_head(LIST_ENTRY& head, LIST_ENTRY& entry, KSPIN_LOCK& lock) {
    InterlockedGuard guard(lock);
    LIST_ENTRY* const first = IsListEmpty(&head) ? nullptr : head.Flink;
    InsertHeadList(&head, &entry);
    return first;
}

PLIST_ENTRY interlocked_insert_tail(LIST_ENTRY& head, LIST_ENTRY& entry, KSPIN_LOCK& lock) {
    InterlockedGuard guard(lock);
    LIST_ENTRY* const last = IsListEmpty(&head) ? nullptr : head.Blink;
    InsertTailList(&head, &entry);
    return last;
}

PLIST_ENTRY interlocked_remove_head(LIST_ENTRY& head, KSPIN_LOCK& lock) {
    InterlockedGuard guard(lock);
    return IsListEmpty(&head) ? nullptr : RemoveHeadList(&head);
}

PSINGLE_LIST_ENTRY interlocked_push(SINGLE_LIST_ENTRY& head, SINGLE_LIST_ENTRY& entry, KSPIN_LOCK& lock) {
    InterlockedGuard guard(lock);
    SINGLE_LIST_ENTRY* const first = head.Next;
    PushEntryList(&head, &entry);
    return first;
}

PSINGLE_LIST_ENTRY interlocked_pop(SINGLE_LIST_ENTRY& head, KSPIN_LOCK& lock) {
    InterlockedGuard guard(lock);
    return PopEntryList(&head);
}

LARGE_INTEGER interlocked_add(LARGE_INTEGER& addend, LARGE_INTEGER increment, KSPIN_LOCK& lock) {
    InterlockedGuard guard(lock);
    const LARGE_INTEGER before = addend;
    addend.QuadPart = static_cast<LONGLONG>(static_cast<ULONGLONG>(before.QuadPart) + static_cast<ULONGLONG>(increment.QuadPart));
    return before;
}

ULONG interlocked_add(ULONG& addend, ULONG increment, KSPIN_LOCK& lock) {
    InterlockedGuard guard(lock);
    const ULONG before = addend;
    addend = before + increment;
    return before;
}

void initialize_slist(SLIST_HEADER& header) {
    counts_of(header).store(0, std::memory_order_relaxed);
    region_of(header).store(0, std::memory_order_release);
}

PSLIST_ENTRY push_slist(SLIST_HEADER& header, SLIST_ENTRY& entry) {
    SListLock lock(header);
    SLIST_ENTRY* const first = lock.first();
    entry.Next = first;
    lock.set_first(&entry, 1);
    return first;
}

PSLIST_ENTRY pop_slist(SLIST_HEADER& header) {
    // Polling an empty list costs one read.
    if ((region_of(header).load(std::memory_order_acquire) & ~lock_bits) == 0) return nullptr;
    SListLock lock(header);
    SLIST_ENTRY* const first = lock.first();
    if (first) lock.set_first(first->Next, -1);
    return first;
}

PSLIST_ENTRY flush_slist(SLIST_HEADER& header) {
    SListLock lock(header);
    SLIST_ENTRY* const first = lock.first();
    lock.clear();
    return first;
}

USHORT slist_depth(const SLIST_HEADER& header) {
    return static_cast<USHORT>(counts_of(const_cast<SLIST_HEADER&>(header)).load(std::memory_order_relaxed));
}

}  // namespace pw::ke
