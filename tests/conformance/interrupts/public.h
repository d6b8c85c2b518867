/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - interrupts: what driver and application agree on. */
#ifndef INTERRUPTS_PUBLIC_H
#define INTERRUPTS_PUBLIC_H

#define TEST_NAME "PwTestInterrupts"

/* Checks of the driver alone. */
#define IOCTL_INTERRUPT_SELF CTL_CODE(0x833b, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Pended until the device interrupts: ISR, DPC, completion. Output: the number of the interrupt. */
#define IOCTL_INTERRUPT_WAIT CTL_CODE(0x833b, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* The device interrupts. */
#define IOCTL_INTERRUPT_RAISE CTL_CODE(0x833b, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Increments a counter Input times with KeSynchronizeExecution while the device interrupts as often; from several threads.
   Output of IOCTL_INTERRUPT_COUNT: the counter, and how often a routine found another one inside. */
#define IOCTL_INTERRUPT_RACE CTL_CODE(0x833b, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERRUPT_COUNT CTL_CODE(0x833b, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _INTERRUPT_COUNTS {
    unsigned int Counter;
    unsigned int Collisions;
} INTERRUPT_COUNTS;

#endif
