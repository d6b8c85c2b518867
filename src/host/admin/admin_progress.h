// SPDX-License-Identifier: Apache-2.0
// AdminProgress: how a command tells the tool that asked for it what it waits for, and hears that nobody waits any more.
#pragma once

#include <string>

namespace pw::host {

class AdminProgress {
public:
    virtual ~AdminProgress() = default;
    // One line for people.
    virtual void say(const std::string& line) = 0;
    // Sleeps for so long, or until the tool is gone or the host ends: false then.
    [[nodiscard]] virtual bool pause_ms(int duration_ms) = 0;
};

}  // namespace pw::host
