/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENTS_PUBLIC_H
#define EVENTS_PUBLIC_H

#define TEST_NAME "PwEvents"

#define EVENT_NAME_NT "\\BaseNamedObjects\\PwConformanceEvent"
#define EVENT_NAME_WIN32 "Global\\PwConformanceEvent"

/* The driver creates the named notification event (in the caller's context), sets, clears, tests and closes it. */
#define IOCTL_NAMED_CREATE CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_NAMED_SET CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_NAMED_CLEAR CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_NAMED_TEST CTL_CODE(0x8338, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS) /* output: 1 or 0 */
#define IOCTL_NAMED_CLOSE CTL_CODE(0x8338, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Input: a handle of the application's event, as 64 bits. The driver references it and sets it now or from a DPC. */
#define IOCTL_HANDLE_SET CTL_CODE(0x8338, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_HANDLE_SET_LATER CTL_CODE(0x8338, 0x806, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Input: as above. The driver waits for the event (ten seconds at most) and completes when it is set. */
#define IOCTL_HANDLE_WAIT CTL_CODE(0x8338, 0x807, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
