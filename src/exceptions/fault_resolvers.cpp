// SPDX-License-Identifier: Apache-2.0
#include "exceptions/fault_resolvers.h"

#include <algorithm>
#include <mutex>
#include <thread>

namespace pw::seh {
namespace {

std::mutex& writers_lock() {
    static std::mutex lock;
    return lock;
}

}  // namespace

void FaultResolvers::publish_order_locked() {
    std::array<std::size_t, slot_limit> numbers{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < slot_limit; ++i) {
        if (slots_[i].taken) numbers[count++] = i;
    }
    std::stable_sort(numbers.begin(), numbers.begin() + count,
                     [this](std::size_t a, std::size_t b) { return slots_[a].order < slots_[b].order; });
    std::uint64_t packed = 0;
    for (std::size_t i = 0; i < count; ++i) packed |= std::uint64_t{numbers[i]} << (4 * i);
    // A reader may see the two words of different moments: a slot twice, or the newest one not yet. Neither matters: the
    // fault of a thread that needs a resolver comes after that resolver's registration.
    order_.store(packed, std::memory_order_release);
    count_.store(count, std::memory_order_release);
}

bool FaultResolvers::add(int order, pw_fault_resolver resolver, void* context) {
    const std::lock_guard guard(writers_lock());
    const auto free = std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return !slot.taken; });
    if (free == slots_.end()) return false;
    free->taken = true;
    free->order = order;
    free->context.store(context, std::memory_order_relaxed);
    free->resolver.store(resolver, std::memory_order_seq_cst);
    publish_order_locked();
    return true;
}

void FaultResolvers::remove(pw_fault_resolver resolver, void* context) {
    const std::lock_guard guard(writers_lock());
    for (Slot& slot : slots_) {
        if (!slot.taken || slot.resolver.load() != resolver || slot.context.load() != context) continue;
        slot.resolver.store(nullptr, std::memory_order_seq_cst);
        while (slot.users.load(std::memory_order_seq_cst) != 0) std::this_thread::yield();
        slot.taken = false;
        publish_order_locked();
        return;
    }
}

pw_fault_answer FaultResolvers::ask(const pw_fault_info& fault) {
    const std::size_t count = count_.load(std::memory_order_acquire);
    const std::uint64_t order = order_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < count; ++i) {
        Slot& slot = slots_[(order >> (4 * i)) & (slot_limit - 1)];
        slot.users.fetch_add(1, std::memory_order_seq_cst);
        const pw_fault_resolver resolver = slot.resolver.load(std::memory_order_seq_cst);
        const pw_fault_answer answer =
            resolver == nullptr ? PW_FAULT_NOT_MINE : resolver(&fault, slot.context.load(std::memory_order_relaxed));
        slot.users.fetch_sub(1, std::memory_order_seq_cst);
        if (answer != PW_FAULT_NOT_MINE) return answer;
    }
    return PW_FAULT_NOT_MINE;
}

}  // namespace pw::seh
