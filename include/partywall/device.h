/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Simulated devices: what hardware does on Windows, a driver or a test does here by a call. Include ntddk.h, wdm.h or
 * ntifs.h before it. Windows has no such header: keep its use in one place, the "hardware" of your driver.
 */
#ifndef PARTYWALL_DEVICE_H
#define PARTYWALL_DEVICE_H

PW_API_BEGIN

/* An interrupt resource, as the PnP manager assigns it to a device. */
typedef struct pw_interrupt_line {
    ULONG Vector;         /* below 256; of messages the first, message i has Vector + i */
    KIRQL Irql;           /* above DISPATCH_LEVEL and below CLOCK_LEVEL; PASSIVE_LEVEL: the routine runs at PASSIVE_LEVEL */
    KINTERRUPT_MODE Mode;
    BOOLEAN Shared;
    KAFFINITY Affinity;   /* processors that take it; 0: all */
    ULONG MessageCount;   /* 0: a line; else message-signalled, 1..32 */
} pw_interrupt_line;

/*
 * Raises the line of `Vector`: the routines that IoConnectInterrupt(Ex) connected run before the call returns, at their
 * IRQL; at or above that IRQL as soon as this thread goes below it. Any IRQL. FALSE: nothing is connected, or nobody said
 * that it was his device.
 */
BOOLEAN NTAPI pw_raise_interrupt(ULONG Vector);

/*
 * Gives a device an interrupt resource, for IoConnectInterruptEx with CONNECT_LINE_BASED and CONNECT_MESSAGE_BASED.
 * PASSIVE_LEVEL, before the device is in use. STATUS_INVALID_PARAMETER.
 */
NTSTATUS NTAPI pw_add_device_interrupt(PDEVICE_OBJECT PhysicalDeviceObject, const pw_interrupt_line *Line);

PW_API_END

#endif
