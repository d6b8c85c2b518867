// SPDX-License-Identifier: Apache-2.0
// Interlocked operations and intrinsics: the shared headers.
#include <intrin.h>
