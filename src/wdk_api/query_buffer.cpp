// SPDX-License-Identifier: Apache-2.0
#include "wdk_api/query_buffer.h"

#include <cstring>

namespace pw::wdk {
namespace {

USHORT bytes_of(std::u16string_view text) { return static_cast<USHORT>(text.size() * sizeof(char16_t)); }

}  // namespace

NTSTATUS put_text(std::u16string_view text, PVOID information, ULONG header_bytes, ULONG bytes, PULONG returned) {
    const ULONG needed = header_bytes + (text.empty() ? 0 : bytes_of(text) + ULONG{sizeof(char16_t)});
    if (returned) *returned = needed;
    if (bytes < needed) return STATUS_INFO_LENGTH_MISMATCH;
    auto* string = static_cast<PUNICODE_STRING>(information);
    *string = {};
    if (text.empty()) return STATUS_SUCCESS;
    auto* characters = reinterpret_cast<char16_t*>(static_cast<std::byte*>(information) + header_bytes);
    std::memcpy(characters, text.data(), bytes_of(text));
    characters[text.size()] = 0;
    string->Length = bytes_of(text);
    string->MaximumLength = static_cast<USHORT>(string->Length + sizeof(char16_t));
    string->Buffer = reinterpret_cast<PWCH>(characters);
    return STATUS_SUCCESS;
}

NTSTATUS put_string(std::u16string_view text, PUNICODE_STRING target, PULONG returned) {
    if (returned) *returned = bytes_of(text) + ULONG{sizeof(char16_t)};
    if (target->MaximumLength < bytes_of(text)) return STATUS_BUFFER_TOO_SMALL;
    std::memcpy(target->Buffer, text.data(), bytes_of(text));
    target->Length = bytes_of(text);
    // "The string is zero-terminated if the buffer has room for it."
    if (target->MaximumLength >= target->Length + sizeof(char16_t)) target->Buffer[text.size()] = 0;
    return STATUS_SUCCESS;
}

}  // namespace pw::wdk
