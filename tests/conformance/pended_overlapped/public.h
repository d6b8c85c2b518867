/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PENDED_OVERLAPPED_PUBLIC_H
#define PENDED_OVERLAPPED_PUBLIC_H

#define TEST_NAME "PwPendedOverlapped"

#include "frame/pended.h"

#endif
