// SPDX-License-Identifier: Apache-2.0
// The layout table against our headers, in C++ as a driver is compiled.
#include "layout_checks.h"
