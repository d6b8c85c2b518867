// SPDX-License-Identifier: Apache-2.0
#include <ntstatus.h>

#include "security_format/sddl.h"
#include "security_format/sddl_tables.h"

namespace pw::se {
namespace {

std::u16string sid_text(const Sid& sid) {
    for (const SddlSid& known : sddl_sids()) {
        if (known.sid() == sid) return std::u16string(known.name);
    }
    return sid.text();
}

// Two-letter words where they say all of it, else the number.
std::u16string mask_text(ACCESS_MASK mask, bool is_label) {
    if (!is_label) {
        for (const SddlWord& word : sddl_composite_rights()) {
            if (word.value == mask) return std::u16string(word.name);
        }
    }
    std::u16string text;
    ACCESS_MASK rest = mask;
    for (const SddlWord& word : is_label ? sddl_label_rights() : sddl_single_rights()) {
        if (!(rest & word.value)) continue;
        text += word.name;
        rest &= ~word.value;
    }
    if (rest == 0) return text;
    text = u"0x";
    int shift = 28;
    while (shift > 0 && (mask >> shift) == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) text.push_back(u"0123456789abcdef"[(mask >> shift) & 0xF]);
    return text;
}

Status print_list(std::span<const std::byte> acl, std::u16string& text) {
    Status status;
    for_each_ace(acl, [&](const AceView& ace) {
        const SddlWord* type = nullptr;
        for (const SddlWord& word : sddl_ace_types()) {
            if (word.value == ace.type) type = &word;
        }
        if (!type || !ace.sid) {
            status = STATUS_NOT_SUPPORTED;
            return false;
        }
        text.push_back(u'(');
        text += type->name;
        text.push_back(u';');
        for (const SddlWord& flag : sddl_ace_flags()) {
            if (ace.flags & flag.value) text += flag.name;
        }
        text.push_back(u';');
        text += mask_text(ace.mask, ace.type == SYSTEM_MANDATORY_LABEL_ACE_TYPE);
        text += u";;;";
        text += sid_text(*ace.sid);
        text.push_back(u')');
        return true;
    });
    return status;
}

}  // namespace

Result<std::u16string> print_sddl(const DescriptorParts& parts, SECURITY_INFORMATION information) {
    std::u16string text;
    if ((information & OWNER_SECURITY_INFORMATION) && parts.owner) text += u"O:" + sid_text(*parts.owner);
    if ((information & GROUP_SECURITY_INFORMATION) && parts.group) text += u"G:" + sid_text(*parts.group);
    if ((information & DACL_SECURITY_INFORMATION) && parts.has_dacl) {
        text += u"D:";
        if (parts.control & SE_DACL_PROTECTED) text += u"P";
        if (parts.control & SE_DACL_AUTO_INHERIT_REQ) text += u"AR";
        if (parts.control & SE_DACL_AUTO_INHERITED) text += u"AI";
        if (parts.dacl.empty()) text += u"NO_ACCESS_CONTROL";
        PW_TRY(print_list(parts.dacl, text));
    }
    if ((information & (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION)) && parts.has_sacl) {
        text += u"S:";
        if (parts.control & SE_SACL_PROTECTED) text += u"P";
        if (parts.control & SE_SACL_AUTO_INHERIT_REQ) text += u"AR";
        if (parts.control & SE_SACL_AUTO_INHERITED) text += u"AI";
        if (parts.sacl.empty()) text += u"NO_ACCESS_CONTROL";
        PW_TRY(print_list(parts.sacl, text));
    }
    return text;
}

}  // namespace pw::se
