/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICE_PUBLIC_H
#define SERVICE_PUBLIC_H

#define TEST_NAME "PwService"

/* Output: RegistryPath of DriverEntry as characters (not terminated). */
#define IOCTL_REGISTRY_PATH CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
