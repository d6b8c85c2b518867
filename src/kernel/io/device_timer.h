// SPDX-License-Identifier: Apache-2.0
// A device's timer (IoInitializeTimer): calls the driver's routine once a second at DISPATCH_LEVEL while it runs.
#pragma once

#include <nt/io_inlines.h>

#include <atomic>

namespace pw::ke {
class Dispatcher;
}

// What DEVICE_OBJECT::Timer points to; opaque to drivers.
struct _IO_TIMER {
    _IO_TIMER(pw::ke::Dispatcher& dispatcher, DEVICE_OBJECT& device, PIO_TIMER_ROUTINE routine, PVOID context);
    // Waits until no call of the routine is under way. On a kernel thread below DISPATCH_LEVEL.
    ~_IO_TIMER();
    _IO_TIMER(const _IO_TIMER&) = delete;
    _IO_TIMER& operator=(const _IO_TIMER&) = delete;

    // IRQL <= DISPATCH_LEVEL. Starting a running timer, and stopping one that stands, change nothing.
    void start();
    void stop();

private:
    static void NTAPI expired(KDPC* dpc, PVOID context, PVOID argument1, PVOID argument2);

    pw::ke::Dispatcher& dispatcher_;
    DEVICE_OBJECT& device_;
    const PIO_TIMER_ROUTINE routine_;
    const PVOID context_;
    KTIMER timer_;
    KDPC dpc_;
    std::atomic<bool> running_{false};
};

namespace pw::io {
using DeviceTimer = ::_IO_TIMER;
}
