// SPDX-License-Identifier: Apache-2.0
// ProcessorCalls: one routine on every processor at once (KeGenericCallDpc, KeIpiGenericCall).
#pragma once

#include <nt/ke_types.h>

#include <atomic>
#include <cstdint>

namespace pw::ke {

class Dispatcher;
class Thread;

class ProcessorCalls {
public:
    explicit ProcessorCalls(Dispatcher& dispatcher);
    ProcessorCalls(const ProcessorCalls&) = delete;
    ProcessorCalls& operator=(const ProcessorCalls&) = delete;

    // Runs routine(dpc, context, argument1, argument2) as a DPC on every processor and returns when each has called
    // signal_done(argument1). One such call at a time. Below DISPATCH_LEVEL.
    void call_dpc(PKDEFERRED_ROUTINE routine, void* context);
    // KeSignalCallDpcDone.
    static void signal_done(void* argument1);
    // KeSignalCallDpcSynchronize: returns when all processors are here; true for one of them.
    static bool synchronize(void* argument2);

    // Runs routine(argument) at IPI_LEVEL on every processor, all at the same time, and returns what the current one
    // returned. A thread that holds a processor goes on beside the call, as if on another one. IRQL <= IPI_LEVEL.
    ULONG_PTR broadcast(PKIPI_BROADCAST_WORKER routine, ULONG_PTR argument);

private:
    Dispatcher& dispatcher_;
    FAST_MUTEX dpc_call_lock_;
    std::atomic<std::uint32_t> broadcast_lock_{0};  // 0 free, 1 held, 2 held and somebody sleeps
};

}  // namespace pw::ke
