// SPDX-License-Identifier: Apache-2.0
// Annotations for locks: part of <sal.h>.
#include <sal.h>
