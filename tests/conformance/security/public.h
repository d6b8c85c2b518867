/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SECURITY_PUBLIC_H
#define SECURITY_PUBLIC_H

#define TEST_NAME "PwSecurity"

/* A section of the driver's that the system may read and nobody write: "D:P(A;;GR;;;WD)". */
#define READ_ONLY_NAME "PwSecurityReadOnly"
#define READ_ONLY_BYTES 65536
/* A device for kernel-mode callers alone: SDDL_DEVOBJ_KERNEL_ONLY. */
#define KERNEL_ONLY_NAME "PwSecurityKernelOnly"
/* An event that the driver makes in its DriverEntry, without a security descriptor of its own. */
#define DEFAULT_EVENT_NAME "PwSecurityDefault"

/* The driver's own checks of Se and Rtl routines. */
#define IOCTL_ROUTINES CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* In: ULONG. Writes it to the start of the section. */
#define IOCTL_WRITE CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
