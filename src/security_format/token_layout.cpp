// SPDX-License-Identifier: Apache-2.0
#include "security_format/token_layout.h"

#include <cstring>

namespace pw::se {
namespace {

bool fits(std::span<const std::byte> answer, std::size_t at) { return at <= answer.size() && answer.size() - at >= sizeof(PSID); }

// The place of the n-th pointer; nothing more when `at` is not set.
template <typename Visit>
bool for_each_pointer(TOKEN_INFORMATION_CLASS information_class, std::span<const std::byte> answer, Visit visit) {
    switch (information_class) {
        case TokenUser:
        case TokenOwner:
        case TokenPrimaryGroup:
        case TokenDefaultDacl:
        case TokenIntegrityLevel:
            return visit(std::size_t{0});
        case TokenGroups:
        case TokenRestrictedSids:
        case TokenLogonSid: {
            DWORD count = 0;
            if (answer.size() < sizeof count) return false;
            std::memcpy(&count, answer.data(), sizeof count);
            for (std::size_t i = 0; i < count; ++i) {
                if (!visit(offsetof(TOKEN_GROUPS, Groups) + i * sizeof(SID_AND_ATTRIBUTES))) return false;
            }
            return true;
        }
        default:
            return true;
    }
}

}  // namespace

bool relocate_token_information(TOKEN_INFORMATION_CLASS information_class, std::span<std::byte> answer, std::uint64_t base) {
    const auto offset_at = [&](std::size_t at) {
        std::uint64_t offset;
        std::memcpy(&offset, answer.data() + at, sizeof offset);
        return offset;
    };
    const bool all_inside = for_each_pointer(information_class, answer, [&](std::size_t at) {
        return fits(answer, at) && offset_at(at) < answer.size();
    });
    if (!all_inside) return false;
    return for_each_pointer(information_class, answer, [&](std::size_t at) {
        const std::uint64_t offset = offset_at(at);
        const std::uint64_t address = offset == 0 ? 0 : base + offset;
        std::memcpy(answer.data() + at, &address, sizeof address);
        return true;
    });
}

}  // namespace pw::se
