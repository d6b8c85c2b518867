// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/device_timer.h"

#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dpc.h"

using pw::ke::Dispatcher;

namespace {

constexpr ULONG period_ms = 1000;
constexpr LONGLONG first_due_time = -10'000'000;  // one second from now, in 100 ns units

}  // namespace

_IO_TIMER::_IO_TIMER(Dispatcher& dispatcher, DEVICE_OBJECT& device, PIO_TIMER_ROUTINE routine, PVOID context)
    : dispatcher_(dispatcher), device_(device), routine_(routine), context_(context) {
    Dispatcher::initialize_timer(timer_, NotificationTimer);
    pw::ke::initialize_dpc(dpc_, expired, this);
}

_IO_TIMER::~_IO_TIMER() {
    stop();
    pw::ke::remove_dpc(dpc_);
    pw::ke::flush_dpcs();  // a call that has begun ends before the timer's memory goes
}

void _IO_TIMER::start() {
    if (running_.exchange(true, std::memory_order_acq_rel)) return;
    LARGE_INTEGER due_time;
    due_time.QuadPart = first_due_time;
    dispatcher_.set_timer(timer_, due_time, period_ms, &dpc_);
}

void _IO_TIMER::stop() {
    if (!running_.exchange(false, std::memory_order_acq_rel)) return;
    dispatcher_.cancel_timer(timer_);
}

void NTAPI _IO_TIMER::expired(KDPC*, PVOID context, PVOID, PVOID) {
    auto& timer = *static_cast<_IO_TIMER*>(context);
    if (timer.running_.load(std::memory_order_acquire)) timer.routine_(&timer.device_, timer.context_);
}
