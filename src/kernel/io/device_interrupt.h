// SPDX-License-Identifier: Apache-2.0
// A device's interrupts: the resources that it has, and IoConnectInterrupt(Ex) on them.
#pragma once

#include <nt/io_inlines.h>

#include "base/status.h"
#include "kernel/dispatcher/dispatcher.h"

namespace pw::io {

// A resource, as the PnP manager would have assigned it (partywall/device.h).
struct InterruptLine {
    ULONG vector = 0;  // of messages the first
    KIRQL irql = 0;
    KINTERRUPT_MODE mode = LevelSensitive;
    bool shared = false;
    KAFFINITY affinity = 0;      // 0: all processors
    ULONG message_count = 0;     // 0: a line
};

inline constexpr ULONG max_interrupt_messages = 32;

// IoConnectInterruptEx, all versions. STATUS_NOT_SUPPORTED for a version of the future (Version is set to the highest one);
// STATUS_NOT_FOUND when the device has no such resource; STATUS_INVALID_PARAMETER. PASSIVE_LEVEL (else a bug check).
[[nodiscard]] Status connect_interrupt(ke::Dispatcher& dispatcher, IO_CONNECT_INTERRUPT_PARAMETERS& parameters);
void disconnect_interrupt(ke::Dispatcher& dispatcher, IO_DISCONNECT_INTERRUPT_PARAMETERS& parameters);
// IoReportInterruptActive and Inactive.
void set_interrupt_active(const IO_CONNECT_INTERRUPT_PARAMETERS& parameters, bool active);

}  // namespace pw::io
