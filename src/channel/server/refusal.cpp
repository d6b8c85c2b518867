// SPDX-License-Identifier: Apache-2.0
#include "channel/server/refusal.h"

#include <algorithm>
#include <cstring>

#include "platform/process_identity.h"

namespace pw::channel {

Refused refusal(const std::string& text) {
    Refused message{};
    message.kind = static_cast<std::uint32_t>(MessageKind::refused);
    message.version = wire_version;
    message.text_bytes = static_cast<std::uint32_t>(std::min(text.size(), sizeof message.text));
    std::memcpy(message.text, text.data(), message.text_bytes);
    return message;
}

std::string out_of_descriptors_text() {
    return "it has no file descriptors left (its limit is " + std::to_string(platform::descriptor_limit()) +
           "); end some applications, or start it with a higher limit of open files (ulimit -Hn)";
}

}  // namespace pw::channel
