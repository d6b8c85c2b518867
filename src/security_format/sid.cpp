// SPDX-License-Identifier: Apache-2.0
#include "security_format/sid.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace pw::se {
namespace {

constexpr std::uint64_t nt_authority = 5;
constexpr std::uint64_t unix_authority = 22;
constexpr std::uint64_t max_authority = (std::uint64_t{1} << 48) - 1;

// Digits of a number in `base`; the number and what follows it. Nothing without a digit or beyond `limit`.
std::optional<std::uint64_t> take_number(std::u16string_view& text, unsigned base, std::uint64_t limit) {
    std::uint64_t value = 0;
    std::size_t digits = 0;
    for (; digits < text.size(); ++digits) {
        const char16_t c = text[digits];
        unsigned digit = 99;
        if (c >= u'0' && c <= u'9') digit = static_cast<unsigned>(c - u'0');
        else if (c >= u'a' && c <= u'f') digit = static_cast<unsigned>(c - u'a') + 10;
        else if (c >= u'A' && c <= u'F') digit = static_cast<unsigned>(c - u'A') + 10;
        if (digit >= base) break;
        if (value > (limit - digit) / base) return std::nullopt;
        value = value * base + digit;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

std::optional<std::uint64_t> take_authority(std::u16string_view& text) {
    const bool is_hexadecimal = text.size() > 2 && text[0] == u'0' && (text[1] == u'x' || text[1] == u'X');
    if (is_hexadecimal) text.remove_prefix(2);
    return take_number(text, is_hexadecimal ? 16 : 10, max_authority);
}

void append_number(std::u16string& text, std::uint64_t value) {
    for (const char c : std::to_string(value)) text.push_back(static_cast<char16_t>(c));
}

}  // namespace

Sid::Sid(std::uint64_t authority, std::initializer_list<std::uint32_t> sub_authorities) {
    PW_CHECK(sub_authorities.size() <= SID_MAX_SUB_AUTHORITIES && authority <= max_authority);
    bytes_[1] = static_cast<std::byte>(sub_authorities.size());
    for (unsigned i = 0; i < 6; ++i) bytes_[2 + i] = static_cast<std::byte>(authority >> (8 * (5 - i)));
    if (sub_authorities.size() == 0) return;
    std::memcpy(bytes_.data() + fixed_bytes, std::data(sub_authorities), 4 * sub_authorities.size());
}

std::optional<Sid> Sid::parse(std::span<const std::byte> bytes) {
    if (bytes.size() < fixed_bytes || bytes[0] != std::byte{SID_REVISION}) return std::nullopt;
    const std::size_t count = std::to_integer<std::size_t>(bytes[1]);
    if (count > SID_MAX_SUB_AUTHORITIES || bytes.size() < fixed_bytes + 4 * count) return std::nullopt;
    Sid sid;
    std::copy_n(bytes.begin(), fixed_bytes + 4 * count, sid.bytes_.begin());
    return sid;
}

std::size_t sid_length_bytes(const void* sid) {
    if (sid == nullptr) return 0;
    const auto* head = static_cast<const std::uint8_t*>(sid);
    if (head[0] != SID_REVISION || head[1] > SID_MAX_SUB_AUTHORITIES) return 0;
    return Sid::fixed_bytes + 4 * std::size_t{head[1]};
}

std::optional<Sid> Sid::from_memory(const void* sid) {
    const std::size_t length = sid_length_bytes(sid);
    if (length == 0) return std::nullopt;
    return parse({static_cast<const std::byte*>(sid), length});
}

std::optional<Sid> Sid::from_text(std::u16string_view text) {
    if (text.size() < 4 || (text[0] != u'S' && text[0] != u's') || text.substr(1, 3) != u"-1-") return std::nullopt;
    text.remove_prefix(4);
    const auto authority = take_authority(text);
    if (!authority) return std::nullopt;
    Sid sid(*authority, {});
    std::size_t count = 0;
    while (!text.empty()) {
        if (text.front() != u'-' || count == SID_MAX_SUB_AUTHORITIES) return std::nullopt;
        text.remove_prefix(1);
        const auto sub_authority = take_number(text, 10, 0xFFFFFFFF);
        if (!sub_authority) return std::nullopt;
        const auto value = static_cast<std::uint32_t>(*sub_authority);
        std::memcpy(sid.bytes_.data() + fixed_bytes + 4 * count, &value, sizeof value);
        ++count;
    }
    if (count == 0) return std::nullopt;
    sid.bytes_[1] = static_cast<std::byte>(count);
    return sid;
}

std::u16string Sid::text() const {
    std::uint64_t authority = 0;
    for (unsigned i = 0; i < 6; ++i) authority = authority << 8 | std::to_integer<std::uint64_t>(bytes_[2 + i]);
    std::u16string text = u"S-1-";
    if (authority <= 0xFFFFFFFF) {
        append_number(text, authority);
    } else {
        // Documented: authorities of more than 32 bits are written in hexadecimal.
        text += u"0x";
        for (int shift = 44; shift >= 0; shift -= 4) {
            text.push_back(u"0123456789ABCDEF"[(authority >> shift) & 0xF]);
        }
    }
    for (std::size_t at = fixed_bytes; at < length_bytes(); at += 4) {
        std::uint32_t value;
        std::memcpy(&value, bytes_.data() + at, sizeof value);
        text.push_back(u'-');
        append_number(text, value);
    }
    return text;
}

bool operator==(const Sid& a, const Sid& b) { return std::ranges::equal(a.bytes(), b.bytes()); }

namespace well_known {

Sid nobody() { return {0, {SECURITY_NULL_RID}}; }
Sid everyone() { return {1, {SECURITY_WORLD_RID}}; }
Sid local() { return {2, {SECURITY_LOCAL_RID}}; }
Sid creator_owner() { return {3, {SECURITY_CREATOR_OWNER_RID}}; }
Sid creator_group() { return {3, {SECURITY_CREATOR_GROUP_RID}}; }
Sid owner_rights() { return {3, {4}}; }
Sid interactive() { return {nt_authority, {SECURITY_INTERACTIVE_RID}}; }
Sid anonymous() { return {nt_authority, {SECURITY_ANONYMOUS_LOGON_RID}}; }
Sid authenticated_users() { return {nt_authority, {SECURITY_AUTHENTICATED_USER_RID}}; }
Sid restricted_code() { return {nt_authority, {SECURITY_RESTRICTED_CODE_RID}}; }
Sid local_system() { return {nt_authority, {SECURITY_LOCAL_SYSTEM_RID}}; }
Sid administrators() { return {nt_authority, {SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS}}; }
Sid users() { return {nt_authority, {SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_USERS}}; }
Sid unix_user(std::uint32_t user_id) { return {unix_authority, {1, user_id}}; }
Sid unix_group(std::uint32_t group_id) { return {unix_authority, {2, group_id}}; }

}  // namespace well_known
}  // namespace pw::se
