// SPDX-License-Identifier: Apache-2.0
#include "win32_api/registry_key.h"

#include <algorithm>
#include <cstring>

#include "ntstatus.h"
#include "win32_api/text.h"

namespace pw::win32 {
namespace {

constexpr std::size_t longest_bytes = 0xFFFE;

// Null: what is behind such a key is not there.
const char16_t* path_of(HKEY key) {
    if (key == HKEY_LOCAL_MACHINE) return u"\\Registry\\Machine";
    if (key == HKEY_USERS) return u"\\Registry\\User";
    if (key == HKEY_CLASSES_ROOT) return u"\\Registry\\Machine\\Software\\Classes";
    // There are no profiles: everybody has the default user's.
    if (key == HKEY_CURRENT_USER) return u"\\Registry\\User\\.Default";
    return nullptr;
}

// Calls with a buffer that grows until the answer fits.
template <typename Query>
LSTATUS fetch(const Query& query, FetchedValue* value) {
    std::vector<std::byte> buffer(512);
    ULONG needed = 0;
    NTSTATUS status = query(buffer.data(), static_cast<ULONG>(buffer.size()), &needed);
    while (status == STATUS_BUFFER_OVERFLOW || status == STATUS_BUFFER_TOO_SMALL) {
        buffer.resize(needed);
        status = query(buffer.data(), static_cast<ULONG>(buffer.size()), &needed);
    }
    if (!NT_SUCCESS(status)) return registry_error(status);
    KEY_VALUE_FULL_INFORMATION head;
    std::memcpy(&head, buffer.data(), std::min(sizeof(head), buffer.size()));
    const std::byte* const name = buffer.data() + offsetof(KEY_VALUE_FULL_INFORMATION, Name);
    value->name.resize(head.NameLength / sizeof(char16_t));
    std::memcpy(value->name.data(), name, head.NameLength);
    value->type = head.Type;
    value->data.assign(buffer.begin() + head.DataOffset, buffer.begin() + head.DataOffset + head.DataLength);
    return ERROR_SUCCESS;
}

}  // namespace

bool is_predefined(HKEY key) { return (reinterpret_cast<ULONG_PTR>(key) & 0xF0000000) == 0x80000000; }

LSTATUS registry_error(NTSTATUS status) { return static_cast<LSTATUS>(RtlNtStatusToDosError(status)); }

CountedText::CountedText(std::u16string_view text) : string_{} {
    string_.Buffer = const_cast<PWSTR>(text.data());
    string_.Length = static_cast<USHORT>(std::min(text.size() * sizeof(char16_t), longest_bytes));
    string_.MaximumLength = string_.Length;
}

KeyName::KeyName(HKEY key, std::u16string_view subkey, PSECURITY_DESCRIPTOR security) {
    HANDLE root = reinterpret_cast<HANDLE>(key);
    if (is_predefined(key)) {
        const char16_t* const path = path_of(key);
        valid_ = path != nullptr;
        path_ = path != nullptr ? path : u"";
        root = nullptr;
        if (!subkey.empty()) path_ += u'\\';
    }
    path_ += subkey;
    string_ = *CountedText(path_).get();
    InitializeObjectAttributes(&attributes_, &string_, OBJ_CASE_INSENSITIVE, root, security);
}

UsedKey::UsedKey(HKEY key, std::u16string_view subkey, REGSAM access) : handle_(reinterpret_cast<HANDLE>(key)) {
    if (!is_predefined(key) && subkey.empty()) return;
    KeyName name(key, subkey);
    if (!name.is_valid()) {
        error_ = ERROR_INVALID_HANDLE;
        return;
    }
    error_ = registry_error(NtOpenKey(&handle_, access, name.get()));
    is_own_ = error_ == ERROR_SUCCESS;
}

UsedKey::~UsedKey() {
    if (is_own_) static_cast<void>(NtClose(handle_));
}

LSTATUS fetch_value(HANDLE key, std::u16string_view name, FetchedValue* value) {
    CountedText text(name);
    return fetch(
        [&](void* buffer, ULONG bytes, PULONG needed) {
            return NtQueryValueKey(key, text.get(), KeyValueFullInformation, buffer, bytes, needed);
        },
        value);
}

LSTATUS fetch_value_at(HANDLE key, ULONG index, FetchedValue* value) {
    return fetch(
        [&](void* buffer, ULONG bytes, PULONG needed) {
            return NtEnumerateValueKey(key, index, KeyValueFullInformation, buffer, bytes, needed);
        },
        value);
}

std::vector<std::byte> narrow_data(ULONG type, const std::vector<std::byte>& data) {
    if (!is_text(type)) return data;
    std::u16string text(data.size() / sizeof(char16_t), u'\0');
    std::memcpy(text.data(), data.data(), text.size() * sizeof(char16_t));
    const std::string out = narrow(text);
    const auto* bytes = reinterpret_cast<const std::byte*>(out.data());
    return {bytes, bytes + out.size()};
}

std::vector<std::byte> widen_data(ULONG type, const BYTE* data, DWORD bytes) {
    const auto* first = reinterpret_cast<const std::byte*>(data);
    if (!is_text(type)) return {first, first + bytes};
    const std::u16string text = widen({reinterpret_cast<const char*>(data), bytes});
    const auto* wide = reinterpret_cast<const std::byte*>(text.data());
    return {wide, wide + text.size() * sizeof(char16_t)};
}

LSTATUS put_data(const std::vector<std::byte>& data, void* buffer, LPDWORD bytes) {
    if (bytes == nullptr) return buffer == nullptr ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    const DWORD room = *bytes;
    *bytes = static_cast<DWORD>(data.size());
    if (buffer == nullptr) return ERROR_SUCCESS;
    if (room < data.size()) return ERROR_MORE_DATA;
    if (!data.empty()) std::memcpy(buffer, data.data(), data.size());
    return ERROR_SUCCESS;
}

}  // namespace pw::win32
