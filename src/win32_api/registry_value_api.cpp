// SPDX-License-Identifier: Apache-2.0
// Registry values: ask, set, enumerate, delete.
#include <cstring>

#include "ntstatus.h"
#include "win32/processenv.h"
#include "win32_api/registry_key.h"
#include "win32_api/text.h"

using namespace pw::win32;

namespace {

std::u16string_view view_of(LPCWSTR text) { return text == nullptr ? std::u16string_view() : std::u16string_view(text); }

LSTATUS query(HKEY key, std::u16string_view subkey, std::u16string_view name, FetchedValue* value) {
    const UsedKey used(key, subkey, KEY_QUERY_VALUE);
    return used.error() != ERROR_SUCCESS ? used.error() : fetch_value(used.get(), name, value);
}

LSTATUS set(HKEY key, std::u16string_view subkey, std::u16string_view name, DWORD type, const void* data, std::size_t bytes) {
    const UsedKey used(key, subkey, KEY_SET_VALUE);
    if (used.error() != ERROR_SUCCESS) return used.error();
    CountedText text(name);
    return registry_error(NtSetValueKey(used.get(), text.get(), 0, type, const_cast<void*>(data), static_cast<ULONG>(bytes)));
}

LSTATUS remove(HKEY key, std::u16string_view subkey, std::u16string_view name) {
    const UsedKey used(key, subkey, KEY_SET_VALUE);
    if (used.error() != ERROR_SUCCESS) return used.error();
    CountedText text(name);
    return registry_error(NtDeleteValueKey(used.get(), text.get()));
}

template <bool IsNarrow>
std::vector<std::byte> data_of(const FetchedValue& value) {
    return IsNarrow ? narrow_data(value.type, value.data) : value.data;
}

template <bool IsNarrow>
LSTATUS query_ex(HKEY key, std::u16string_view name, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD bytes) {
    if (reserved != nullptr || (data != nullptr && bytes == nullptr)) return ERROR_INVALID_PARAMETER;
    FetchedValue value;
    if (const LSTATUS error = query(key, {}, name, &value); error != ERROR_SUCCESS) return error;
    if (type != nullptr) *type = value.type;
    return put_data(data_of<IsNarrow>(value), data, bytes);
}

template <bool IsNarrow, typename Char>
LSTATUS enumerate(HKEY key, DWORD index, Char* name, LPDWORD name_units, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD bytes) {
    if (name == nullptr || name_units == nullptr || reserved != nullptr || (data != nullptr && bytes == nullptr)) {
        return ERROR_INVALID_PARAMETER;
    }
    const UsedKey used(key, {}, KEY_QUERY_VALUE);
    if (used.error() != ERROR_SUCCESS) return used.error();
    FetchedValue value;
    if (const LSTATUS error = fetch_value_at(used.get(), index, &value); error != ERROR_SUCCESS) return error;
    if (type != nullptr) *type = value.type;
    std::basic_string<Char> text;
    if constexpr (IsNarrow) text = narrow(value.name);
    else text = value.name;
    if (*name_units <= text.size()) return ERROR_MORE_DATA;
    std::memcpy(name, text.c_str(), (text.size() + 1) * sizeof(Char));
    *name_units = static_cast<DWORD>(text.size());
    return put_data(data_of<IsNarrow>(value), data, bytes);
}

// A string that is stored without its terminator gets one: what distinguishes RegGetValue.
void terminate(FetchedValue* value) {
    if (!is_text(value->type)) return;
    if (value->data.size() % sizeof(char16_t) != 0) value->data.push_back(std::byte{});
    const std::size_t zeros = value->type == REG_MULTI_SZ ? 2 : 1;
    const auto ends_with_zeros = [&] {
        if (value->data.size() < zeros * sizeof(char16_t)) return false;
        for (std::size_t i = 1; i <= zeros * sizeof(char16_t); ++i) {
            if (value->data[value->data.size() - i] != std::byte{}) return false;
        }
        return true;
    };
    while (!ends_with_zeros()) value->data.resize(value->data.size() + sizeof(char16_t));
}

void expand(FetchedValue* value) {
    std::u16string text(value->data.size() / sizeof(char16_t), u'\0');
    std::memcpy(text.data(), value->data.data(), text.size() * sizeof(char16_t));
    const DWORD units = ExpandEnvironmentStringsW(text.c_str(), nullptr, 0);
    std::u16string expanded(units, u'\0');
    ExpandEnvironmentStringsW(text.c_str(), expanded.data(), units);
    const auto* bytes = reinterpret_cast<const std::byte*>(expanded.data());
    value->data.assign(bytes, bytes + expanded.size() * sizeof(char16_t));
    value->type = REG_SZ;
}

bool is_allowed(const FetchedValue& value, DWORD flags) {
    if ((flags & RRF_RT_DWORD) == RRF_RT_DWORD && value.type == REG_BINARY) return value.data.size() == sizeof(DWORD);
    if ((flags & RRF_RT_QWORD) == RRF_RT_QWORD && value.type == REG_BINARY) return value.data.size() == sizeof(ULONGLONG);
    switch (value.type) {
        case REG_NONE: return (flags & RRF_RT_REG_NONE) != 0;
        case REG_SZ: return (flags & RRF_RT_REG_SZ) != 0;
        case REG_EXPAND_SZ: return (flags & RRF_RT_REG_EXPAND_SZ) != 0;
        case REG_BINARY: return (flags & RRF_RT_REG_BINARY) != 0;
        case REG_DWORD: return (flags & RRF_RT_REG_DWORD) != 0 && value.data.size() == sizeof(DWORD);
        case REG_MULTI_SZ: return (flags & RRF_RT_REG_MULTI_SZ) != 0;
        case REG_QWORD: return (flags & RRF_RT_REG_QWORD) != 0 && value.data.size() == sizeof(ULONGLONG);
        default: return (flags & RRF_RT_ANY) == RRF_RT_ANY;
    }
}

template <bool IsNarrow>
LSTATUS get_value(HKEY key, std::u16string_view subkey, std::u16string_view name, DWORD flags, LPDWORD type, PVOID data, LPDWORD bytes) {
    const bool asks_expand_only = (flags & RRF_RT_REG_EXPAND_SZ) && !(flags & RRF_NOEXPAND) && (flags & RRF_RT_ANY) != RRF_RT_ANY;
    if (!(flags & RRF_RT_ANY) || asks_expand_only || (data != nullptr && bytes == nullptr)) return ERROR_INVALID_PARAMETER;
    const DWORD room = bytes == nullptr ? 0 : *bytes;
    FetchedValue value;
    LSTATUS error = query(key, subkey, name, &value);
    if (error == ERROR_SUCCESS) {
        terminate(&value);
        if (value.type == REG_EXPAND_SZ && !(flags & RRF_NOEXPAND)) expand(&value);
        if (type != nullptr) *type = value.type;
        error = is_allowed(value, flags) ? put_data(data_of<IsNarrow>(value), data, bytes) : ERROR_UNSUPPORTED_TYPE;
    }
    if (error != ERROR_SUCCESS && (flags & RRF_ZEROONFAILURE) && data != nullptr) std::memset(data, 0, room);
    return error;
}

}  // namespace

LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD bytes) {
    return query_ex<false>(key, view_of(name), reserved, type, data, bytes);
}
LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD bytes) {
    return query_ex<true>(key, view_of(WideArgument(name)), reserved, type, data, bytes);
}

LSTATUS WINAPI RegSetValueExW(HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE* data, DWORD bytes) {
    if (reserved != 0) return ERROR_INVALID_PARAMETER;
    return set(key, {}, view_of(name), type, data, bytes);
}
LSTATUS WINAPI RegSetValueExA(HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE* data, DWORD bytes) {
    if (reserved != 0) return ERROR_INVALID_PARAMETER;
    const std::vector<std::byte> wide = widen_data(type, data, bytes);
    return set(key, {}, view_of(WideArgument(name)), type, wide.data(), wide.size());
}

LSTATUS WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, LPDWORD name_units, LPDWORD reserved, LPDWORD type, LPBYTE data,
                             LPDWORD bytes) {
    return enumerate<false>(key, index, name, name_units, reserved, type, data, bytes);
}
LSTATUS WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, LPDWORD name_units, LPDWORD reserved, LPDWORD type, LPBYTE data,
                             LPDWORD bytes) {
    return enumerate<true>(key, index, name, name_units, reserved, type, data, bytes);
}

LSTATUS WINAPI RegDeleteValueW(HKEY key, LPCWSTR name) { return remove(key, {}, view_of(name)); }
LSTATUS WINAPI RegDeleteValueA(HKEY key, LPCSTR name) { return remove(key, {}, view_of(WideArgument(name))); }
LSTATUS WINAPI RegDeleteKeyValueW(HKEY key, LPCWSTR subkey, LPCWSTR name) { return remove(key, view_of(subkey), view_of(name)); }
LSTATUS WINAPI RegDeleteKeyValueA(HKEY key, LPCSTR subkey, LPCSTR name) {
    return remove(key, view_of(WideArgument(subkey)), view_of(WideArgument(name)));
}

LSTATUS WINAPI RegSetKeyValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD type, LPCVOID data, DWORD bytes) {
    return set(key, view_of(subkey), view_of(name), type, data, bytes);
}
LSTATUS WINAPI RegSetKeyValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD type, LPCVOID data, DWORD bytes) {
    const std::vector<std::byte> wide = widen_data(type, static_cast<const BYTE*>(data), bytes);
    return set(key, view_of(WideArgument(subkey)), view_of(WideArgument(name)), type, wide.data(), wide.size());
}

LSTATUS WINAPI RegGetValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD flags, LPDWORD type, PVOID data, LPDWORD bytes) {
    return get_value<false>(key, view_of(subkey), view_of(name), flags, type, data, bytes);
}
LSTATUS WINAPI RegGetValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD flags, LPDWORD type, PVOID data, LPDWORD bytes) {
    return get_value<true>(key, view_of(WideArgument(subkey)), view_of(WideArgument(name)), flags, type, data, bytes);
}
