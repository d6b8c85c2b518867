// SPDX-License-Identifier: Apache-2.0
// Processor: a virtual processor: held by the one thread that runs at DISPATCH_LEVEL or above on it, with its DPC queue.
#pragma once

#include <nt/ke_types.h>

#include <atomic>
#include <cstdint>

#include "base/lock.h"

namespace pw::ke {

class alignas(64) Processor {
public:
    Processor() = default;
    Processor(const Processor&) = delete;
    Processor& operator=(const Processor&) = delete;

    [[nodiscard]] unsigned number() const { return number_; }
    [[nodiscard]] bool is_held() const { return (state_.load(std::memory_order_seq_cst) & held) != 0; }
    // Nobody holds it and nothing is queued.
    [[nodiscard]] bool is_idle() const { return state_.load(std::memory_order_seq_cst) == 0; }

    // Both sequentially consistent: a waiter counts itself and then tries, a releaser releases and then reads the count.
    [[nodiscard]] bool try_acquire() {
        std::uint32_t state = 0;
        if (state_.compare_exchange_strong(state, held, std::memory_order_seq_cst)) [[likely]] return true;
        return state == dpcs_queued && try_acquire_with_work();
    }
    // False when DPCs are queued: they must run first, the processor is still held.
    [[nodiscard]] bool try_release() {
        std::uint32_t state = held;
        return state_.compare_exchange_strong(state, 0, std::memory_order_seq_cst, std::memory_order_relaxed);
    }

    // The holder runs a DPC right now. Read and written by the holder.
    [[nodiscard]] bool in_dpc() const { return in_dpc_.load(std::memory_order_relaxed); }

private:
    friend class ProcessorSet;

    static constexpr std::uint32_t held = 1;
    static constexpr std::uint32_t dpcs_queued = 2;

    bool try_acquire_with_work();

    std::atomic<std::uint32_t> state_{0};
    unsigned number_ = 0;
    std::atomic<bool> in_dpc_{false};  // also read by an interrupt that runs beside the holder
    Mutex queue_lock_{LockRank::processor};
    SINGLE_LIST_ENTRY* queue_head_ PW_GUARDED_BY(queue_lock_) = nullptr;
    SINGLE_LIST_ENTRY* queue_tail_ PW_GUARDED_BY(queue_lock_) = nullptr;
    // Threaded DPCs, which a thread of their own runs at PASSIVE_LEVEL; how many were queued, and are done (or removed).
    SINGLE_LIST_ENTRY* threaded_head_ PW_GUARDED_BY(queue_lock_) = nullptr;
    SINGLE_LIST_ENTRY* threaded_tail_ PW_GUARDED_BY(queue_lock_) = nullptr;
    std::uint64_t threaded_queued_ PW_GUARDED_BY(queue_lock_) = 0;
    std::uint64_t threaded_done_ PW_GUARDED_BY(queue_lock_) = 0;
    std::atomic<std::uint32_t> threaded_progress_{0};  // changes with threaded_done_; flushes sleep on it
};

// KeRaiseIrql / KeLowerIrql of the current thread (see Thread::raise_irql).
KIRQL raise_irql(KIRQL new_irql);
void lower_irql(KIRQL new_irql);
// The number of the current thread's processor; 0 outside any kernel.
[[nodiscard]] ULONG current_processor_number();

}  // namespace pw::ke
