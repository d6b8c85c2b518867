// SPDX-License-Identifier: Apache-2.0
#include "kernel/files/host_volume.h"

#include <nt/fs.h>
#include <nt/se.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "kernel/files/host_file_information.h"
#include "kernel/memory/file_segments.h"
#include "platform/drive_folder.h"
#include "platform/host_file.h"
#include "platform/socket.h"
#include "platform/section_file.h"

namespace pw::fs {
namespace {

constexpr std::u16string_view driver_name = u"\\FileSystem\\PartywallHostVolume";
constexpr std::u16string_view device_name = u"\\Device\\HostVolume";
constexpr std::u16string_view link_name = u"\\??\\Z:";
constexpr std::u16string_view drive_c_name = u"\\??\\C:";
constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr std::size_t max_path_bytes = 4095;

HostFile* file_of(PFILE_OBJECT object) { return object ? static_cast<HostFile*>(object->FsContext) : nullptr; }

// "\dir\file" of the volume is "/dir/file" of the machine.
Result<std::string> host_path_of(const UNICODE_STRING& name) {
    if (name.Length == 0) return STATUS_FILE_IS_A_DIRECTORY;
    std::string path =
        io::narrow({reinterpret_cast<const char16_t*>(name.Buffer), name.Length / sizeof(char16_t)});
    if (path.find('\0') != std::string::npos || path.find('/') != std::string::npos) return STATUS_OBJECT_NAME_INVALID;
    std::replace(path.begin(), path.end(), '\\', '/');
    if (path.size() > max_path_bytes) return STATUS_NAME_TOO_LONG;
    return platform::is_on_drive_c(path) ? platform::path_on_drive_c(path) : path;
}

struct Disposition {
    platform::OpenDisposition how;
    bool cuts;              // an existing file loses its contents
    ULONG_PTR for_existing;  // IoStatus.Information
};

Result<Disposition> disposition_of(ULONG options) {
    switch (options >> 24) {
        case FILE_SUPERSEDE: return Disposition{platform::OpenDisposition::open_always, true, FILE_SUPERSEDED};
        case FILE_OPEN: return Disposition{platform::OpenDisposition::open_existing, false, FILE_OPENED};
        case FILE_CREATE: return Disposition{platform::OpenDisposition::create_new, false, FILE_OPENED};
        case FILE_OPEN_IF: return Disposition{platform::OpenDisposition::open_always, false, FILE_OPENED};
        case FILE_OVERWRITE: return Disposition{platform::OpenDisposition::open_existing, true, FILE_OVERWRITTEN};
        case FILE_OVERWRITE_IF: return Disposition{platform::OpenDisposition::open_always, true, FILE_OVERWRITTEN};
        default: return STATUS_INVALID_PARAMETER;
    }
}

}  // namespace

Status HostVolume::start() {
    // Its own name space directory tells it from the drivers that are loaded.
    driver_ = io::DriverObject::create(io_, u"PartywallHostVolume", {}, nullptr);
    PW_TRY(io_.objects().insert(*driver_, driver_name, nullptr, true));
    for (const int major : {IRP_MJ_CREATE, IRP_MJ_READ, IRP_MJ_WRITE, IRP_MJ_QUERY_INFORMATION, IRP_MJ_SET_INFORMATION,
                            IRP_MJ_FLUSH_BUFFERS, IRP_MJ_CLEANUP, IRP_MJ_CLOSE}) {
        driver_->nt()->MajorFunction[major] = dispatch;
    }
    PW_TRY(io_.create_device(*driver_, sizeof(HostVolume*), device_name, FILE_DEVICE_DISK_FILE_SYSTEM, 0, false, &device_));
    *static_cast<HostVolume**>(device_->DeviceExtension) = this;
    device_->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
    PW_TRY(io_.create_symbolic_link(link_name, device_name));
    if (platform::drive_c_folder().empty()) return {};
    std::u16string folder = io::widen(platform::drive_c_folder());
    std::replace(folder.begin(), folder.end(), u'/', u'\\');
    return io_.create_symbolic_link(drive_c_name, std::u16string(device_name) + folder);
}

void HostVolume::stop() {
    if (!driver_) return;
    io_.delete_symbolic_link(link_name).ignore();
    if (!platform::drive_c_folder().empty()) io_.delete_symbolic_link(drive_c_name).ignore();
    if (device_) io_.delete_device(device_);
    device_ = nullptr;
    io_.objects().remove_name(*driver_);
    driver_.reset();
}

int HostVolume::descriptor_of(io::FileObject& file) const {
    if (device_ == nullptr || file.nt()->DeviceObject != device_) return -1;
    const HostFile* const host = file_of(file.nt());
    return host ? host->descriptor.get() : -1;
}

Result<HostVolume::Adopted> HostVolume::adopt(platform::Descriptor descriptor) {
    PW_TRY_ASSIGN(const platform::SectionFile file, platform::inspect_section_file(descriptor.get()));
    if (!file.is_regular) return STATUS_INVALID_FILE_FOR_SECTION;
    auto host = std::make_unique<HostFile>();
    host->path = platform::path_of_descriptor(descriptor.get());
    host->descriptor = std::move(descriptor);
    std::u16string name = io::widen(host->path);
    std::replace(name.begin(), name.end(), u'/', u'\\');
    io::DeviceObject* const device = io::DeviceObject::from_nt(device_);
    if (!device->open_started()) return STATUS_NO_SUCH_DEVICE;
    auto object = io::FileObject::create(io_, *device, std::move(name), FILE_SYNCHRONOUS_IO_NONALERT);
    if (!object) {
        device->open_ended();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    FILE_OBJECT* const nt = object->nt();
    nt->ReadAccess = file.may_read;
    nt->WriteAccess = file.may_write;
    nt->FsContext = host.release();
    nt->Flags |= FO_HANDLE_CREATED;
    object->set_opened();
    const ACCESS_MASK access = (file.may_read ? FILE_GENERIC_READ | FILE_GENERIC_EXECUTE : 0u) |
                               (file.may_write ? FILE_GENERIC_WRITE : 0u) | FILE_READ_ATTRIBUTES | SYNCHRONIZE;
    return Adopted{std::move(object), access};
}

NTSTATUS NTAPI HostVolume::dispatch(PDEVICE_OBJECT device, PIRP irp) {
    auto& volume = **static_cast<HostVolume**>(device->DeviceExtension);
    ULONG_PTR information = 0;
    const NTSTATUS status = volume.serve(irp, IoGetCurrentIrpStackLocation(irp), &information).code();
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    volume.io_.complete_request(irp, IO_NO_INCREMENT);
    return status;
}

Status HostVolume::serve(PIRP irp, PIO_STACK_LOCATION location, ULONG_PTR* information) {
    if (location->MajorFunction == IRP_MJ_CREATE) return open(irp, location, information);
    HostFile* const file = file_of(location->FileObject);
    if (location->MajorFunction == IRP_MJ_CLOSE) {
        delete file;
        location->FileObject->FsContext = nullptr;
        return {};
    }
    if (!file) return STATUS_INVALID_DEVICE_REQUEST;  // an open of the device itself
    switch (location->MajorFunction) {
        case IRP_MJ_READ: return transfer(irp, location, true, information);
        case IRP_MJ_WRITE: return transfer(irp, location, false, information);
        case IRP_MJ_QUERY_INFORMATION: {
            ULONG bytes = location->Parameters.QueryFile.Length;
            const Status status = query_host_file_information(
                *file, location->FileObject->FileName, *location->FileObject,
                static_cast<ULONG>(location->Parameters.QueryFile.FileInformationClass), irp->AssociatedIrp.SystemBuffer, &bytes);
            if (!status.is_error()) *information = bytes;
            return status;
        }
        case IRP_MJ_SET_INFORMATION: return set_information(irp, location);
        case IRP_MJ_FLUSH_BUFFERS: return platform::flush_host_file(file->descriptor.get());
        case IRP_MJ_CLEANUP:
            // Nobody is left to hear of a failure.
            if (file->delete_at_cleanup) platform::remove_host_file(file->path).ignore();
            return {};
        default: return STATUS_INVALID_DEVICE_REQUEST;
    }
}

Status HostVolume::open(PIRP irp, PIO_STACK_LOCATION location, ULONG_PTR* information) {
    if (location->FileObject->FileName.Length == 0) return {};  // the volume itself, for its attributes
    // The file would be opened with this host's rights.
    if (irp->RequestorMode != KernelMode &&
        ps::Thread::current()->process().identity().user_id != platform::effective_user()) {
        return STATUS_ACCESS_DENIED;
    }
    const ULONG options = location->Parameters.Create.Options;
    if ((options & FILE_DIRECTORY_FILE) != 0) return STATUS_NOT_IMPLEMENTED;
    PW_TRY_ASSIGN(const Disposition disposition, disposition_of(options));
    PW_TRY_ASSIGN(std::string path, host_path_of(location->FileObject->FileName));
    const ACCESS_MASK access = location->Parameters.Create.SecurityContext->DesiredAccess;
    const bool appends = (access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) == FILE_APPEND_DATA;
    const platform::HostFileRequest request{
        .read = (access & (FILE_READ_DATA | FILE_EXECUTE)) != 0,
        .write = (access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0 || disposition.cuts,
        .append = appends && !disposition.cuts,
        .disposition = disposition.how,
        .create_read_only = (location->Parameters.Create.FileAttributes & FILE_ATTRIBUTE_READONLY) != 0,
        .regular_only = true,
    };
    PW_TRY_ASSIGN(platform::OpenedHostFile opened, platform::open_host_file(path, request));
    auto file = std::make_unique<HostFile>();
    file->descriptor = std::move(opened.descriptor);
    file->path = std::move(path);
    file->delete_at_cleanup = (options & FILE_DELETE_ON_CLOSE) != 0;
    if (opened.existed && disposition.cuts) PW_TRY(cut(*file, 0));
    location->FileObject->FsContext = file.release();
    *information = opened.existed ? disposition.for_existing : ULONG_PTR{FILE_CREATED};
    return {};
}

// Requests of this volume are neither buffered nor direct: the driver side's pointers are its own, an application's are
// copied with the care that they need. A request that a driver built may carry an MDL instead.
Status HostVolume::copy_to_requestor(PIRP irp, ULONG offset_bytes, const void* source, ULONG bytes) {
    auto* target = static_cast<std::byte*>(irp->UserBuffer);
    if (irp->MdlAddress) {
        target = static_cast<std::byte*>(io_.memory().mdls().system_address(irp->MdlAddress, NormalPagePriority));
        if (!target) return STATUS_INSUFFICIENT_RESOURCES;
    } else if (irp->RequestorMode != KernelMode) {
        return io_.memory().user_memory().copy_to_user(ps::Thread::current()->process().address_space(),
                                                       reinterpret_cast<std::uint64_t>(target) + offset_bytes, source, bytes);
    }
    std::memcpy(target + offset_bytes, source, bytes);
    return {};
}

Status HostVolume::copy_from_requestor(PIRP irp, ULONG offset_bytes, void* target, ULONG bytes) {
    auto* source = static_cast<const std::byte*>(irp->UserBuffer);
    if (irp->MdlAddress) {
        source = static_cast<const std::byte*>(io_.memory().mdls().system_address(irp->MdlAddress, NormalPagePriority));
        if (!source) return STATUS_INSUFFICIENT_RESOURCES;
    } else if (irp->RequestorMode != KernelMode) {
        return io_.memory().user_memory().copy_from_user(ps::Thread::current()->process().address_space(), target,
                                                         reinterpret_cast<std::uint64_t>(source) + offset_bytes, bytes);
    }
    std::memcpy(target, source + offset_bytes, bytes);
    return {};
}

Status HostVolume::transfer(PIRP irp, PIO_STACK_LOCATION location, bool reads, ULONG_PTR* information) {
    FILE_OBJECT& object = *location->FileObject;
    const HostFile& file = *file_of(&object);
    const ULONG length = reads ? location->Parameters.Read.Length : location->Parameters.Write.Length;
    std::int64_t offset = reads ? location->Parameters.Read.ByteOffset.QuadPart : location->Parameters.Write.ByteOffset.QuadPart;
    const bool is_synchronous = (object.Flags & FO_SYNCHRONOUS_IO) != 0;
    // The two documented offsets that are none: -1 in the high part, and which in the low part.
    const auto special = static_cast<ULONG>(offset);
    if (offset < 0 && offset >> 32 == -1 && special == FILE_USE_FILE_POINTER_POSITION && is_synchronous) {
        offset = object.CurrentByteOffset.QuadPart;
    } else if (offset < 0 && offset >> 32 == -1 && special == FILE_WRITE_TO_END_OF_FILE && !reads) {
        PW_TRY_ASSIGN(const platform::HostFileInfo info, platform::query_host_file(file.descriptor.get()));
        offset = static_cast<std::int64_t>(info.size_bytes);
    } else if (offset < 0) {
        return STATUS_INVALID_PARAMETER;
    }
    std::vector<std::byte> chunk(std::min<std::size_t>(length, chunk_bytes));
    ULONG done = 0;
    while (done < length) {
        const ULONG part = std::min<ULONG>(length - done, static_cast<ULONG>(chunk.size()));
        ULONG moved = 0;
        if (reads) {
            PW_TRY_ASSIGN(const std::size_t bytes,
                          platform::read_host_file(file.descriptor.get(), chunk.data(), part, offset + done));
            moved = static_cast<ULONG>(bytes);
            if (moved == 0) break;
            PW_TRY(copy_to_requestor(irp, done, chunk.data(), moved));
        } else {
            PW_TRY(copy_from_requestor(irp, done, chunk.data(), part));
            PW_TRY_ASSIGN(const std::size_t bytes,
                          platform::write_host_file(file.descriptor.get(), chunk.data(), part, offset + done));
            moved = static_cast<ULONG>(bytes);
        }
        done += moved;
    }
    if (is_synchronous) object.CurrentByteOffset.QuadPart = offset + done;
    *information = done;
    return reads && done == 0 && length != 0 ? Status(STATUS_END_OF_FILE) : Status();
}

Status HostVolume::cut(HostFile& file, std::uint64_t length_bytes) {
    PW_TRY_ASSIGN(const platform::SectionFile info, platform::inspect_section_file(file.descriptor.get()));
    if (length_bytes < info.size_bytes && io_.memory().file_segments().is_mapped(info.identity)) {
        return STATUS_USER_MAPPED_FILE;
    }
    return platform::set_host_file_length(file.descriptor.get(), length_bytes);
}

Status HostVolume::set_information(PIRP irp, PIO_STACK_LOCATION location) {
    HostFile& file = *file_of(location->FileObject);
    const void* const buffer = irp->AssociatedIrp.SystemBuffer;
    const ULONG length = location->Parameters.SetFile.Length;
    const auto is_short = [&](std::size_t needed) { return !buffer || length < needed; };
    switch (static_cast<ULONG>(location->Parameters.SetFile.FileInformationClass)) {
        case FileEndOfFileInformation: {
            if (is_short(sizeof(FILE_END_OF_FILE_INFORMATION))) return STATUS_INFO_LENGTH_MISMATCH;
            const std::int64_t end = static_cast<const FILE_END_OF_FILE_INFORMATION*>(buffer)->EndOfFile.QuadPart;
            return end < 0 ? Status(STATUS_INVALID_PARAMETER) : cut(file, static_cast<std::uint64_t>(end));
        }
        case FileAllocationInformation: {
            // "If the new allocation size is less than the end of file, the end of file is set to it."
            if (is_short(sizeof(FILE_ALLOCATION_INFORMATION))) return STATUS_INFO_LENGTH_MISMATCH;
            const std::int64_t size = static_cast<const FILE_ALLOCATION_INFORMATION*>(buffer)->AllocationSize.QuadPart;
            if (size < 0) return STATUS_INVALID_PARAMETER;
            PW_TRY_ASSIGN(const platform::HostFileInfo info, platform::query_host_file(file.descriptor.get()));
            return static_cast<std::uint64_t>(size) < info.size_bytes ? cut(file, static_cast<std::uint64_t>(size)) : Status();
        }
        case FileDispositionInformation:
            if (is_short(sizeof(FILE_DISPOSITION_INFORMATION))) return STATUS_INFO_LENGTH_MISMATCH;
            file.delete_at_cleanup = static_cast<const FILE_DISPOSITION_INFORMATION*>(buffer)->DeleteFile != FALSE;
            return {};
        case FileBasicInformation:
            if (is_short(sizeof(FILE_BASIC_INFORMATION))) return STATUS_INFO_LENGTH_MISMATCH;
            return set_host_file_basic(file, *static_cast<const FILE_BASIC_INFORMATION*>(buffer));
        default: return STATUS_INVALID_INFO_CLASS;
    }
}

}  // namespace pw::fs
