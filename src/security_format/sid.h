// SPDX-License-Identifier: Apache-2.0
// Sid: a security identifier, S-1-…, as a value.
#pragma once

#include <pw_security.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pw::se {

class Sid {
public:
    static constexpr std::size_t fixed_bytes = 8;
    static constexpr std::size_t max_bytes = fixed_bytes + 4 * SID_MAX_SUB_AUTHORITIES;

    Sid() = default;  // S-1-0: no sub-authority; names nobody
    // At most 15 sub-authorities.
    Sid(std::uint64_t authority, std::initializer_list<std::uint32_t> sub_authorities);

    // The SID at the start of `bytes`; nothing if it is not valid or does not fit.
    [[nodiscard]] static std::optional<Sid> parse(std::span<const std::byte> bytes);
    // A SID in the caller's own memory; nothing for null or a wrong revision or count.
    [[nodiscard]] static std::optional<Sid> from_memory(const void* sid);
    // "S-1-5-18", also with a hexadecimal authority, in either case; nothing for anything else (aliases are SDDL's).
    [[nodiscard]] static std::optional<Sid> from_text(std::u16string_view text);
    [[nodiscard]] std::u16string text() const;

    [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.data(), length_bytes()}; }
    [[nodiscard]] std::size_t length_bytes() const { return fixed_bytes + 4 * std::to_integer<std::size_t>(bytes_[1]); }
    // For the calls that take a PSID and only read it.
    [[nodiscard]] PSID get() const { return const_cast<std::byte*>(bytes_.data()); }
    friend bool operator==(const Sid& a, const Sid& b);

private:
    alignas(4) std::array<std::byte, max_bytes> bytes_{std::byte{SID_REVISION}};
};

// Bytes of a valid SID in the caller's memory; 0 for null or what is none.
[[nodiscard]] std::size_t sid_length_bytes(const void* sid);

namespace well_known {

[[nodiscard]] Sid nobody();               // S-1-0-0
[[nodiscard]] Sid everyone();             // S-1-1-0
[[nodiscard]] Sid local();                // S-1-2-0
[[nodiscard]] Sid creator_owner();        // S-1-3-0
[[nodiscard]] Sid creator_group();        // S-1-3-1
[[nodiscard]] Sid owner_rights();         // S-1-3-4
[[nodiscard]] Sid interactive();          // S-1-5-4
[[nodiscard]] Sid anonymous();            // S-1-5-7
[[nodiscard]] Sid authenticated_users();  // S-1-5-11
[[nodiscard]] Sid restricted_code();      // S-1-5-12
[[nodiscard]] Sid local_system();         // S-1-5-18
[[nodiscard]] Sid administrators();       // S-1-5-32-544
[[nodiscard]] Sid users();                // S-1-5-32-545

// Samba's convention for what has no Windows account: S-1-22-1-uid, S-1-22-2-gid.
[[nodiscard]] Sid unix_user(std::uint32_t user_id);
[[nodiscard]] Sid unix_group(std::uint32_t group_id);

}  // namespace well_known
}  // namespace pw::se
