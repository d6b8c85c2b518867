// SPDX-License-Identifier: Apache-2.0
#include <ntstatus.h>

#include <algorithm>
#include <string>

#include "security_format/sddl.h"
#include "security_format/sddl_tables.h"

namespace pw::se {
namespace {

constexpr std::size_t max_text_characters = 0x10000;

char16_t upper(char16_t c) { return c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - 0x20) : c; }
bool is_space(char16_t c) { return c == u' ' || c == u'\t' || c == u'\r' || c == u'\n'; }

const SddlWord* find_word(std::span<const SddlWord> words, std::u16string_view name) {
    const auto found = std::ranges::find(words, name, &SddlWord::name);
    return found == words.end() ? nullptr : &*found;
}

// The text without blanks and in capitals, read from the front.
class Reader {
public:
    explicit Reader(std::u16string_view text) : text_(text) {}
    [[nodiscard]] bool at_end() const { return text_.empty(); }
    [[nodiscard]] bool starts_with(std::u16string_view word) const { return text_.starts_with(word); }
    bool take(std::u16string_view word) {
        if (!starts_with(word)) return false;
        text_.remove_prefix(word.size());
        return true;
    }
    // Everything before the first of `ends`, which stays; all of it when there is none.
    std::u16string_view take_until(std::u16string_view ends) {
        const std::u16string_view part = text_.substr(0, text_.find_first_of(ends));
        text_.remove_prefix(part.size());
        return part;
    }
    // A SID or the name of one: up to the next "X:" or the end.
    std::u16string_view take_sid() {
        if (!starts_with(u"S-")) {
            const std::u16string_view part = text_.substr(0, 2);
            text_.remove_prefix(part.size());
            return part;
        }
        std::size_t length = 2;
        while (length < text_.size() && (text_[length] == u'-' || text_[length] == u'X' ||
                                         (text_[length] >= u'0' && text_[length] <= u'9') ||
                                         (text_[length] >= u'A' && text_[length] <= u'F'))) {
            ++length;
        }
        // "S-1-5-18D:": the D begins the list, it is no digit.
        if (length < text_.size() && text_[length] == u':') --length;
        const std::u16string_view part = text_.substr(0, length);
        text_.remove_prefix(length);
        return part;
    }

private:
    std::u16string_view text_;
};

std::optional<std::uint32_t> number(std::u16string_view text) {
    unsigned base = 10;
    if (text.starts_with(u"0X")) {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() > 1 && text.front() == u'0') {
        base = 8;
    }
    if (text.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char16_t c : text) {
        const unsigned digit = c >= u'0' && c <= u'9' ? static_cast<unsigned>(c - u'0')
                               : c >= u'A' && c <= u'F' ? static_cast<unsigned>(c - u'A') + 10
                                                        : 99;
        if (digit >= base) return std::nullopt;
        value = value * base + digit;
        if (value > 0xFFFFFFFF) return std::nullopt;
    }
    return static_cast<std::uint32_t>(value);
}

// Two letters at a time out of one or more tables, or one number.
std::optional<std::uint32_t> words(std::u16string_view text, std::initializer_list<std::span<const SddlWord>> tables) {
    if (!text.empty() && text.front() >= u'0' && text.front() <= u'9') return number(text);
    std::uint32_t value = 0;
    for (; !text.empty(); text.remove_prefix(2)) {
        if (text.size() < 2) return std::nullopt;
        const SddlWord* word = nullptr;
        for (const auto& table : tables) {
            if (!word) word = find_word(table, text.substr(0, 2));
        }
        if (!word) return std::nullopt;
        value |= word->value;
    }
    return value;
}

// "A;flags;rights;;;SID", without the brackets.
Status add_ace(std::u16string_view text, bool is_sacl, AclBuilder& acl) {
    std::u16string_view fields[6];
    for (std::size_t i = 0; i < 6; ++i) {
        const std::size_t end = text.find(u';');
        if ((end == std::u16string_view::npos) != (i == 5)) {
            // A seventh field is a condition or a resource attribute.
            return i == 5 ? STATUS_NOT_SUPPORTED : STATUS_INVALID_PARAMETER;
        }
        fields[i] = text.substr(0, end);
        if (i < 5) text.remove_prefix(end + 1);
    }
    const SddlWord* type = find_word(sddl_ace_types(), fields[0]);
    if (!type) {
        static constexpr std::u16string_view others[] = {u"OA", u"OD", u"OU", u"OL", u"XA", u"XD", u"ZA", u"XU", u"RA", u"SP", u"TL", u"FL"};
        return std::ranges::find(others, fields[0]) != std::end(others) ? STATUS_NOT_SUPPORTED : STATUS_INVALID_PARAMETER;
    }
    const bool is_dacl_type = type->value == ACCESS_ALLOWED_ACE_TYPE || type->value == ACCESS_DENIED_ACE_TYPE;
    if (is_dacl_type == is_sacl) return STATUS_INVALID_PARAMETER;
    const auto flags = words(fields[1], {sddl_ace_flags()});
    const auto mask = type->value == SYSTEM_MANDATORY_LABEL_ACE_TYPE
                          ? words(fields[2], {sddl_label_rights()})
                          : words(fields[2], {sddl_single_rights(), sddl_composite_rights()});
    if (!flags || *flags > 0xFF || !mask) return STATUS_INVALID_PARAMETER;
    if (!fields[3].empty() || !fields[4].empty()) return STATUS_NOT_SUPPORTED;
    PW_TRY_ASSIGN(const Sid sid, parse_sid(fields[5]));
    acl.add(static_cast<std::uint8_t>(type->value), static_cast<std::uint8_t>(*flags), *mask, sid);
    return {};
}

struct ListFlags {
    SECURITY_DESCRIPTOR_CONTROL is_protected, auto_inherit_required, auto_inherited;
};
constexpr ListFlags dacl_flags{SE_DACL_PROTECTED, SE_DACL_AUTO_INHERIT_REQ, SE_DACL_AUTO_INHERITED};
constexpr ListFlags sacl_flags{SE_SACL_PROTECTED, SE_SACL_AUTO_INHERIT_REQ, SE_SACL_AUTO_INHERITED};

Status parse_list(Reader& reader, bool is_sacl, DescriptorParts& parts) {
    const ListFlags& bits = is_sacl ? sacl_flags : dacl_flags;
    unsigned control = parts.control;
    bool is_null = false;
    // The flags may stand in any order; AI before A…, NO_ACCESS_CONTROL before everything.
    for (bool more = true; more;) {
        if (reader.take(u"NO_ACCESS_CONTROL")) is_null = true;
        else if (reader.take(u"P")) control |= bits.is_protected;
        else if (reader.take(u"AR")) control |= bits.auto_inherit_required;
        else if (reader.take(u"AI")) control |= bits.auto_inherited;
        else more = false;
    }
    AclBuilder acl;
    bool has_aces = false;
    while (reader.take(u"(")) {
        has_aces = true;
        const std::u16string_view ace = reader.take_until(u")");
        if (!reader.take(u")")) return STATUS_INVALID_PARAMETER;
        PW_TRY(add_ace(ace, is_sacl, acl));
    }
    if ((is_null && has_aces) || acl.is_full()) return STATUS_INVALID_PARAMETER;
    parts.control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(control);
    (is_sacl ? parts.has_sacl : parts.has_dacl) = true;
    if (!is_null) (is_sacl ? parts.sacl : parts.dacl) = acl.take();
    return {};
}

}  // namespace

Result<Sid> parse_sid(std::u16string_view text) {
    if (text.size() == 2) {
        const char16_t name[2] = {upper(text[0]), upper(text[1])};
        const std::u16string_view key(name, 2);
        const auto found = std::ranges::find(sddl_sids(), key, &SddlSid::name);
        if (found != sddl_sids().end()) return found->sid();
        return is_domain_account(key) ? Status(STATUS_NONE_MAPPED) : Status(STATUS_INVALID_SID);
    }
    const auto sid = Sid::from_text(text);
    if (!sid) return STATUS_INVALID_SID;
    return *sid;
}

Result<DescriptorParts> parse_sddl(std::u16string_view text) {
    if (text.size() > max_text_characters) return STATUS_INVALID_PARAMETER;
    std::u16string plain;
    for (const char16_t c : text) {
        if (!is_space(c)) plain.push_back(upper(c));
    }
    Reader reader(plain);
    DescriptorParts parts;
    while (!reader.at_end()) {
        const bool owner = reader.starts_with(u"O:");
        const bool group = reader.starts_with(u"G:");
        const bool dacl = reader.starts_with(u"D:");
        const bool sacl = reader.starts_with(u"S:");
        if (!owner && !group && !dacl && !sacl) return STATUS_INVALID_PARAMETER;
        if ((owner && parts.owner) || (group && parts.group) || (dacl && parts.has_dacl) || (sacl && parts.has_sacl)) {
            return STATUS_INVALID_PARAMETER;
        }
        reader.take(owner ? u"O:" : group ? u"G:" : dacl ? u"D:" : u"S:");
        if (owner || group) {
            PW_TRY_ASSIGN(const Sid sid, parse_sid(reader.take_sid()));
            (owner ? parts.owner : parts.group) = sid;
        } else {
            PW_TRY(parse_list(reader, sacl, parts));
        }
    }
    return parts;
}

}  // namespace pw::se
