// SPDX-License-Identifier: Apache-2.0
// The two-letter words of SDDL, as documented ("Security Descriptor String Format", "SID Strings", "ACE Strings").
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "security_format/sid.h"

namespace pw::se {

struct SddlSid {
    std::u16string_view name;
    std::uint64_t authority;
    std::uint32_t first;
    std::uint32_t second;  // 0: no second sub-authority
    [[nodiscard]] Sid sid() const { return second == 0 ? Sid(authority, {first}) : Sid(authority, {first, second}); }
};
[[nodiscard]] std::span<const SddlSid> sddl_sids();
// Names of accounts of a domain or of this machine's account database, which have no SID here.
[[nodiscard]] bool is_domain_account(std::u16string_view name);

struct SddlWord {
    std::u16string_view name;
    std::uint32_t value;
};
[[nodiscard]] std::span<const SddlWord> sddl_single_rights();     // one bit each, ascending
[[nodiscard]] std::span<const SddlWord> sddl_composite_rights();  // FA, KR …
[[nodiscard]] std::span<const SddlWord> sddl_label_rights();      // of ML entries: NW, NR, NX
[[nodiscard]] std::span<const SddlWord> sddl_ace_types();
[[nodiscard]] std::span<const SddlWord> sddl_ace_flags();

}  // namespace pw::se
