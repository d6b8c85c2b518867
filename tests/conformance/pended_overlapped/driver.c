/* SPDX-License-Identifier: Apache-2.0 */
/* Pends a METHOD_OUT_DIRECT request and completes it from a timer DPC: see frame/pended_driver.h. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"
#include "frame/pended_driver.h"
