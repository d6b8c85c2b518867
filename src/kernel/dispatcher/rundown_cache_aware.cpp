// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/rundown_cache_aware.h"

#include <atomic>
#include <new>

#include "base/check.h"
#include "kernel/dispatcher/dispatcher.h"

using namespace pw;

namespace {

constexpr std::size_t line_bytes = 64;
// While the counters are being collected: more than there can be users.
constexpr std::int64_t collecting = std::int64_t{1} << 40;

struct Wait {
    KEVENT event;
    std::atomic<std::int64_t> users{collecting};
};

// A counter's word: twice the number of acquires minus releases here (it may be negative: who releases may run elsewhere),
// or, with bit 0 set, the Wait of who runs it down; 1: run down.
constexpr std::uint64_t active = 1;

}  // namespace

struct _EX_RUNDOWN_REF_CACHE_AWARE::Counter {
    alignas(line_bytes) std::atomic<std::uint64_t> word{0};
};

std::size_t _EX_RUNDOWN_REF_CACHE_AWARE::size_bytes(unsigned processor_count) {
    return sizeof(_EX_RUNDOWN_REF_CACHE_AWARE) + line_bytes + processor_count * sizeof(Counter);
}

_EX_RUNDOWN_REF_CACHE_AWARE* _EX_RUNDOWN_REF_CACHE_AWARE::create(void* memory, unsigned processor_count) {
    auto* self = new (memory) _EX_RUNDOWN_REF_CACHE_AWARE;
    self->count_ = processor_count;
    for (unsigned i = 0; i < processor_count; ++i) new (&self->counter(i)) Counter;
    return self;
}

_EX_RUNDOWN_REF_CACHE_AWARE::Counter& _EX_RUNDOWN_REF_CACHE_AWARE::counter(unsigned number) {
    const auto first = (reinterpret_cast<std::uintptr_t>(this + 1) + line_bytes - 1) & ~(line_bytes - 1);
    return reinterpret_cast<Counter*>(first)[number];
}

_EX_RUNDOWN_REF_CACHE_AWARE::Counter& _EX_RUNDOWN_REF_CACHE_AWARE::own() { return counter(ke::current_processor_number() % count_); }

bool _EX_RUNDOWN_REF_CACHE_AWARE::acquire() {
    std::atomic<std::uint64_t>& word = own().word;
    std::uint64_t seen = word.load(std::memory_order_relaxed);
    do {
        if ((seen & active) != 0) return false;
    } while (!word.compare_exchange_weak(seen, seen + 2, std::memory_order_acquire, std::memory_order_relaxed));
    return true;
}

void _EX_RUNDOWN_REF_CACHE_AWARE::release() {
    std::atomic<std::uint64_t>& word = own().word;
    std::uint64_t seen = word.load(std::memory_order_acquire);
    while ((seen & active) == 0) {
        if (word.compare_exchange_weak(seen, seen - 2, std::memory_order_release, std::memory_order_acquire)) return;
    }
    auto* wait = reinterpret_cast<Wait*>(seen & ~active);
    PW_CHECK(wait != nullptr);  // released what nobody holds
    if (wait->users.fetch_sub(1, std::memory_order_acq_rel) == 1) ke::Thread::current()->dispatcher().set_event(wait->event);
}

void _EX_RUNDOWN_REF_CACHE_AWARE::wait() {
    Wait state;
    ke::Dispatcher::initialize_event(state.event, NotificationEvent, false);
    if (counter(0).word.load(std::memory_order_acquire) == active) return;  // completed before
    std::int64_t users = 0;
    for (unsigned i = 0; i < count_; ++i) {
        const std::uint64_t before = counter(i).word.exchange(reinterpret_cast<std::uint64_t>(&state) | active, std::memory_order_acq_rel);
        users += static_cast<std::int64_t>(before) / 2;
    }
    // Who released meanwhile has counted already; with the last one nobody is left to set the event.
    if (state.users.fetch_add(users - collecting, std::memory_order_acq_rel) + users - collecting != 0) {
        ke::Thread::current()->dispatcher().wait(state.event.Header, KernelMode, false, nullptr).ignore();
    }
    complete();
}

void _EX_RUNDOWN_REF_CACHE_AWARE::complete() {
    for (unsigned i = 0; i < count_; ++i) counter(i).word.store(active, std::memory_order_release);
}

void _EX_RUNDOWN_REF_CACHE_AWARE::reinitialize() {
    for (unsigned i = 0; i < count_; ++i) counter(i).word.store(0, std::memory_order_release);
}
