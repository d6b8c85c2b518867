/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEARDOWN_STOPS_PUBLIC_H
#define TEARDOWN_STOPS_PUBLIC_H

#define TEST_NAME "PwTeardownStops"

/* Input: one unsigned int, a way to take memory down wrongly. */
#define IOCTL_TEAR_DOWN CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define IN_ORDER 0
#define UNLOCK_TWICE 1         /* PFN_LIST_CORRUPT */
#define FREE_WHILE_LOCKED 2    /* PFN_LIST_CORRUPT */
#define UNMAP_IO_SPACE_TWICE 3 /* SYSTEM_PTE_MISUSE */

#endif
