// SPDX-License-Identifier: Apache-2.0
// Registry keys: open, create, enumerate, ask, delete, close.
#include <cstring>

#include "ntstatus.h"
#include "win32_api/registry_key.h"
#include "win32_api/text.h"

using namespace pw::win32;

namespace {

constexpr REGSAM delete_access = 0x00010000;  // DELETE

std::u16string_view view_of(LPCWSTR text) { return text == nullptr ? std::u16string_view() : std::u16string_view(text); }

LSTATUS create(HKEY key, std::u16string_view subkey, LPCWSTR class_name, DWORD options, REGSAM access, PSECURITY_DESCRIPTOR security,
               HANDLE* handle, ULONG* disposition) {
    KeyName name(key, subkey, security);
    if (!name.is_valid()) return ERROR_INVALID_HANDLE;
    CountedText text(view_of(class_name));
    return registry_error(NtCreateKey(handle, access, name.get(), 0, class_name == nullptr ? nullptr : text.get(), options, disposition));
}

// Stores a name with its terminator. *units: room with the terminator, then the length without it.
LSTATUS put_name(std::u16string_view name, LPWSTR buffer, LPDWORD units) {
    if (*units <= name.size()) return ERROR_MORE_DATA;
    name.copy(buffer, name.size());
    buffer[name.size()] = 0;
    *units = static_cast<DWORD>(name.size());
    return ERROR_SUCCESS;
}
LSTATUS put_name(std::u16string_view name, LPSTR buffer, LPDWORD units) {
    const std::string text = narrow(name);
    if (*units <= text.size()) return ERROR_MORE_DATA;
    std::memcpy(buffer, text.c_str(), text.size() + 1);
    *units = static_cast<DWORD>(text.size());
    return ERROR_SUCCESS;
}

struct Subkey {
    std::u16string name;
    std::u16string class_name;
    LARGE_INTEGER last_write{};
};

LSTATUS subkey_at(HKEY key, DWORD index, Subkey* subkey) {
    const UsedKey used(key, {}, KEY_ENUMERATE_SUB_KEYS);
    if (used.error() != ERROR_SUCCESS) return used.error();
    std::vector<std::byte> buffer(1024);
    ULONG needed = 0;
    NTSTATUS status = NtEnumerateKey(used.get(), index, KeyNodeInformation, buffer.data(), static_cast<ULONG>(buffer.size()), &needed);
    while (status == STATUS_BUFFER_OVERFLOW || status == STATUS_BUFFER_TOO_SMALL) {
        buffer.resize(needed);
        status = NtEnumerateKey(used.get(), index, KeyNodeInformation, buffer.data(), static_cast<ULONG>(buffer.size()), &needed);
    }
    if (!NT_SUCCESS(status)) return registry_error(status);
    const auto* node = reinterpret_cast<const KEY_NODE_INFORMATION*>(buffer.data());
    subkey->name.assign(node->Name, node->NameLength / sizeof(char16_t));
    subkey->class_name.assign(reinterpret_cast<const char16_t*>(buffer.data() + node->ClassOffset), node->ClassLength / sizeof(char16_t));
    subkey->last_write = node->LastWriteTime;
    return ERROR_SUCCESS;
}

template <typename Char>
LSTATUS enumerate(HKEY key, DWORD index, Char* name, LPDWORD name_units, LPDWORD reserved, Char* class_name, LPDWORD class_units,
                  PFILETIME last_write) {
    if (name == nullptr || name_units == nullptr || reserved != nullptr) return ERROR_INVALID_PARAMETER;
    if (class_name != nullptr && class_units == nullptr) return ERROR_INVALID_PARAMETER;
    Subkey subkey;
    if (const LSTATUS error = subkey_at(key, index, &subkey); error != ERROR_SUCCESS) return error;
    if (const LSTATUS error = put_name(subkey.name, name, name_units); error != ERROR_SUCCESS) return error;
    if (class_name != nullptr) {
        if (const LSTATUS error = put_name(subkey.class_name, class_name, class_units); error != ERROR_SUCCESS) return error;
    }
    if (last_write != nullptr) *last_write = {subkey.last_write.u.LowPart, static_cast<DWORD>(subkey.last_write.u.HighPart)};
    return ERROR_SUCCESS;
}

void put(LPDWORD target, ULONG value) {
    if (target != nullptr) *target = value;
}

LSTATUS full_information(HKEY key, std::vector<std::byte>* buffer) {
    const UsedKey used(key, {}, KEY_QUERY_VALUE);
    if (used.error() != ERROR_SUCCESS) return used.error();
    buffer->resize(512);
    ULONG needed = 0;
    NTSTATUS status = NtQueryKey(used.get(), KeyFullInformation, buffer->data(), static_cast<ULONG>(buffer->size()), &needed);
    while (status == STATUS_BUFFER_OVERFLOW || status == STATUS_BUFFER_TOO_SMALL) {
        buffer->resize(needed);
        status = NtQueryKey(used.get(), KeyFullInformation, buffer->data(), static_cast<ULONG>(buffer->size()), &needed);
    }
    return registry_error(status);
}

template <typename Char>
LSTATUS query_information(HKEY key, Char* class_name, LPDWORD class_units, LPDWORD reserved, LPDWORD subkeys, LPDWORD longest_subkey,
                          LPDWORD longest_class, LPDWORD values, LPDWORD longest_name, LPDWORD longest_data, LPDWORD descriptor_bytes,
                          PFILETIME last_write) {
    if (reserved != nullptr || (class_name != nullptr && class_units == nullptr)) return ERROR_INVALID_PARAMETER;
    std::vector<std::byte> buffer;
    if (const LSTATUS error = full_information(key, &buffer); error != ERROR_SUCCESS) return error;
    const auto* full = reinterpret_cast<const KEY_FULL_INFORMATION*>(buffer.data());
    put(subkeys, full->SubKeys);
    put(longest_subkey, full->MaxNameLen / ULONG{sizeof(char16_t)});
    put(longest_class, full->MaxClassLen / ULONG{sizeof(char16_t)});
    put(values, full->Values);
    put(longest_name, full->MaxValueNameLen / ULONG{sizeof(char16_t)});
    put(longest_data, full->MaxValueDataLen);
    put(descriptor_bytes, 0);
    if (last_write != nullptr) *last_write = {full->LastWriteTime.u.LowPart, static_cast<DWORD>(full->LastWriteTime.u.HighPart)};
    if (class_name == nullptr) return ERROR_SUCCESS;
    const auto* text = reinterpret_cast<const char16_t*>(buffer.data() + full->ClassOffset);
    return put_name({text, full->ClassLength / sizeof(char16_t)}, class_name, class_units);
}

LSTATUS delete_key(HKEY key, std::u16string_view subkey, REGSAM view) {
    const UsedKey used(key, subkey, delete_access | view);
    return used.error() != ERROR_SUCCESS ? used.error() : registry_error(NtDeleteKey(used.get()));
}

// All below the key, deepest first.
LSTATUS delete_below(HKEY key) {
    Subkey subkey;
    LSTATUS error;
    while ((error = subkey_at(key, 0, &subkey)) == ERROR_SUCCESS) {
        HANDLE child = nullptr;
        KeyName name(key, subkey.name);
        error = registry_error(NtOpenKey(&child, delete_access | KEY_ENUMERATE_SUB_KEYS, name.get()));
        if (error != ERROR_SUCCESS) return error;
        error = delete_below(reinterpret_cast<HKEY>(child));
        if (error == ERROR_SUCCESS) error = registry_error(NtDeleteKey(child));
        static_cast<void>(NtClose(child));
        if (error != ERROR_SUCCESS) return error;
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

}  // namespace

LSTATUS WINAPI RegOpenKeyExW(HKEY key, LPCWSTR subkey, DWORD options, REGSAM access, PHKEY result) {
    if (result == nullptr) return ERROR_INVALID_PARAMETER;
    // "If the subkey is NULL or empty and hKey is a predefined key, the function returns the same handle."
    if (view_of(subkey).empty() && is_predefined(key)) {
        *result = key;
        return ERROR_SUCCESS;
    }
    KeyName name(key, view_of(subkey));
    if (!name.is_valid()) return ERROR_INVALID_HANDLE;
    HANDLE handle = nullptr;
    const LSTATUS error = registry_error(NtOpenKeyEx(&handle, access, name.get(), options));
    if (error == ERROR_SUCCESS) *result = reinterpret_cast<HKEY>(handle);
    return error;
}
LSTATUS WINAPI RegOpenKeyExA(HKEY key, LPCSTR subkey, DWORD options, REGSAM access, PHKEY result) {
    return RegOpenKeyExW(key, WideArgument(subkey), options, access, result);
}
LSTATUS WINAPI RegOpenKeyW(HKEY key, LPCWSTR subkey, PHKEY result) { return RegOpenKeyExW(key, subkey, 0, MAXIMUM_ALLOWED, result); }
LSTATUS WINAPI RegOpenKeyA(HKEY key, LPCSTR subkey, PHKEY result) { return RegOpenKeyExA(key, subkey, 0, MAXIMUM_ALLOWED, result); }

// Keys on the way that are not there are made, too: that is this function's, not the kernel's.
LSTATUS WINAPI RegCreateKeyExW(HKEY key, LPCWSTR subkey, DWORD reserved, LPWSTR class_name, DWORD options, REGSAM access,
                               const LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition) {
    if (subkey == nullptr || result == nullptr || reserved != 0) return ERROR_INVALID_PARAMETER;
    const PSECURITY_DESCRIPTOR descriptor = security == nullptr ? nullptr : security->lpSecurityDescriptor;
    const std::u16string_view path(subkey);
    HANDLE handle = nullptr;
    ULONG what = 0;
    LSTATUS error = create(key, path, class_name, options, access, descriptor, &handle, &what);
    for (std::size_t end = 0; error == ERROR_FILE_NOT_FOUND && end != std::u16string_view::npos;) {
        end = path.find(u'\\', end + 1);
        const bool is_last = end == std::u16string_view::npos || end + 1 == path.size();
        HANDLE part = nullptr;
        const LSTATUS made = is_last ? create(key, path, class_name, options, access, descriptor, &part, &what)
                                     : create(key, path.substr(0, end), nullptr, options, KEY_CREATE_SUB_KEY, descriptor, &part, &what);
        if (made != ERROR_SUCCESS) return made;
        if (is_last) {
            handle = part;
            error = ERROR_SUCCESS;
        } else {
            static_cast<void>(NtClose(part));
        }
    }
    if (error != ERROR_SUCCESS) return error;
    *result = reinterpret_cast<HKEY>(handle);
    put(disposition, what);
    return ERROR_SUCCESS;
}
LSTATUS WINAPI RegCreateKeyExA(HKEY key, LPCSTR subkey, DWORD reserved, LPSTR class_name, DWORD options, REGSAM access,
                               const LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition) {
    return RegCreateKeyExW(key, WideArgument(subkey), reserved, const_cast<LPWSTR>(static_cast<LPCWSTR>(WideArgument(class_name))),
                           options, access, security, result, disposition);
}
LSTATUS WINAPI RegCreateKeyW(HKEY key, LPCWSTR subkey, PHKEY result) {
    if (view_of(subkey).empty()) return RegOpenKeyW(key, subkey, result);
    return RegCreateKeyExW(key, subkey, 0, nullptr, REG_OPTION_NON_VOLATILE, MAXIMUM_ALLOWED, nullptr, result, nullptr);
}
LSTATUS WINAPI RegCreateKeyA(HKEY key, LPCSTR subkey, PHKEY result) { return RegCreateKeyW(key, WideArgument(subkey), result); }

LSTATUS WINAPI RegCloseKey(HKEY key) {
    return is_predefined(key) ? ERROR_SUCCESS : registry_error(NtClose(reinterpret_cast<HANDLE>(key)));
}

LSTATUS WINAPI RegFlushKey(HKEY key) {
    const UsedKey used(key, {}, KEY_QUERY_VALUE);
    return used.error() != ERROR_SUCCESS ? used.error() : registry_error(NtFlushKey(used.get()));
}

LSTATUS WINAPI RegEnumKeyExW(HKEY key, DWORD index, LPWSTR name, LPDWORD name_units, LPDWORD reserved, LPWSTR class_name,
                             LPDWORD class_units, PFILETIME last_write) {
    return enumerate(key, index, name, name_units, reserved, class_name, class_units, last_write);
}
LSTATUS WINAPI RegEnumKeyExA(HKEY key, DWORD index, LPSTR name, LPDWORD name_units, LPDWORD reserved, LPSTR class_name,
                             LPDWORD class_units, PFILETIME last_write) {
    return enumerate(key, index, name, name_units, reserved, class_name, class_units, last_write);
}
LSTATUS WINAPI RegEnumKeyW(HKEY key, DWORD index, LPWSTR name, DWORD name_units) {
    return RegEnumKeyExW(key, index, name, &name_units, nullptr, nullptr, nullptr, nullptr);
}
LSTATUS WINAPI RegEnumKeyA(HKEY key, DWORD index, LPSTR name, DWORD name_units) {
    return RegEnumKeyExA(key, index, name, &name_units, nullptr, nullptr, nullptr, nullptr);
}

LSTATUS WINAPI RegQueryInfoKeyW(HKEY key, LPWSTR class_name, LPDWORD class_units, LPDWORD reserved, LPDWORD subkeys,
                                LPDWORD longest_subkey, LPDWORD longest_class, LPDWORD values, LPDWORD longest_name,
                                LPDWORD longest_data, LPDWORD descriptor_bytes, PFILETIME last_write) {
    return query_information(key, class_name, class_units, reserved, subkeys, longest_subkey, longest_class, values, longest_name,
                             longest_data, descriptor_bytes, last_write);
}
LSTATUS WINAPI RegQueryInfoKeyA(HKEY key, LPSTR class_name, LPDWORD class_units, LPDWORD reserved, LPDWORD subkeys,
                                LPDWORD longest_subkey, LPDWORD longest_class, LPDWORD values, LPDWORD longest_name,
                                LPDWORD longest_data, LPDWORD descriptor_bytes, PFILETIME last_write) {
    return query_information(key, class_name, class_units, reserved, subkeys, longest_subkey, longest_class, values, longest_name,
                             longest_data, descriptor_bytes, last_write);
}

LSTATUS WINAPI RegDeleteKeyExW(HKEY key, LPCWSTR subkey, REGSAM view, DWORD reserved) {
    if (subkey == nullptr || reserved != 0) return ERROR_INVALID_PARAMETER;
    return delete_key(key, subkey, view & (KEY_WOW64_64KEY | KEY_WOW64_32KEY));
}
LSTATUS WINAPI RegDeleteKeyExA(HKEY key, LPCSTR subkey, REGSAM view, DWORD reserved) {
    return RegDeleteKeyExW(key, WideArgument(subkey), view, reserved);
}
LSTATUS WINAPI RegDeleteKeyW(HKEY key, LPCWSTR subkey) { return RegDeleteKeyExW(key, subkey, 0, 0); }
LSTATUS WINAPI RegDeleteKeyA(HKEY key, LPCSTR subkey) { return RegDeleteKeyExW(key, WideArgument(subkey), 0, 0); }

// "If lpSubKey is NULL, the subkeys and values of hKey are deleted", else the subkey itself, too.
LSTATUS WINAPI RegDeleteTreeW(HKEY key, LPCWSTR subkey) {
    const UsedKey used(key, view_of(subkey), delete_access | KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE | KEY_SET_VALUE);
    if (used.error() != ERROR_SUCCESS) return used.error();
    LSTATUS error = delete_below(reinterpret_cast<HKEY>(used.get()));
    if (error != ERROR_SUCCESS) return error;
    if (!view_of(subkey).empty()) return registry_error(NtDeleteKey(used.get()));
    FetchedValue value;
    while ((error = fetch_value_at(used.get(), 0, &value)) == ERROR_SUCCESS) {
        CountedText name(value.name);
        if (error = registry_error(NtDeleteValueKey(used.get(), name.get())); error != ERROR_SUCCESS) return error;
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}
LSTATUS WINAPI RegDeleteTreeA(HKEY key, LPCSTR subkey) { return RegDeleteTreeW(key, WideArgument(subkey)); }
