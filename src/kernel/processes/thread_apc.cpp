// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/thread_apc.h"

#include <atomic>
#include <new>

#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/kernel_apc.h"
#include "kernel/processes/thread.h"

namespace pw::ps {
namespace {

// KAPC.Inserted of user mode: belongs to whoever changes it.
bool mark(KAPC& apc, BOOLEAN inserted) {
    return std::atomic_ref<BOOLEAN>(apc.Inserted).exchange(inserted, std::memory_order_acq_rel) != inserted;
}

// Stands in the thread's queue for a driver's KAPC of user mode.
class DriverUserApc final : public QueuedUserApc {
public:
    explicit DriverUserApc(KAPC& kernel_apc) : kernel_apc_(kernel_apc) { tag = &kernel_apc; }
    ~DriverUserApc() override = default;

private:
    bool taken(UserApc* call) override {
        mark(kernel_apc_, FALSE);
        const ke::ApcCall routine = ke::run_kernel_routine(*Thread::current(), kernel_apc_);
        delete this;
        if (!routine.normal) return false;
        *call = {.kind = UserApcKind::native,
                 .routine = reinterpret_cast<std::uint64_t>(routine.normal),
                 .arguments = {reinterpret_cast<std::uint64_t>(routine.context),
                               reinterpret_cast<std::uint64_t>(routine.argument1),
                               reinterpret_cast<std::uint64_t>(routine.argument2)}};
        return true;
    }
    void left_queue() override {  // the thread ends
        mark(kernel_apc_, FALSE);
        if (kernel_apc_.RundownRoutine) kernel_apc_.RundownRoutine(&kernel_apc_);
        delete this;
    }

    KAPC& kernel_apc_;
};

Thread& target_of(const KAPC& apc) { return *Thread::from_nt(apc.Thread); }

}  // namespace

CCHAR apc_state_index(PKTHREAD thread, KAPC_ENVIRONMENT environment) {
    switch (environment) {
        case OriginalApcEnvironment:
            return 0;
        case AttachedApcEnvironment:
            return 1;
        default:
            return Thread::from_nt(thread)->apc_state_index();
    }
}

bool insert_apc(KAPC& apc, PVOID argument1, PVOID argument2) {
    Thread& thread = target_of(apc);
    if (apc.ApcMode == KernelMode) return thread.ke::Thread::dispatcher().insert_kernel_apc(apc, thread, argument1, argument2);
    if (thread.owner().is_system() || !mark(apc, TRUE)) return false;
    apc.SystemArgument1 = argument1;
    apc.SystemArgument2 = argument2;
    auto* entry = new (std::nothrow) DriverUserApc(apc);
    if (entry && thread.user_apcs.insert(*entry)) return true;
    mark(apc, FALSE);
    delete entry;
    return false;
}

bool remove_apc(KAPC& apc) {
    Thread& thread = target_of(apc);
    if (apc.ApcMode == KernelMode) return thread.ke::Thread::dispatcher().remove_kernel_apc(apc, thread);
    auto* entry = static_cast<DriverUserApc*>(thread.user_apcs.extract(&apc));
    if (!entry) return false;
    delete entry;
    return mark(apc, FALSE);
}

}  // namespace pw::ps
