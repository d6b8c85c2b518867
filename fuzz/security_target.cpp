// SPDX-License-Identifier: Apache-2.0
// Security descriptors: as hostile bytes, and as SDDL text. What was understood survives a round trip in both forms.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "security_format/descriptor.h"
#include "security_format/sddl.h"

using namespace pw;

namespace {

constexpr SECURITY_INFORMATION everything = 0xF;  // owner, group, DACL, SACL

// `from_text`: what was read once is read again. Bytes may hold SIDs without sub-authorities, which have no such text.
void round_trip(const se::DescriptorParts& parts, bool from_text) {
    const std::vector<std::byte> bytes = parts.to_self_relative();
    PW_CHECK(bytes.size() == parts.self_relative_bytes());
    auto again = se::DescriptorParts::from_self_relative(bytes);
    PW_CHECK(again.is_ok());
    PW_CHECK(again->to_self_relative() == bytes);
    const auto text = se::print_sddl(parts, everything);
    if (!text.is_ok()) return;  // entries that have no text
    const auto parsed = se::parse_sddl(*text);
    PW_CHECK(parsed.is_ok() || !from_text);
    if (!parsed.is_ok()) return;
    const auto printed = se::print_sddl(*parsed, everything);
    PW_CHECK(printed.is_ok() && *printed == *text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 8000) return 0;
    if (data[0] & 1) {
        const auto parts = se::DescriptorParts::from_self_relative(std::as_bytes(std::span(data + 1, size - 1)));
        if (parts.is_ok()) round_trip(*parts, false);
        return 0;
    }
    const std::u16string text(data + 1, data + size);
    static_cast<void>(se::parse_sid(text));
    const auto parts = se::parse_sddl(text);
    if (parts.is_ok()) round_trip(*parts, true);
    return 0;
}
