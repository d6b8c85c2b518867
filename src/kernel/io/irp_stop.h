// SPDX-License-Identifier: Apache-2.0
// Bug checks about an IRP: the report carries what is known of it.
#pragma once

#include <nt/io_inlines.h>

#include <string>

namespace pw::io {

class RequestObserver;

// The IRP's state from its documented bytes: function, devices with their drivers, status, flags. Reads with care: the IRP
// may be anything. One line per fact.
[[nodiscard]] std::string describe_irp(PIRP irp);

struct IrpViolation {
    ULONG code = 0;
    ULONG_PTR parameters[4] = {};
    const char* detail = nullptr;
};
// Ends in a bug check. `observer` (may be null) adds the IRP's history.
[[noreturn]] void stop_for_irp(PIRP irp, const IrpViolation& violation, RequestObserver* observer);

}  // namespace pw::io
