// SPDX-License-Identifier: Apache-2.0
// For tests: DPC routines that record what they see.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "kernel/dispatcher/dispatcher.h"

namespace pw::ke::test {

struct Calls {
    std::atomic<int> count{0};
    void* arguments[2] = {};
    KIRQL irql = 0;
    bool in_dpc = false;
    ULONG processor = 0;
    Thread* thread = nullptr;
};

inline void record(KDPC*, void* context, void* argument1, void* argument2) {
    auto& calls = *static_cast<Calls*>(context);
    calls.arguments[0] = argument1;
    calls.arguments[1] = argument2;
    calls.thread = Thread::current();
    calls.irql = calls.thread->irql();
    calls.in_dpc = calls.thread->in_dpc();
    calls.processor = calls.thread->processor_number();
    ++calls.count;
}

// Where record_order() writes its contexts.
inline std::vector<int>* run_order;
inline void record_order(KDPC*, void* context, void*, void*) { run_order->push_back(static_cast<int>(reinterpret_cast<std::intptr_t>(context))); }

}  // namespace pw::ke::test
