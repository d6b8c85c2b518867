/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PENDED_THREAD_PUBLIC_H
#define PENDED_THREAD_PUBLIC_H

#define TEST_NAME "PwPendedThread"

#include "frame/pended.h"

#endif
