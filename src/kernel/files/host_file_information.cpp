// SPDX-License-Identifier: Apache-2.0
#include "kernel/files/host_file_information.h"

#include <ntstatus.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "kernel/dispatcher/kernel_time.h"
#include "platform/host_file.h"
#include "platform/section_file.h"

namespace pw::fs {
namespace {

using platform::HostFileInfo;

LARGE_INTEGER system_time_of(std::int64_t since_1970_ns) {
    LARGE_INTEGER time;
    time.QuadPart = ke::unix_epoch + since_1970_ns / 100;
    return time;
}

ULONG attributes_of(const HostFileInfo& info) {
    return FILE_ATTRIBUTE_ARCHIVE | (info.is_read_only ? FILE_ATTRIBUTE_READONLY : 0u);
}

LARGE_INTEGER large(std::uint64_t value) {
    LARGE_INTEGER result;
    result.QuadPart = static_cast<LONGLONG>(value);
    return result;
}

void fill(FILE_BASIC_INFORMATION* out, const HostFileInfo& info) {
    // The machine's file systems keep no time of creation that every one of them could tell.
    out->CreationTime = system_time_of(info.modified_ns);
    out->LastAccessTime = system_time_of(info.accessed_ns);
    out->LastWriteTime = system_time_of(info.modified_ns);
    out->ChangeTime = system_time_of(info.changed_ns);
    out->FileAttributes = attributes_of(info);
}

void fill(FILE_STANDARD_INFORMATION* out, const HostFileInfo& info, const HostFile& file) {
    out->AllocationSize = large(info.allocated_bytes);
    out->EndOfFile = large(info.size_bytes);
    out->NumberOfLinks = info.links;
    out->DeletePending = file.delete_at_cleanup;
    out->Directory = FALSE;
}

// Structure T filled by `put`, when it fits.
template <typename T, typename Put>
Status answer(void* buffer, ULONG* bytes, Put&& put) {
    if (!buffer || *bytes < sizeof(T)) return STATUS_INFO_LENGTH_MISMATCH;
    T value = {};
    put(&value);
    std::memcpy(buffer, &value, sizeof value);
    *bytes = sizeof value;
    return {};
}

// A name that is longer than the room is cut; its full length is told.
Status put_name(void* buffer, ULONG* bytes, ULONG offset, const UNICODE_STRING& name) {
    const ULONG head = offset + static_cast<ULONG>(offsetof(FILE_NAME_INFORMATION, FileName));
    if (!buffer || *bytes < head) return STATUS_INFO_LENGTH_MISMATCH;
    auto* const out = static_cast<std::byte*>(buffer);
    const ULONG length = name.Length;
    const ULONG fits = std::min<ULONG>(length, (*bytes - head) & ~ULONG{1});
    std::memcpy(out + offset, &length, sizeof length);
    std::memcpy(out + head, name.Buffer, fits);
    *bytes = head + fits;
    return fits == length ? Status() : Status(STATUS_BUFFER_OVERFLOW);
}

Status put_all(const HostFile& file, const HostFileInfo& info, const UNICODE_STRING& name, const FILE_OBJECT& object,
               void* buffer, ULONG* bytes) {
    if (!buffer || *bytes < sizeof(FILE_ALL_INFORMATION)) return STATUS_INFO_LENGTH_MISMATCH;
    FILE_ALL_INFORMATION all = {};
    fill(&all.BasicInformation, info);
    fill(&all.StandardInformation, info, file);
    all.InternalInformation.IndexNumber = large(info.inode);
    all.PositionInformation.CurrentByteOffset = object.CurrentByteOffset;
    // Access, mode and alignment are the I/O manager's.
    constexpr std::size_t named = offsetof(FILE_ALL_INFORMATION, NameInformation);
    std::memcpy(buffer, &all, named);
    return put_name(buffer, bytes, named, name);
}

}  // namespace

Status query_host_file_information(const HostFile& file, const UNICODE_STRING& name, const FILE_OBJECT& object,
                                   ULONG information_class, void* buffer, ULONG* bytes) {
    PW_TRY_ASSIGN(const HostFileInfo info, platform::query_host_file(file.descriptor.get()));
    switch (information_class) {
        case FileBasicInformation:
            return answer<FILE_BASIC_INFORMATION>(buffer, bytes, [&](auto* out) { fill(out, info); });
        case FileStandardInformation:
            return answer<FILE_STANDARD_INFORMATION>(buffer, bytes, [&](auto* out) { fill(out, info, file); });
        case FileInternalInformation:
            return answer<FILE_INTERNAL_INFORMATION>(buffer, bytes, [&](auto* out) { out->IndexNumber = large(info.inode); });
        case FileEaInformation: return answer<FILE_EA_INFORMATION>(buffer, bytes, [](auto*) {});
        case FileNameInformation: return put_name(buffer, bytes, 0, name);
        case FileNetworkOpenInformation:
            return answer<FILE_NETWORK_OPEN_INFORMATION>(buffer, bytes, [&](auto* out) {
                FILE_BASIC_INFORMATION basic = {};
                fill(&basic, info);
                *out = {basic.CreationTime, basic.LastAccessTime, basic.LastWriteTime, basic.ChangeTime,
                        large(info.allocated_bytes), large(info.size_bytes), basic.FileAttributes};
            });
        case FileAttributeTagInformation:
            return answer<FILE_ATTRIBUTE_TAG_INFORMATION>(buffer, bytes,
                                                          [&](auto* out) { out->FileAttributes = attributes_of(info); });
        case FileAllInformation: return put_all(file, info, name, object, buffer, bytes);
        default: return STATUS_INVALID_INFO_CLASS;
    }
}

Status set_host_file_basic(const HostFile& file, const FILE_BASIC_INFORMATION& basic) {
    // 0 leaves a time as it is, -1 asks the system to stop updating it, which a file system here cannot.
    const auto since_1970 = [](const LARGE_INTEGER& time) {
        return time.QuadPart <= 0 ? platform::time_unchanged : (time.QuadPart - ke::unix_epoch) * 100;
    };
    PW_TRY(platform::set_host_file_times(file.descriptor.get(), since_1970(basic.LastAccessTime),
                                         since_1970(basic.LastWriteTime)));
    if (basic.FileAttributes == 0) return {};
    return platform::set_host_file_read_only(file.descriptor.get(), (basic.FileAttributes & FILE_ATTRIBUTE_READONLY) != 0);
}

}  // namespace pw::fs
