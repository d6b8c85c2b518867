// SPDX-License-Identifier: Apache-2.0
// Interlocked operations: part of the shared headers.
#include <pw_interlocked.h>
