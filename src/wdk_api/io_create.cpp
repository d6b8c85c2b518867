// SPDX-License-Identifier: Apache-2.0
// Façade: IoCreateFile and its kin; file objects that no application opened.
#include <nt/io_inlines.h>
#include <nt/zw.h>

#include "kernel/services/file_services.h"
#include "kernel/services/object_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/query_buffer.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

struct CreateCall {
    PHANDLE handle;
    POBJECT_ATTRIBUTES attributes;
    PIO_STATUS_BLOCK block;
    CREATE_FILE_TYPE type;
    ULONG options;
    PVOID device_hint;
};

// As ZwCreateFile. Kernel-mode callers pass every check unless IO_FORCE_ACCESS_CHECK asks for them; parameters are checked
// with IO_NO_PARAMETER_CHECKING, too.
NTSTATUS create(const CreateCall& call, nt::FileParameters parameters) {
    constexpr ULONG understood = IO_NO_PARAMETER_CHECKING | IO_FORCE_ACCESS_CHECK | IO_IGNORE_SHARE_ACCESS_CHECK;
    const nt::Caller caller = wdk::kernel_caller();
    if (call.type != CreateFileTypeNone || (call.options & ~understood) != 0) {
        caller.kernel.report_once("IoCreateFile of pipes, mailslots, and with options other than IO_NO_PARAMETER_CHECKING, "
                                  "IO_FORCE_ACCESS_CHECK and IO_IGNORE_SHARE_ACCESS_CHECK: STATUS_NOT_IMPLEMENTED");
        return STATUS_NOT_IMPLEMENTED;
    }
    parameters.device_hint = io::DeviceObject::from_nt(static_cast<PDEVICE_OBJECT>(call.device_hint));
    auto name = wdk::name_of(caller, call.attributes);
    if (!name) return name.status().code();
    if (call.options & IO_FORCE_ACCESS_CHECK) name->attributes |= OBJ_FORCE_ACCESS_CHECK;
    auto file = nt::create_file(caller, *name, parameters, call.block);
    if (!file) return file.status().code();
    *call.handle = reinterpret_cast<HANDLE>(*file);
    return STATUS_SUCCESS;
}

}  // namespace

extern "C" {

NTSTATUS NTAPI IoCreateFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK block,
                            PLARGE_INTEGER, ULONG file_attributes, ULONG share_access, ULONG disposition,
                            ULONG create_options, PVOID, ULONG, CREATE_FILE_TYPE type, PVOID, ULONG options) {
    PW_IRQL_LIMIT(IoCreateFile);
    return create({handle, attributes, block, type, options, nullptr},
                  {.desired_access = access,
                   .file_attributes = file_attributes,
                   .share_access = share_access,
                   .disposition = disposition,
                   .options = create_options});
}

NTSTATUS NTAPI IoCreateFileEx(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK block,
                              PLARGE_INTEGER, ULONG file_attributes, ULONG share_access, ULONG disposition,
                              ULONG create_options, PVOID, ULONG, CREATE_FILE_TYPE type, PVOID, ULONG options,
                              PIO_DRIVER_CREATE_CONTEXT context) {
    PW_IRQL_LIMIT(IoCreateFileEx);
    if (context && context->Size < static_cast<CSHORT>(sizeof(*context))) return STATUS_INVALID_PARAMETER;
    return create({handle, attributes, block, type, options, context ? context->DeviceObjectHint : nullptr},
                  {.desired_access = access,
                   .file_attributes = file_attributes,
                   .share_access = share_access,
                   .disposition = disposition,
                   .options = create_options});
}

NTSTATUS NTAPI IoCreateFileSpecifyDeviceObjectHint(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                                   PIO_STATUS_BLOCK block, PLARGE_INTEGER, ULONG file_attributes,
                                                   ULONG share_access, ULONG disposition, ULONG create_options, PVOID, ULONG,
                                                   CREATE_FILE_TYPE type, PVOID, ULONG options, PVOID device) {
    PW_IRQL_LIMIT(IoCreateFileSpecifyDeviceObjectHint);
    return create({handle, attributes, block, type, options, device},
                  {.desired_access = access,
                   .file_attributes = file_attributes,
                   .share_access = share_access,
                   .disposition = disposition,
                   .options = create_options});
}

PFILE_OBJECT NTAPI IoCreateStreamFileObject(PFILE_OBJECT file, PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoCreateStreamFileObject);
    return wdk::current_kernel().io().create_stream_file(*io::DeviceObject::from_nt(file ? file->DeviceObject : device));
}

NTSTATUS NTAPI IoSetFileOrigin(PFILE_OBJECT file, BOOLEAN remote) {
    const bool is_remote = (file->Flags & FO_REMOTE_ORIGIN) != 0;
    if (is_remote == (remote != FALSE)) return STATUS_INVALID_PARAMETER_MIX;
    file->Flags ^= FO_REMOTE_ORIGIN;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI IoQueryFileDosDeviceName(PFILE_OBJECT file, struct _OBJECT_NAME_INFORMATION** information) {
    PW_IRQL_LIMIT(IoQueryFileDosDeviceName);
    nt::Kernel& kernel = wdk::current_kernel();
    auto name = nt::dos_name_of_file(kernel.objects(), *io::FileObject::from_nt(file));
    if (!name) return name.status().code();
    const auto bytes = static_cast<ULONG>(sizeof(OBJECT_NAME_INFORMATION) + (name->size() + 1) * sizeof(char16_t));
    PVOID const block = kernel.memory().pool().allocate(bytes, 0x6E446F49, PagedPool, mm::PoolFill::zero);  // "IoDn"
    if (!block) return STATUS_INSUFFICIENT_RESOURCES;
    *information = static_cast<POBJECT_NAME_INFORMATION>(block);
    return wdk::put_name(*name, block, bytes, nullptr);
}

}  // extern "C"
