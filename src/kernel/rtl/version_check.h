// SPDX-License-Identifier: Apache-2.0
// RtlVerifyVersionInfo: whether a version meets conditions, one per part, as VerSetConditionMask packs them.
#pragma once

#include <cstdint>

namespace pw::rtl {

struct Version {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    std::uint32_t build = 0;
    std::uint32_t platform = 0;
    std::uint32_t service_pack_major = 0;
    std::uint32_t service_pack_minor = 0;
    std::uint32_t suites = 0;        // bits
    std::uint32_t product_type = 0;
};

enum class VersionVerdict { meets, differs, invalid };  // invalid: no part asked for, or no condition for one

// VerSetConditionMask: the mask with `condition` (VER_EQUAL …) for every part of `type_mask` (VER_MINORVERSION …).
[[nodiscard]] std::uint64_t set_condition(std::uint64_t mask, std::uint32_t type_mask, std::uint8_t condition);
// Of major, minor, service pack major and minor versions a later one counts only while the earlier ones are equal.
[[nodiscard]] VersionVerdict verify_version(const Version& system, const Version& wanted, std::uint32_t type_mask, std::uint64_t conditions);

}  // namespace pw::rtl
