// SPDX-License-Identifier: Apache-2.0
#include "security_format/acl.h"

#include <cstring>

namespace pw::se {
namespace {

constexpr BYTE lowest_revision = 2;
constexpr BYTE highest_revision = 4;
constexpr std::size_t mask_end = sizeof(ACE_HEADER) + sizeof(ACCESS_MASK);
constexpr std::size_t guid_bytes = 16;
constexpr DWORD object_type_present = 1;
constexpr DWORD inherited_object_type_present = 2;
constexpr std::size_t max_acl_bytes = 0xFFFC;

template <typename T>
T read_at(std::span<const std::byte> bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

// Header, mask, SID.
bool is_plain(std::uint8_t type) {
    return type <= SYSTEM_ALARM_ACE_TYPE || type == SYSTEM_MANDATORY_LABEL_ACE_TYPE;
}
// Header, mask, flags, up to two GUIDs, SID: allowed, denied, audit, alarm.
bool is_object(std::uint8_t type) { return type >= ACCESS_ALLOWED_OBJECT_ACE_TYPE && type <= 8; }

// Where the SID of an entry begins; nothing when the entry is too short.
std::optional<std::size_t> sid_offset(std::span<const std::byte> ace, std::uint8_t type) {
    if (is_plain(type)) return mask_end;
    if (ace.size() < mask_end + sizeof(DWORD)) return std::nullopt;
    const auto flags = read_at<DWORD>(ace, mask_end);
    std::size_t offset = mask_end + sizeof(DWORD);
    if (flags & object_type_present) offset += guid_bytes;
    if (flags & inherited_object_type_present) offset += guid_bytes;
    return offset;
}

bool is_valid_ace(std::span<const std::byte> ace) {
    const auto type = read_at<ACE_HEADER>(ace, 0).AceType;
    if (!is_plain(type) && !is_object(type)) return true;  // opaque: nothing in it is used
    if (ace.size() < mask_end) return false;
    const auto offset = sid_offset(ace, type);
    return offset && *offset <= ace.size() && Sid::parse(ace.subspan(*offset)).has_value();
}

}  // namespace

std::optional<std::size_t> acl_length_bytes(std::span<const std::byte> bytes) {
    if (bytes.size() < sizeof(ACL)) return std::nullopt;
    const auto head = read_at<ACL>(bytes, 0);
    if (head.AclRevision < lowest_revision || head.AclRevision > highest_revision) return std::nullopt;
    if (head.AclSize < sizeof(ACL) || head.AclSize > bytes.size()) return std::nullopt;
    const std::span<const std::byte> acl = bytes.first(head.AclSize);
    std::size_t offset = sizeof(ACL);
    for (unsigned i = 0; i < head.AceCount; ++i) {
        if (acl.size() - offset < sizeof(ACE_HEADER)) return std::nullopt;
        const std::size_t length = read_at<ACE_HEADER>(acl, offset).AceSize;
        if (length < sizeof(ACE_HEADER) || length % 4 != 0 || length > acl.size() - offset) return std::nullopt;
        if (!is_valid_ace(acl.subspan(offset, length))) return std::nullopt;
        offset += length;
    }
    return head.AclSize;
}

std::uint16_t ace_count(std::span<const std::byte> acl) {
    return acl.empty() ? std::uint16_t{0} : read_at<ACL>(acl, 0).AceCount;
}

AceView ace_at(std::span<const std::byte> acl, std::size_t offset) {
    const auto head = read_at<ACE_HEADER>(acl, offset);
    AceView view;
    view.type = head.AceType;
    view.flags = head.AceFlags;
    view.bytes = acl.subspan(offset, head.AceSize);
    if (!is_plain(head.AceType) && !is_object(head.AceType)) return view;
    view.mask = read_at<ACCESS_MASK>(view.bytes, sizeof(ACE_HEADER));
    // An entry for one kind of object decides nothing where no kind is asked for.
    if (is_object(head.AceType) && (read_at<DWORD>(view.bytes, mask_end) & object_type_present)) return view;
    view.sid = Sid::parse(view.bytes.subspan(*sid_offset(view.bytes, head.AceType)));
    return view;
}

AclBuilder& AclBuilder::add(std::uint8_t type, std::uint8_t flags, ACCESS_MASK mask, const Sid& sid) {
    ACE_HEADER head{type, flags, static_cast<WORD>(mask_end + sid.length_bytes())};
    std::vector<std::byte> ace(head.AceSize);
    std::memcpy(ace.data(), &head, sizeof head);
    std::memcpy(ace.data() + sizeof head, &mask, sizeof mask);
    std::memcpy(ace.data() + mask_end, sid.bytes().data(), sid.length_bytes());
    return add_raw(ace);
}

AclBuilder& AclBuilder::add_raw(std::span<const std::byte> ace) {
    if (sizeof(ACL) + aces_.size() + ace.size() > max_acl_bytes) {
        is_full_ = true;
        return *this;
    }
    has_object_ace_ = has_object_ace_ || is_object(read_at<ACE_HEADER>(ace, 0).AceType);
    aces_.insert(aces_.end(), ace.begin(), ace.end());
    ++count_;
    return *this;
}

std::vector<std::byte> AclBuilder::take() {
    const ACL head{static_cast<BYTE>(has_object_ace_ ? ACL_REVISION_DS : ACL_REVISION), 0,
                   static_cast<WORD>(sizeof(ACL) + aces_.size()), count_, 0};
    std::vector<std::byte> acl(head.AclSize);
    std::memcpy(acl.data(), &head, sizeof head);
    if (!aces_.empty()) std::memcpy(acl.data() + sizeof head, aces_.data(), aces_.size());
    aces_.clear();
    count_ = 0;
    return acl;
}

ACCESS_MASK map_generic_mask(ACCESS_MASK mask, const GENERIC_MAPPING& mapping) {
    ACCESS_MASK mapped = mask & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);
    if (mask & GENERIC_READ) mapped |= mapping.GenericRead;
    if (mask & GENERIC_WRITE) mapped |= mapping.GenericWrite;
    if (mask & GENERIC_EXECUTE) mapped |= mapping.GenericExecute;
    if (mask & GENERIC_ALL) mapped |= mapping.GenericAll;
    return mapped;
}

std::vector<std::byte> map_generic_rights(std::span<const std::byte> acl, const GENERIC_MAPPING& mapping) {
    std::vector<std::byte> copy(acl.begin(), acl.end());
    for_each_ace(acl, [&](const AceView& ace) {
        // What only children inherit is mapped when they do, with their own type's rights.
        if ((is_plain(ace.type) || is_object(ace.type)) && (ace.flags & INHERIT_ONLY_ACE) == 0) {
            const ACCESS_MASK mask = map_generic_mask(ace.mask, mapping);
            std::memcpy(copy.data() + (ace.bytes.data() - acl.data()) + sizeof(ACE_HEADER), &mask, sizeof mask);
        }
        return true;
    });
    return copy;
}

}  // namespace pw::se
