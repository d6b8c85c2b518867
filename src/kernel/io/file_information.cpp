// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/file_information.h"

#include <cstring>

#include "kernel/io/file.h"

namespace pw::io {
namespace {

constexpr ACCESS_MASK delete_access = 0x00010000;
// The create options that FileModeInformation shows, and those of them that may be set again.
constexpr ULONG settable_modes = FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT;

template <typename T>
InformationAnswer answer(const T& value) {
    InformationAnswer out;
    static_assert(sizeof(T) <= sizeof(out.bytes));
    std::memcpy(out.bytes, &value, sizeof(T));
    out.length_bytes = sizeof(T);
    return out;
}

ULONG mode_of(const FILE_OBJECT& file) {
    ULONG mode = 0;
    if (file.Flags & FO_WRITE_THROUGH) mode |= FILE_WRITE_THROUGH;
    if (file.Flags & FO_SEQUENTIAL_ONLY) mode |= FILE_SEQUENTIAL_ONLY;
    if (file.Flags & FO_NO_INTERMEDIATE_BUFFERING) mode |= FILE_NO_INTERMEDIATE_BUFFERING;
    if (file.Flags & FO_SYNCHRONOUS_IO) {
        mode |= (file.Flags & FO_ALERTABLE_IO) ? FILE_SYNCHRONOUS_IO_ALERT : FILE_SYNCHRONOUS_IO_NONALERT;
    }
    if (file.Flags & FO_DELETE_ON_CLOSE) mode |= FILE_DELETE_ON_CLOSE;
    return mode;
}

void set_flag(FILE_OBJECT& file, ULONG flag, bool on) { file.Flags = on ? file.Flags | flag : file.Flags & ~flag; }

Status set_mode(FILE_OBJECT& file, ULONG mode) {
    if (mode & ~settable_modes) return STATUS_INVALID_PARAMETER;
    // A file that is synchronous stays so, and one that is not does not become it; alertable may change.
    const ULONG synchronous = mode & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT);
    if (synchronous == (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)) return STATUS_INVALID_PARAMETER;
    if (((file.Flags & FO_SYNCHRONOUS_IO) != 0) != (synchronous != 0)) return STATUS_INVALID_PARAMETER;
    set_flag(file, FO_WRITE_THROUGH, (mode & FILE_WRITE_THROUGH) != 0);
    set_flag(file, FO_SEQUENTIAL_ONLY, (mode & FILE_SEQUENTIAL_ONLY) != 0);
    if (synchronous) set_flag(file, FO_ALERTABLE_IO, synchronous == FILE_SYNCHRONOUS_IO_ALERT);
    return STATUS_SUCCESS;
}

}  // namespace

Result<InformationRule> query_rule(ULONG information_class) {
    switch (information_class) {
        case FileBasicInformation: return InformationRule{sizeof(FILE_BASIC_INFORMATION), FILE_READ_ATTRIBUTES};
        case FileStandardInformation: return InformationRule{sizeof(FILE_STANDARD_INFORMATION), 0};
        case FileInternalInformation: return InformationRule{sizeof(FILE_INTERNAL_INFORMATION), 0};
        case FileEaInformation: return InformationRule{sizeof(FILE_EA_INFORMATION), 0};
        case FileAccessInformation: return InformationRule{sizeof(FILE_ACCESS_INFORMATION), 0};
        case FileNameInformation: return InformationRule{sizeof(FILE_NAME_INFORMATION), 0};
        case FilePositionInformation: return InformationRule{sizeof(FILE_POSITION_INFORMATION), 0};
        case FileModeInformation: return InformationRule{sizeof(FILE_MODE_INFORMATION), 0};
        case FileAlignmentInformation: return InformationRule{sizeof(FILE_ALIGNMENT_INFORMATION), 0};
        case FileAllInformation: return InformationRule{sizeof(FILE_ALL_INFORMATION), FILE_READ_ATTRIBUTES};
        case FileNetworkOpenInformation: return InformationRule{sizeof(FILE_NETWORK_OPEN_INFORMATION), FILE_READ_ATTRIBUTES};
        case FileAttributeTagInformation: return InformationRule{sizeof(FILE_ATTRIBUTE_TAG_INFORMATION), FILE_READ_ATTRIBUTES};
        default: return STATUS_INVALID_INFO_CLASS;
    }
}

Result<InformationRule> set_rule(ULONG information_class) {
    switch (information_class) {
        case FileBasicInformation: return InformationRule{sizeof(FILE_BASIC_INFORMATION), FILE_WRITE_ATTRIBUTES};
        case FileRenameInformation: return InformationRule{sizeof(FILE_RENAME_INFORMATION), delete_access};
        case FileDispositionInformation: return InformationRule{sizeof(FILE_DISPOSITION_INFORMATION), delete_access};
        case FilePositionInformation: return InformationRule{sizeof(FILE_POSITION_INFORMATION), 0};
        case FileModeInformation: return InformationRule{sizeof(FILE_MODE_INFORMATION), 0};
        case FileAllocationInformation: return InformationRule{sizeof(FILE_ALLOCATION_INFORMATION), FILE_WRITE_DATA};
        case FileEndOfFileInformation: return InformationRule{sizeof(FILE_END_OF_FILE_INFORMATION), FILE_WRITE_DATA};
        default: return STATUS_INVALID_INFO_CLASS;
    }
}

Result<InformationRule> volume_query_rule(ULONG information_class) {
    switch (information_class) {
        case FileFsVolumeInformation: return InformationRule{24, 0};
        case FileFsSizeInformation: return InformationRule{24, 0};
        case FileFsDeviceInformation: return InformationRule{8, 0};
        case FileFsAttributeInformation: return InformationRule{16, 0};
        case FileFsFullSizeInformation: return InformationRule{32, 0};
        default: return STATUS_INVALID_INFO_CLASS;
    }
}

InformationAnswer answer_query(FileObject& file, ULONG information_class, ACCESS_MASK granted_access) {
    const FILE_OBJECT& nt = *file.nt();
    switch (information_class) {
        case FilePositionInformation: return answer(FILE_POSITION_INFORMATION{.CurrentByteOffset = nt.CurrentByteOffset});
        case FileAccessInformation: return answer(FILE_ACCESS_INFORMATION{.AccessFlags = granted_access});
        case FileModeInformation: return answer(FILE_MODE_INFORMATION{.Mode = mode_of(nt)});
        case FileAlignmentInformation:
            return answer(FILE_ALIGNMENT_INFORMATION{.AlignmentRequirement = nt.DeviceObject->AlignmentRequirement});
        default: return {};
    }
}

InformationAnswer answer_volume_query(FileObject& file, ULONG information_class) {
    if (information_class != FileFsDeviceInformation) return {};
    const DEVICE_OBJECT& device = *file.nt()->DeviceObject;
    const struct {
        DEVICE_TYPE type;
        ULONG characteristics;
    } value{device.DeviceType, device.Characteristics};
    return answer(value);
}

Status apply_set(FileObject& file, ULONG information_class, const std::byte* value, bool* handled) {
    *handled = true;
    if (information_class == FilePositionInformation) {
        FILE_POSITION_INFORMATION position;
        std::memcpy(&position, value, sizeof(position));
        if (position.CurrentByteOffset.QuadPart < 0) return STATUS_INVALID_PARAMETER;
        file.nt()->CurrentByteOffset = position.CurrentByteOffset;
        return STATUS_SUCCESS;
    }
    if (information_class == FileModeInformation) {
        FILE_MODE_INFORMATION mode;
        std::memcpy(&mode, value, sizeof(mode));
        return set_mode(*file.nt(), mode.Mode);
    }
    *handled = false;
    return STATUS_SUCCESS;
}

}  // namespace pw::io
