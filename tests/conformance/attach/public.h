/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - attach: what driver and application agree on. */
#ifndef ATTACH_PUBLIC_H
#define ATTACH_PUBLIC_H

#define TEST_NAME "PwTestAttach"

#define ATTACH_BYTES 8192u
#define ATTACH_BEFORE(index) ((unsigned char)((index) * 3 + 1))
#define ATTACH_AFTER(index, how) ((unsigned char)((index) * 5 + (how)))

/* A system thread attaches to the calling process, checks ATTACH_BEFORE in its memory and writes ATTACH_AFTER. Input: an
   ATTACH_REQUEST. */
#define IOCTL_ATTACH CTL_CODE(0x833c, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define ATTACH_STACK 1   /* KeStackAttachProcess */
#define ATTACH_ONCE 2    /* KeAttachProcess */
#define ATTACH_NESTED 3  /* into the System process and back again before it works */

typedef struct _ATTACH_REQUEST {
    unsigned long long Address;
    unsigned int How;
    unsigned int Reserved;
} ATTACH_REQUEST;

#endif
