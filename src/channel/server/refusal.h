// SPDX-License-Identifier: Apache-2.0
// What a client is told that gets no connection.
#pragma once

#include <string>

#include "channel/wire/wire.h"

namespace pw::channel {

[[nodiscard]] Refused refusal(const std::string& text);
// With the limit that the host has, and the remedy.
[[nodiscard]] std::string out_of_descriptors_text();

}  // namespace pw::channel
