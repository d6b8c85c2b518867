// SPDX-License-Identifier: Apache-2.0
// Interrupts of simulated devices: which routines are connected to a vector, and how a raised one runs at its IRQL.
#pragma once

#include <nt/ke_types.h>

#include <array>
#include <atomic>
#include <vector>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"

namespace pw::ke {

class InterruptTable;
class Thread;

// What a driver asks for. One of the two routines is set.
struct InterruptRequest {
    PKSERVICE_ROUTINE routine = nullptr;
    PKMESSAGE_SERVICE_ROUTINE message_routine = nullptr;
    void* context = nullptr;
    KSPIN_LOCK* lock = nullptr;  // null: one of the object's own
    ULONG vector = 0;
    ULONG message_id = 0;
    KIRQL irql = 0;              // PASSIVE_LEVEL, or above DISPATCH_LEVEL and below CLOCK_LEVEL
    KIRQL synchronize_irql = 0;  // irql or higher
    KINTERRUPT_MODE mode = LevelSensitive;
    bool shared = false;
    KAFFINITY affinity = 0;      // processors that take the interrupt
};

}  // namespace pw::ke

// What drivers know as PKINTERRUPT: one routine that is connected to one vector.
struct _KINTERRUPT final : pw::RefCounted<_KINTERRUPT> {
    explicit _KINTERRUPT(const pw::ke::InterruptRequest& request);

    // KeSynchronizeExecution: runs the routine so that the service routine does not run meanwhile.
    bool synchronize(PKSYNCHRONIZE_ROUTINE routine, void* context);
    // KeAcquireInterruptSpinLock: IRQL at most synchronize_irql, which it is then. Returns the old IRQL.
    [[nodiscard]] KIRQL acquire();
    void release(KIRQL old_irql);
    using RefCounted::release;

    [[nodiscard]] const pw::ke::InterruptRequest& request() const { return request_; }

private:
    friend class pw::ke::InterruptTable;

    // Runs the service routine at its IRQL, on the processor that the thread has taken for it. True: it was its device.
    bool serve(pw::ke::Thread& thread);
    bool call();
    static void serve_at_passive_level(KDPC* dpc, void* interrupt, void*, void*);

    const pw::ke::InterruptRequest request_;
    KSPIN_LOCK own_lock_ = 0;
    KSPIN_LOCK* const lock_;
    KEVENT passive_lock_;      // instead of the spin lock, for a routine at PASSIVE_LEVEL
    KDPC passive_dpc_;         // threaded: runs such a routine
    bool connected_ = true;    // guarded by the lock that the service routine runs under
    std::atomic<bool> active_{true};  // IoReportInterruptActive and Inactive
};

namespace pw::ke {

class InterruptTable {
public:
    static constexpr ULONG vector_count = 256;

    explicit InterruptTable(KAFFINITY active_processors);
    // Every routine has been disconnected.
    ~InterruptTable();
    InterruptTable(const InterruptTable&) = delete;
    InterruptTable& operator=(const InterruptTable&) = delete;

    // PASSIVE_LEVEL. STATUS_INVALID_PARAMETER: no such vector, IRQL, processor; the vector is taken by somebody who does
    // not share it, or in another mode.
    [[nodiscard]] Result<_KINTERRUPT*> connect(const InterruptRequest& request);
    // PASSIVE_LEVEL. When it returns the routine does not run and never will.
    void disconnect(_KINTERRUPT& interrupt);
    // Takes away what a driver's image left connected when it is unloaded. Returns how many.
    unsigned disconnect_range(std::uint64_t base, std::uint64_t length_bytes);
    // An interrupt that is not active is not delivered; a latched one is lost.
    static void set_active(_KINTERRUPT& interrupt, bool active) { interrupt.active_.store(active); }

    // The line of `vector` goes up. Runs the connected routines now, on this thread, at their IRQL; at or above that IRQL
    // as soon as the thread goes below it. Any IRQL. True when a routine said that it was its device, or will be asked.
    bool raise(Thread& thread, ULONG vector);
    // For Thread::lower_irql: delivers what was held back and can come in at new_irql.
    void deliver_pending(Thread& thread, KIRQL new_irql);

private:
    static constexpr std::size_t max_shared = 16;
    struct Line {
        std::vector<Ref<_KINTERRUPT>> interrupts;
    };
    // The routines of one vector at one instant.
    struct Snapshot {
        std::array<Ref<_KINTERRUPT>, max_shared> interrupts;
        std::size_t count = 0;
    };
    [[nodiscard]] Snapshot snapshot(ULONG vector);
    bool deliver(Thread& thread, const Snapshot& routines);

    const KAFFINITY active_processors_;
    Mutex lock_{LockRank::leaf};
    std::array<Line, vector_count> lines_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::ke
