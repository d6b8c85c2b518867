// SPDX-License-Identifier: Apache-2.0
// The filter of DbgPrintEx: which levels of which components are shown. All are, until a driver says otherwise.
#pragma once

#include <ntdef.h>

namespace pw::wdk {

// level: 0..31 is a bit's number, above that it is a mask of bits, as for DbgPrintEx.
[[nodiscard]] bool debug_filter_passes(ULONG component, ULONG level);
void set_debug_filter(ULONG component, ULONG level, bool shown);

}  // namespace pw::wdk
