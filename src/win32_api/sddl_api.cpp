// SPDX-License-Identifier: Apache-2.0
// SIDs and security descriptors as text (sddl.h). What is returned is freed with LocalFree.
#include "security_format/sddl.h"

#include <cstring>

#include "security_format/descriptor_memory.h"
#include "win32/sddl.h"
#include "win32/winbase.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw;
using namespace pw::win32;

namespace {

template <typename Char>
BOOL give_text(std::basic_string_view<Char> text, Char** out, PULONG length) {
    auto* block = static_cast<Char*>(LocalAlloc(LMEM_FIXED, (text.size() + 1) * sizeof(Char)));
    if (block == nullptr) return FALSE;
    std::memcpy(block, text.data(), text.size() * sizeof(Char));
    block[text.size()] = Char{};
    *out = block;
    if (length != nullptr) *length = static_cast<ULONG>(text.size() + 1);
    return TRUE;
}

BOOL give_bytes(std::span<const std::byte> bytes, PVOID* out, PULONG length) {
    PVOID const block = LocalAlloc(LMEM_FIXED, bytes.size());
    if (block == nullptr) return FALSE;
    std::memcpy(block, bytes.data(), bytes.size());
    *out = block;
    if (length != nullptr) *length = static_cast<ULONG>(bytes.size());
    return TRUE;
}

// What the text of one descriptor becomes; a null string when the last error says why there is none.
bool text_of(PSECURITY_DESCRIPTOR descriptor, DWORD revision, SECURITY_INFORMATION information, std::u16string* text) {
    if (revision != SDDL_REVISION_1) {
        fail(ERROR_UNKNOWN_REVISION);
        return false;
    }
    auto parts = se::DescriptorParts::from_memory(descriptor);
    auto printed = parts ? se::print_sddl(*parts, information) : Result<std::u16string>(parts.status());
    if (!printed) set_last_status(printed.status().code());
    else *text = std::move(*printed);
    return printed.is_ok();
}

}  // namespace

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR text, DWORD revision, PSECURITY_DESCRIPTOR* descriptor,
                                                                 PULONG size) {
    if (text == nullptr || descriptor == nullptr) return fail(ERROR_INVALID_PARAMETER);
    if (revision != SDDL_REVISION_1) return fail(ERROR_UNKNOWN_REVISION);
    auto parts = se::parse_sddl({text, length_of(text)});
    if (!parts) return bool_of(parts.status().code());
    return give_bytes(parts->to_self_relative(), descriptor, size);
}
BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorA(LPCSTR text, DWORD revision, PSECURITY_DESCRIPTOR* descriptor,
                                                                 PULONG size) {
    return ConvertStringSecurityDescriptorToSecurityDescriptorW(WideArgument(text), revision, descriptor, size);
}

BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorW(PSECURITY_DESCRIPTOR descriptor, DWORD revision,
                                                                 SECURITY_INFORMATION information, LPWSTR* out, PULONG length) {
    std::u16string text;
    return text_of(descriptor, revision, information, &text) && give_text<WCHAR>(text, out, length);
}
BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorA(PSECURITY_DESCRIPTOR descriptor, DWORD revision,
                                                                 SECURITY_INFORMATION information, LPSTR* out, PULONG length) {
    std::u16string text;
    return text_of(descriptor, revision, information, &text) && give_text<CHAR>(narrow(text), out, length);
}

BOOL WINAPI ConvertSidToStringSidW(PSID sid, LPWSTR* text) {
    const auto value = se::Sid::from_memory(sid);
    if (!value) return fail(ERROR_INVALID_SID);
    return give_text<WCHAR>(value->text(), text, nullptr);
}
BOOL WINAPI ConvertSidToStringSidA(PSID sid, LPSTR* text) {
    const auto value = se::Sid::from_memory(sid);
    if (!value) return fail(ERROR_INVALID_SID);
    return give_text<CHAR>(narrow(value->text()), text, nullptr);
}

BOOL WINAPI ConvertStringSidToSidW(LPCWSTR text, PSID* sid) {
    if (text == nullptr || sid == nullptr) return fail(ERROR_INVALID_PARAMETER);
    auto value = se::parse_sid({text, length_of(text)});
    if (!value) return fail(ERROR_INVALID_SID);
    return give_bytes(value->bytes(), sid, nullptr);
}
BOOL WINAPI ConvertStringSidToSidA(LPCSTR text, PSID* sid) { return ConvertStringSidToSidW(WideArgument(text), sid); }
