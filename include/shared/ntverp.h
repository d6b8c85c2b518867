// SPDX-License-Identifier: Apache-2.0
// The version of the product that these headers describe.
#ifndef PW_NTVERP_H
#define PW_NTVERP_H
#define VER_PRODUCTBUILD 22621
#define VER_PRODUCTMAJORVERSION 10
#define VER_PRODUCTMINORVERSION 0
#endif
