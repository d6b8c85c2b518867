/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REGISTRY_PUBLIC_H
#define REGISTRY_PUBLIC_H

#define TEST_NAME "PwRegistry"
#define SERVICE_KEY "System\\CurrentControlSet\\Services\\PwRegistryTest"

/* No input: the driver checks what the application has set, and sets something for the application. */
#define IOCTL_CHECK_AND_ANSWER CTL_CODE(0x8344, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* What DriverEntry found in its Parameters key. */
#define IOCTL_PARAMETERS CTL_CODE(0x8344, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct {
    unsigned int Limit;
    unsigned int Missing;
    unsigned int NameLength; /* characters */
    unsigned short Name[32];
} PARAMETERS;

#endif
