// SPDX-License-Identifier: Apache-2.0
// The ordered list of those who may cure a fault, readable in signal context without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "exceptions/exceptions.h"

namespace pw::seh {

class FaultResolvers {
public:
    // False if there is no room. Not in signal context.
    [[nodiscard]] bool add(int order, pw_fault_resolver resolver, void* context);
    // Waits until no thread runs it. Not in signal context.
    void remove(pw_fault_resolver resolver, void* context);
    // Asks in order; NOT_MINE if nobody cured it. Signal context.
    [[nodiscard]] pw_fault_answer ask(const pw_fault_info& fault);

private:
    static constexpr std::size_t slot_limit = 16;

    struct Slot {
        std::atomic<pw_fault_resolver> resolver{nullptr};  // null: free, or being removed
        std::atomic<void*> context{nullptr};
        std::atomic<int> users{0};                         // threads between the look at `resolver` and its return
        int order = 0;                                     // changed under the writers' lock
        bool taken = false;                                // likewise
    };

    void publish_order_locked();

    std::array<Slot, slot_limit> slots_;
    // Slot numbers in asking order, four bits each, lowest first; the second word is how many.
    std::atomic<std::uint64_t> order_{0};
    std::atomic<std::size_t> count_{0};
};

}  // namespace pw::seh
