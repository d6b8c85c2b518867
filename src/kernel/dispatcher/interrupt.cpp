// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/interrupt.h"

#include <algorithm>

#include "base/check.h"
#include "base/trace_ring.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/spin_lock.h"

using namespace pw;

_KINTERRUPT::_KINTERRUPT(const ke::InterruptRequest& request) : request_(request), lock_(request.lock ? request.lock : &own_lock_) {
    ke::Dispatcher::initialize_event(passive_lock_, SynchronizationEvent, true);
    ke::initialize_threaded_dpc(passive_dpc_, serve_at_passive_level, this);
}

KIRQL _KINTERRUPT::acquire() {
    ke::Thread& thread = *ke::Thread::current();
    if (request_.synchronize_irql == PASSIVE_LEVEL) {
        const KIRQL old_irql = thread.irql();
        thread.dispatcher().wait(passive_lock_.Header, KernelMode, false, nullptr).ignore();
        return old_irql;
    }
    const KIRQL old_irql = thread.raise_irql(request_.synchronize_irql);
    ke::acquire_spin_lock_at_dpc_level(*lock_);
    return old_irql;
}

void _KINTERRUPT::release(KIRQL old_irql) {
    ke::Thread& thread = *ke::Thread::current();
    if (request_.synchronize_irql == PASSIVE_LEVEL) {
        thread.dispatcher().set_event(passive_lock_);
        return;
    }
    ke::release_spin_lock_from_dpc_level(*lock_);
    thread.lower_irql(old_irql);
}

bool _KINTERRUPT::synchronize(PKSYNCHRONIZE_ROUTINE routine, void* context) {
    const KIRQL old_irql = acquire();
    const bool result = routine(context) != FALSE;
    release(old_irql);
    return result;
}

bool _KINTERRUPT::call() {
    trace("interrupt", request_.vector, reinterpret_cast<std::uintptr_t>(this), request_.irql);
    return (request_.message_routine ? request_.message_routine(this, request_.context, request_.message_id)
                                     : request_.routine(this, request_.context)) != FALSE;
}

void _KINTERRUPT::serve_at_passive_level(KDPC*, void* context, void*, void*) {
    const auto self = Ref<_KINTERRUPT>::adopt(static_cast<_KINTERRUPT*>(context));  // the insertion's reference
    const KIRQL old_irql = self->acquire();
    if (self->connected_) self->call();
    self->release(old_irql);
}

bool _KINTERRUPT::serve(ke::Thread& thread) {
    if (!active_.load()) return false;
    if (request_.irql == PASSIVE_LEVEL) {
        add_ref();
        if (!ke::insert_dpc(passive_dpc_, nullptr, nullptr)) RefCounted::release();
        return true;
    }
    const ke::Thread::Interrupted before = thread.enter_interrupt(request_.synchronize_irql, request_.affinity);
    ke::acquire_spin_lock_at_dpc_level(*lock_);
    const bool claimed = connected_ && call();
    if (thread.irql() != request_.synchronize_irql) [[unlikely]] {
        ke::bug_check(ke::irql_unexpected_value,
                      (ULONG_PTR{thread.irql()} << 16) | (ULONG_PTR{request_.synchronize_irql} << 8),
                      reinterpret_cast<ULONG_PTR>(request_.routine), 0, 0);
    }
    ke::release_spin_lock_from_dpc_level(*lock_);
    thread.leave_interrupt(before);
    return claimed;
}

namespace pw::ke {

InterruptTable::InterruptTable(KAFFINITY active_processors) : active_processors_(active_processors) {}

InterruptTable::~InterruptTable() = default;

Result<_KINTERRUPT*> InterruptTable::connect(const InterruptRequest& wanted) {
    InterruptRequest request = wanted;
    request.affinity &= active_processors_;
    const bool passive = request.irql == PASSIVE_LEVEL && request.synchronize_irql == PASSIVE_LEVEL;
    const bool device_irql = request.irql > DISPATCH_LEVEL && request.irql < CLOCK_LEVEL &&
                             request.synchronize_irql >= request.irql && request.synchronize_irql < CLOCK_LEVEL;
    if (request.vector >= vector_count || !(passive || device_irql) || request.affinity == 0) return STATUS_INVALID_PARAMETER;
    if (!request.routine && !request.message_routine) return STATUS_INVALID_PARAMETER;
    auto interrupt = Ref<_KINTERRUPT>::adopt(new _KINTERRUPT(request));
    MutexLock lock(lock_);
    Line& line = lines_[request.vector];
    if (line.interrupts.size() == max_shared) return STATUS_INSUFFICIENT_RESOURCES;
    for (const Ref<_KINTERRUPT>& other : line.interrupts) {
        const InterruptRequest& there = other->request();
        if (!there.shared || !request.shared || there.mode != request.mode || there.irql != request.irql) {
            return STATUS_INVALID_PARAMETER;
        }
    }
    line.interrupts.push_back(interrupt);
    return interrupt.get();
}

void InterruptTable::disconnect(_KINTERRUPT& interrupt) {
    Ref<_KINTERRUPT> found;
    {
        MutexLock lock(lock_);
        for (Line& line : lines_) {
            const auto place = std::find_if(line.interrupts.begin(), line.interrupts.end(),
                                            [&](const Ref<_KINTERRUPT>& other) { return other.get() == &interrupt; });
            if (place == line.interrupts.end()) continue;
            found = *place;
            line.interrupts.erase(place);
            break;
        }
    }
    if (!found) {
        BugCheckContext context;
        context.detail = "the interrupt object is not connected (or no longer)";
        bug_check(bad_pool_caller, 7, 0, 0, reinterpret_cast<ULONG_PTR>(&interrupt), &context);
    }
    // Behind the lock the routine does not run, and whoever waits for the lock with it finds this.
    const KIRQL old_irql = found->acquire();
    found->connected_ = false;
    found->release(old_irql);
}

unsigned InterruptTable::disconnect_range(std::uint64_t base, std::uint64_t length_bytes) {
    const auto is_inside = [&](const InterruptRequest& request) {
        const auto routine = request.routine ? reinterpret_cast<std::uint64_t>(request.routine)
                                             : reinterpret_cast<std::uint64_t>(request.message_routine);
        return routine - base < length_bytes;
    };
    unsigned count = 0;
    for (;;) {
        Ref<_KINTERRUPT> left;
        {
            MutexLock lock(lock_);
            for (const Line& line : lines_) {
                for (const Ref<_KINTERRUPT>& interrupt : line.interrupts) {
                    if (is_inside(interrupt->request())) left = interrupt;
                }
            }
        }
        if (!left) return count;
        disconnect(*left);
        ++count;
    }
}

InterruptTable::Snapshot InterruptTable::snapshot(ULONG vector) {
    Snapshot out;
    MutexLock lock(lock_);
    for (const Ref<_KINTERRUPT>& interrupt : lines_[vector].interrupts) out.interrupts[out.count++] = interrupt;
    return out;
}

bool InterruptTable::deliver(Thread& thread, const Snapshot& routines) {
    bool claimed = false;
    for (std::size_t i = 0; i < routines.count; ++i) {
        _KINTERRUPT& interrupt = *routines.interrupts[i];
        if (!interrupt.serve(thread)) continue;
        claimed = true;
        // A level-triggered line stays up for the other devices, which raise it again; an edge is gone: everyone is asked.
        if (interrupt.request().mode == LevelSensitive) break;
    }
    return claimed;
}

bool InterruptTable::raise(Thread& thread, ULONG vector) {
    if (vector >= vector_count) return false;
    const Snapshot routines = snapshot(vector);
    if (routines.count == 0) {
        trace("interrupt of nobody", vector, 0, 0);
        return false;
    }
    const KIRQL irql = routines.interrupts[0]->request().irql;
    if (irql != PASSIVE_LEVEL && thread.irql() >= irql) {
        thread.hold_back_interrupt(vector);
        return true;
    }
    return deliver(thread, routines);
}

void InterruptTable::deliver_pending(Thread& thread, KIRQL new_irql) {
    for (;;) {
        // The highest first, as the hardware does.
        ULONG best = vector_count;
        Snapshot routines;
        bool left_over = false;
        for (ULONG vector = 0; vector < vector_count; ++vector) {
            if (!thread.is_interrupt_held_back(vector)) continue;
            Snapshot candidate = snapshot(vector);
            if (candidate.count == 0) {
                thread.take_interrupt(vector);  // disconnected meanwhile
                continue;
            }
            if (candidate.interrupts[0]->request().irql <= new_irql) {
                left_over = true;
                continue;
            }
            if (best == vector_count || candidate.interrupts[0]->request().irql > routines.interrupts[0]->request().irql) {
                best = vector;
                routines = std::move(candidate);
            }
        }
        if (best == vector_count) {
            if (!left_over) thread.forget_interrupts();
            return;
        }
        thread.take_interrupt(best);
        deliver(thread, routines);
    }
}

}  // namespace pw::ke
