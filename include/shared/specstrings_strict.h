// SPDX-License-Identifier: Apache-2.0
// Part of <specstrings.h>.
#include <specstrings.h>
