// SPDX-License-Identifier: Apache-2.0
#include "win32_api/named_object.h"

#include "win32_api/text.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {

std::u16string object_path(std::u16string_view name) {
    for (const std::u16string_view prefix : {std::u16string_view(u"Global\\"), std::u16string_view(u"Local\\")}) {
        if (!name.starts_with(prefix)) continue;
        name.remove_prefix(prefix.size());
        break;
    }
    return std::u16string(u"\\BaseNamedObjects\\").append(name);
}

NamedObject::NamedObject(const SECURITY_ATTRIBUTES* security, LPCWSTR name) {
    InitializeObjectAttributes(&attributes_, nullptr, OBJ_OPENIF, nullptr, nullptr);
    if (security != nullptr) {
        attributes_.SecurityDescriptor = security->lpSecurityDescriptor;
        if (security->bInheritHandle) attributes_.Attributes |= OBJ_INHERIT;
    }
    if (name != nullptr && *name != 0) take_name(name);
}

NamedObject::NamedObject(BOOL inherit, LPCWSTR name) {
    InitializeObjectAttributes(&attributes_, nullptr, inherit ? OBJ_INHERIT : 0u, nullptr, nullptr);
    take_name(name);
}

void NamedObject::take_name(LPCWSTR name) {
    const std::size_t length = length_of(name);
    is_too_long_ = length > MAX_PATH;
    if (is_too_long_) return;
    path_ = object_path(std::u16string_view(name, length));
    string_.Buffer = path_.data();
    string_.Length = static_cast<USHORT>(path_.size() * sizeof(WCHAR));
    string_.MaximumLength = string_.Length;
    attributes_.ObjectName = &string_;
}

bool NamedObject::is_valid() const {
    if (is_too_long_) fail(ERROR_FILENAME_EXCED_RANGE);
    return !is_too_long_;
}

}  // namespace pw::win32
