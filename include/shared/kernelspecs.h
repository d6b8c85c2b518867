// SPDX-License-Identifier: Apache-2.0
// Annotations for kernel code: part of <driverspecs.h>.
#include <driverspecs.h>
