// SPDX-License-Identifier: Apache-2.0
// StartIo: the I/O manager's queue of packets for a device that does one request at a time (IoStartPacket …).
#pragma once

#include <nt/io_inlines.h>

namespace pw::io {

// Calls the driver's StartIo with the IRP if the device is idle, else queues it: by `key` if given, else at the end. With
// `cancel_function` the IRP can be cancelled while it is queued. IRQL <= DISPATCH_LEVEL; StartIo runs at DISPATCH_LEVEL.
void start_packet(DEVICE_OBJECT& device, PIRP irp, const ULONG* key, PDRIVER_CANCEL cancel_function);

// The device is done with its current packet: calls StartIo with the next one, by key if given, or makes the device idle.
// `cancelable`: the packets were queued with a cancel function. At DISPATCH_LEVEL (else bug check
// IRQL_NOT_DISPATCH_LEVEL).
void start_next_packet(DEVICE_OBJECT& device, bool cancelable, const ULONG* key);

// IoSetStartIoAttributes. deferred: a start_next_packet from within StartIo takes effect when StartIo returns, so the stack
// does not grow. non_cancelable: the cancel routine is taken away before StartIo gets the packet.
struct StartIoAttributes {
    bool deferred = false;
    bool non_cancelable = false;
};

}  // namespace pw::io
