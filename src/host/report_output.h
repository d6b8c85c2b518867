// SPDX-License-Identifier: Apache-2.0
// ReportOutput: where drivers' DbgPrint text and the kernel's diagnostics go: standard error, each line with its source.
#pragma once

#include <string>
#include <string_view>

#include "base/lock.h"

namespace pw::host {

class ReportOutput {
public:
    // quiet: drops what drivers print; diagnostics stay.
    explicit ReportOutput(bool quiet) : quiet_(quiet) {}

    // `caller`: an address in the driver that prints. Lines are put together across calls; a line begins with the driver.
    void debug_print(const void* caller, std::string_view text);
    // One line of ours.
    void report(const std::string& line);

private:
    const bool quiet_;
    Mutex lock_{LockRank::leaf};
    bool in_line_ PW_GUARDED_BY(lock_) = false;
    std::string line_owner_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::host
