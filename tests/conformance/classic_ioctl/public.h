/* SPDX-License-Identifier: Apache-2.0 */
/*++

Module: public.h

    Control codes and names that the driver and the console application share.

--*/
#define TEST_NAME "PwClassicIoctl"

#define CLASSIC_TYPE 40001

#define IOCTL_CLASSIC_BUFFERED \
    CTL_CODE( CLASSIC_TYPE, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS  )

#define IOCTL_CLASSIC_IN_DIRECT \
    CTL_CODE( CLASSIC_TYPE, 0x901, METHOD_IN_DIRECT, FILE_ANY_ACCESS  )

#define IOCTL_CLASSIC_OUT_DIRECT \
    CTL_CODE( CLASSIC_TYPE, 0x902, METHOD_OUT_DIRECT, FILE_ANY_ACCESS  )

#define IOCTL_CLASSIC_NEITHER \
    CTL_CODE( CLASSIC_TYPE, 0x903, METHOD_NEITHER, FILE_ANY_ACCESS  )

#define CLASSIC_DRIVER_NAME "PwClassicIoctl"

/* What the driver leaves in each output buffer. */
#define CLASSIC_REPLY "This string was left here by the driver"
