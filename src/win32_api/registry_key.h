// SPDX-License-Identifier: Apache-2.0
// What the registry's functions share: predefined keys, names, values fetched whole.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "win32/winreg.h"
#include "win32/winternl.h"

namespace pw::win32 {

// HKEY_LOCAL_MACHINE and its like: no handles.
[[nodiscard]] bool is_predefined(HKEY key);
// RtlNtStatusToDosError: these functions return their error.
[[nodiscard]] LSTATUS registry_error(NTSTATUS status);

// A UNICODE_STRING of a text that outlives it.
class CountedText {
public:
    // Longer than 65,534 bytes: cut, which no name of a key or value is allowed to be.
    explicit CountedText(std::u16string_view text);
    [[nodiscard]] PUNICODE_STRING get() { return &string_; }

private:
    UNICODE_STRING string_;
};

// The object attributes of `subkey` below `key`.
class KeyName {
public:
    KeyName(HKEY key, std::u16string_view subkey, PSECURITY_DESCRIPTOR security = nullptr);
    KeyName(const KeyName&) = delete;
    KeyName& operator=(const KeyName&) = delete;
    // False: a predefined key that is not there; ERROR_INVALID_HANDLE.
    [[nodiscard]] bool is_valid() const { return valid_; }
    [[nodiscard]] POBJECT_ATTRIBUTES get() { return &attributes_; }

private:
    std::u16string path_;
    UNICODE_STRING string_{};
    OBJECT_ATTRIBUTES attributes_{};
    bool valid_ = true;
};

// A handle for one function's run: the key itself, or one that a predefined key was opened as.
class UsedKey {
public:
    UsedKey(HKEY key, std::u16string_view subkey, REGSAM access);
    ~UsedKey();
    UsedKey(const UsedKey&) = delete;
    UsedKey& operator=(const UsedKey&) = delete;
    [[nodiscard]] LSTATUS error() const { return error_; }
    [[nodiscard]] HANDLE get() const { return handle_; }

private:
    HANDLE handle_ = nullptr;
    bool is_own_ = false;
    LSTATUS error_ = ERROR_SUCCESS;
};

struct FetchedValue {
    std::u16string name;
    ULONG type = 0;
    std::vector<std::byte> data;
};
// `index`: of all values instead of the one of that name.
[[nodiscard]] LSTATUS fetch_value(HANDLE key, std::u16string_view name, FetchedValue* value);
[[nodiscard]] LSTATUS fetch_value_at(HANDLE key, ULONG index, FetchedValue* value);

[[nodiscard]] inline bool is_text(ULONG type) { return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ; }
// Text as the A functions give and take it: UTF-8. Other data stays.
[[nodiscard]] std::vector<std::byte> narrow_data(ULONG type, const std::vector<std::byte>& data);
[[nodiscard]] std::vector<std::byte> widen_data(ULONG type, const BYTE* data, DWORD bytes);
// The rule of RegQueryValueEx: no buffer asks for the size, one that is too small is ERROR_MORE_DATA.
[[nodiscard]] LSTATUS put_data(const std::vector<std::byte>& data, void* buffer, LPDWORD bytes);

}  // namespace pw::win32
