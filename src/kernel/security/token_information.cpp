// SPDX-License-Identifier: Apache-2.0
#include "kernel/security/token_information.h"

#include <ntstatus.h>

#include <bit>
#include <cstring>

namespace pw::se {
namespace {

using Bytes = std::vector<std::byte>;

template <typename T>
Bytes bytes_of(const T& value) {
    Bytes bytes(sizeof value);
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

// Puts a part behind what is there and its offset at `at`.
void append(Bytes& answer, std::size_t at, std::span<const std::byte> part) {
    const std::uint64_t offset = (answer.size() + 7) & ~std::size_t{7};
    answer.resize(offset + part.size());
    std::memcpy(answer.data() + offset, part.data(), part.size());
    std::memcpy(answer.data() + at, &offset, sizeof offset);
}

Bytes sid_and_attributes(const Sid& sid, DWORD attributes) {
    Bytes answer = bytes_of(SID_AND_ATTRIBUTES{nullptr, attributes});
    append(answer, 0, sid.bytes());
    return answer;
}

Bytes pointer_to(std::span<const std::byte> part) {
    Bytes answer(sizeof(PVOID));
    append(answer, 0, part);
    return answer;
}

Bytes groups(std::span<const TokenGroup> list) {
    Bytes answer(offsetof(TOKEN_GROUPS, Groups) + list.size() * sizeof(SID_AND_ATTRIBUTES));
    const auto count = static_cast<DWORD>(list.size());
    std::memcpy(answer.data(), &count, sizeof count);
    std::size_t at = offsetof(TOKEN_GROUPS, Groups);
    for (const TokenGroup& group : list) {
        std::memcpy(answer.data() + at + offsetof(SID_AND_ATTRIBUTES, Attributes), &group.attributes, sizeof(DWORD));
        append(answer, at, group.sid.bytes());
        at += sizeof(SID_AND_ATTRIBUTES);
    }
    return answer;
}

Bytes privileges(const Token& token) {
    const PrivilegeSet enabled = token.enabled_privileges();
    Bytes answer(sizeof(DWORD));
    const auto count = static_cast<DWORD>(std::popcount(token.privileges()));
    std::memcpy(answer.data(), &count, sizeof count);
    for (unsigned i = first_privilege; i <= last_privilege; ++i) {
        const PrivilegeSet bit = PrivilegeSet{1} << i;
        if (!(token.privileges() & bit)) continue;
        LUID_AND_ATTRIBUTES entry{};
        entry.Luid.LowPart = i;
        if (token.default_privileges() & bit) entry.Attributes |= SE_PRIVILEGE_ENABLED_BY_DEFAULT;
        if (enabled & bit) entry.Attributes |= SE_PRIVILEGE_ENABLED;
        const Bytes bytes = bytes_of(entry);
        answer.insert(answer.end(), bytes.begin(), bytes.end());
    }
    return answer;
}

TOKEN_STATISTICS statistics(const Token& token) {
    TOKEN_STATISTICS out{};
    out.TokenId = token.id();
    out.AuthenticationId = token.authentication_id();
    out.ExpirationTime.QuadPart = 0x7FFFFFFFFFFFFFFF;
    out.TokenType = TokenPrimary;
    out.GroupCount = static_cast<DWORD>(token.groups().size());
    out.PrivilegeCount = static_cast<DWORD>(std::popcount(token.privileges()));
    out.ModifiedId = token.id();
    return out;
}

// S-1-16-…: what Windows gives to the system, to elevated and to standard users.
Sid integrity_level(const Token& token) {
    constexpr std::uint64_t mandatory_label_authority = 16;
    if (token.user() == well_known::local_system()) return {mandatory_label_authority, {0x4000}};
    return {mandatory_label_authority, {token.is_administrator() ? 0x3000u : 0x2000u}};
}

}  // namespace

Result<Bytes> token_information(const Token& token, TOKEN_INFORMATION_CLASS information_class) {
    constexpr DWORD integrity_attributes = 0x60;  // SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED
    constexpr DWORD elevation_type_default = 1;
    switch (information_class) {
        case TokenUser: return sid_and_attributes(token.user(), 0);
        case TokenGroups: return groups(token.groups());
        case TokenPrivileges: return privileges(token);
        case TokenOwner: return pointer_to(token.owner().bytes());
        case TokenPrimaryGroup: return pointer_to(token.primary_group().bytes());
        case TokenDefaultDacl: return pointer_to(token.default_dacl());
        case TokenSource: {
            TOKEN_SOURCE source{};
            std::memcpy(source.SourceName, "Unix    ", sizeof source.SourceName);
            return bytes_of(source);
        }
        case TokenType: return bytes_of(TokenPrimary);
        case TokenStatistics: return bytes_of(statistics(token));
        case TokenRestrictedSids: return groups({});
        case TokenSessionId: return bytes_of(DWORD{0});
        case TokenElevationType: return bytes_of(elevation_type_default);
        case TokenElevation: return bytes_of(DWORD{token.is_administrator()});
        case TokenHasRestrictions: return bytes_of(DWORD{0});
        case TokenIntegrityLevel: return sid_and_attributes(integrity_level(token), integrity_attributes);
        default: return STATUS_INVALID_INFO_CLASS;
    }
}

}  // namespace pw::se
