// SPDX-License-Identifier: Apache-2.0
// What travels on a host's administration socket (SOCK_SEQPACKET): frames of a small header and JSON text. See docs/tools.md.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pw::channel {

// A request is one frame; an answer is any number of `progress` and `part` frames and one `last` or `refused` frame.
enum class AdminFrame : std::uint32_t {
    request = 1,   // tool: {"command": …, …}
    progress = 2,  // host: one line of text for people
    part = 3,      // host: a piece of the answer's JSON; more follows
    last = 4,      // host: the end of the answer's JSON
    refused = 5,   // host: one line of text, then it closes
};

inline constexpr std::uint32_t admin_magic = 0x41575031;  // the bytes "1PWA"
inline constexpr std::uint32_t admin_version = 1;
inline constexpr std::size_t max_admin_request_bytes = 16 * 1024;
inline constexpr std::size_t max_admin_frame_bytes = 32 * 1024;
// A tool believes no answer that is longer.
inline constexpr std::size_t max_admin_answer_bytes = std::size_t{256} << 20;

// Keeps its layout in every version, so that any tool can show a refusal.
struct AdminHeader {
    std::uint32_t magic;
    std::uint32_t version;
    std::uint32_t kind;
    std::uint32_t reserved;
};
static_assert(sizeof(AdminHeader) == 16);

}  // namespace pw::channel
