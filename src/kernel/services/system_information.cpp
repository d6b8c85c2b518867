// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/system_information.h"

#include <cstring>

#include "kernel/dispatcher/kernel_time.h"

namespace pw::nt {
namespace {

constexpr ULONG page_bytes = 4096;
constexpr ULONG granularity_bytes = 65536;
constexpr ULONG timer_resolution_100ns = 156250;
constexpr ULONG_PTR lowest_user_address = 0x10000;
constexpr ULONG_PTR highest_user_address = 0x7FFFFFFEFFFF;

template <typename T>
SystemInformation information_of(const T& value) {
    SystemInformation out;
    static_assert(sizeof(T) <= sizeof(out.bytes));
    std::memcpy(out.bytes, &value, sizeof(T));
    out.length_bytes = sizeof(T);
    return out;
}

// The bytes of an entry with its two zero-terminated strings.
ULONG bytes_of(const DirectoryEntry& entry) {
    return static_cast<ULONG>(sizeof(OBJECT_DIRECTORY_INFORMATION) +
                              (entry.name.size() + 1 + entry.type.size() + 1) * sizeof(char16_t));
}

UNICODE_STRING put_string(const std::u16string& text, std::byte*& at) {
    const auto bytes = static_cast<USHORT>(text.size() * sizeof(char16_t));
    UNICODE_STRING string;
    string.Length = bytes;
    string.MaximumLength = static_cast<USHORT>(bytes + sizeof(char16_t));
    string.Buffer = reinterpret_cast<PWCH>(at);
    std::memcpy(at, text.c_str(), string.MaximumLength);
    at += string.MaximumLength;
    return string;
}

}  // namespace

SystemInformation query_system(Kernel& kernel, SYSTEM_INFORMATION_CLASS information_class) {
    switch (information_class) {
        case SystemBasicInformation: {
            const ULONG processors = kernel.dispatcher().processors().count();
            SYSTEM_BASIC_INFORMATION basic = {};
            basic.TimerResolution = timer_resolution_100ns;
            basic.PageSize = page_bytes;
            basic.AllocationGranularity = granularity_bytes;
            basic.MinimumUserModeAddress = lowest_user_address;
            basic.MaximumUserModeAddress = highest_user_address;
            basic.ActiveProcessorsAffinityMask = processors >= 64 ? ~KAFFINITY{0} : (KAFFINITY{1} << processors) - 1;
            basic.NumberOfProcessors = static_cast<CCHAR>(processors);
            return information_of(basic);
        }
        case SystemTimeOfDayInformation: {
            SYSTEM_TIMEOFDAY_INFORMATION time = {};
            time.CurrentTime.QuadPart = ke::system_time();
            time.BootTime.QuadPart = time.CurrentTime.QuadPart - static_cast<LONGLONG>(ke::interrupt_time());
            return information_of(time);
        }
        default:
            return {};
    }
}

Status put_system_information(const SystemInformation& information, void* buffer, ULONG bytes, PULONG returned) {
    if (returned) *returned = information.length_bytes;
    if (bytes != information.length_bytes) return STATUS_INFO_LENGTH_MISMATCH;
    std::memcpy(buffer, information.bytes, bytes);
    return STATUS_SUCCESS;
}

Status put_directory_entries(const std::vector<DirectoryEntry>& entries, std::span<std::byte> buffer, bool single, bool restart,
                             PULONG context, PULONG returned) {
    const std::size_t first = restart ? 0 : *context;
    if (first >= entries.size()) return STATUS_NO_MORE_ENTRIES;
    // The terminating entry is all zero.
    std::size_t used = sizeof(OBJECT_DIRECTORY_INFORMATION);
    std::size_t end = first;
    while (end < entries.size() && (!single || end == first) && used + bytes_of(entries[end]) <= buffer.size()) {
        used += bytes_of(entries[end++]);
    }
    if (end == first) {
        if (returned) *returned = static_cast<ULONG>(sizeof(OBJECT_DIRECTORY_INFORMATION)) + bytes_of(entries[first]);
        return STATUS_BUFFER_TOO_SMALL;
    }
    auto* out = reinterpret_cast<OBJECT_DIRECTORY_INFORMATION*>(buffer.data());
    std::byte* strings = buffer.data() + (end - first + 1) * sizeof(OBJECT_DIRECTORY_INFORMATION);
    for (std::size_t i = first; i < end; ++i, ++out) {
        out->Name = put_string(entries[i].name, strings);
        out->TypeName = put_string(entries[i].type, strings);
    }
    *out = {};
    *context = static_cast<ULONG>(end);
    if (returned) *returned = static_cast<ULONG>(used);
    return end < entries.size() && !single ? STATUS_MORE_ENTRIES : STATUS_SUCCESS;
}

}  // namespace pw::nt
