// SPDX-License-Identifier: Apache-2.0
// NtCreateFile on devices: name, file object, IRP_MJ_CREATE; and the requests that end a file object's life.
#include <nt/se.h>
#include <pw_file.h>

#include "kernel/io/io_manager.h"
#include "kernel/security/access_check.h"

namespace pw::io {
namespace {

// DELETE of the documented standard rights (the macro of that name stays away from C++).
constexpr ACCESS_MASK delete_access = 0x00010000;
constexpr ULONG known_create_options = 0x00FFFFFF;
// "Exactly one of FILE_SYNCHRONOUS_IO_ALERT and FILE_SYNCHRONOUS_IO_NONALERT, and SYNCHRONIZE in DesiredAccess with it."
constexpr ULONG synchronous_options = FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT;

Status check_create_options(const CreateParameters& p, ACCESS_MASK access) {
    if (p.options & ~known_create_options) return STATUS_INVALID_PARAMETER;
    if (p.disposition > FILE_MAXIMUM_DISPOSITION) return STATUS_INVALID_PARAMETER;
    if ((p.options & synchronous_options) == synchronous_options) return STATUS_INVALID_PARAMETER;
    if ((p.options & synchronous_options) && !(access & SYNCHRONIZE)) return STATUS_INVALID_PARAMETER;
    if ((p.options & FILE_DIRECTORY_FILE) && (p.options & FILE_NON_DIRECTORY_FILE)) return STATUS_INVALID_PARAMETER;
    if ((p.options & FILE_DELETE_ON_CLOSE) && !(access & delete_access)) return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

bool is_in_stack(PDEVICE_OBJECT bottom, const DEVICE_OBJECT* wanted) {
    for (PDEVICE_OBJECT device = bottom; device; device = device->AttachedDevice) {
        if (device == wanted) return true;
    }
    return false;
}

// What the device's descriptor grants. A name behind the device belongs to the driver, which then checks by itself, unless the
// device says that its descriptor stands for such names, too (FILE_DEVICE_SECURE_OPEN).
Result<ACCESS_MASK> granted_access(ob::ObjectManager& objects, const DeviceObject& device, const CreateParameters& p,
                                   bool names_the_device, const se::Token& token) {
    const bool is_ours = names_the_device || (device.characteristics() & FILE_DEVICE_SECURE_OPEN) != 0;
    if (!p.is_checked || !is_ours) return ob::map_access(ob::file_type, p.desired_access);
    const se::DescriptorRef security = objects.security_of(device);
    const se::AccessResult result = se::access_check(security ? &security->parts() : nullptr, token.subject(),
                                                     {.desired = p.desired_access, .mapping = ob::file_type.generic_mapping});
    PW_TRY(result.status);
    return result.granted;
}

}  // namespace

Result<OpenedFile> IoManager::create_file(const CreateParameters& p) {
    if (ob::map_access(ob::file_type, p.desired_access) == 0) return STATUS_ACCESS_DENIED;
    PW_TRY(check_create_options(p, ob::map_access(ob::file_type, p.desired_access)));
    ob::Found found;
    if (p.related) {
        // A relative open asks the driver of the file that it is relative to; the name is the driver's to understand.
        found.object = Ref<ob::Object>(&p.related->device());
        found.remaining = p.path;
    } else {
        PW_TRY_ASSIGN(found, objects_.find(p.path, p.root, p.ignore_case));
    }
    auto* device = ob::object_cast<DeviceObject>(found.object.get());
    if (!device) return STATUS_OBJECT_TYPE_MISMATCH;
    if (device->nt()->Flags & DO_DEVICE_INITIALIZING) return STATUS_NO_SUCH_DEVICE;
    if (device->is_deleted()) return STATUS_NO_SUCH_DEVICE;
    if (p.device_hint && !is_in_stack(device->nt(), p.device_hint->nt())) return STATUS_INVALID_DEVICE_OBJECT_PARAMETER;
    ps::Thread& thread = *ps::Thread::current();
    se::Token& token = thread.process().token();
    PW_TRY_ASSIGN(const ACCESS_MASK access, granted_access(objects_, *device, p, found.remaining.empty() && !p.related, token));
    if (!device->open_started()) return STATUS_ACCESS_DENIED;  // DO_EXCLUSIVE and open already

    Ref<FileObject> file = FileObject::create(*this, *device, std::move(found.remaining), p.options);
    if (!file) {
        device->open_ended();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    FILE_OBJECT* nt = file->nt();
    nt->RelatedFileObject = p.related ? p.related->nt() : nullptr;
    nt->ReadAccess = (access & FILE_READ_DATA) != 0;
    nt->WriteAccess = (access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
    nt->DeleteAccess = (access & delete_access) != 0;
    nt->SharedRead = (p.share_access & FILE_SHARE_READ) != 0;
    nt->SharedWrite = (p.share_access & FILE_SHARE_WRITE) != 0;
    nt->SharedDelete = (p.share_access & FILE_SHARE_DELETE) != 0;

    if (p.device_hint) file->set_device_hint(*p.device_hint);
    PDEVICE_OBJECT top = file->related_device();
    Request* request = allocate_request(top->StackSize, RequestKind::user);
    if (!request) return STATUS_INSUFFICIENT_RESOURCES;
    request->io = this;
    request->is_synchronous = true;
    request->thread = &thread;
    request->process = &thread.process();
    request->file = file;

    ACCESS_STATE access_state = {};
    access_state.OriginalDesiredAccess = p.desired_access;
    access_state.PreviouslyGrantedAccess = access;
    // Lent for the time of the request: what SeAccessCheck takes.
    access_state.SubjectSecurityContext.PrimaryToken = token.body();
    access_state.SubjectSecurityContext.ProcessAuditId = reinterpret_cast<PVOID>(std::uintptr_t{thread.process().id()});
    IO_SECURITY_CONTEXT security = {};
    security.AccessState = &access_state;
    security.DesiredAccess = access;
    security.FullCreateOptions = p.options;

    PIRP irp = request->irp();
    irp->RequestorMode = p.mode;
    irp->Flags |= IRP_CREATE_OPERATION | IRP_SYNCHRONOUS_API;
    irp->Tail.Overlay.Thread = thread.nt();
    irp->Tail.Overlay.OriginalFileObject = nt;
    PIO_STACK_LOCATION location = IoGetNextIrpStackLocation(irp);
    location->MajorFunction = IRP_MJ_CREATE;
    location->FileObject = nt;
    location->Flags = p.ignore_case ? 0 : SL_CASE_SENSITIVE;
    location->Parameters.Create.SecurityContext = &security;
    location->Parameters.Create.Options = (p.disposition << 24) | p.options;
    location->Parameters.Create.FileAttributes = static_cast<USHORT>(p.file_attributes);
    location->Parameters.Create.ShareAccess = static_cast<USHORT>(p.share_access);

    const TransferResult result = issue(request, top);
    nt->RelatedFileObject = nullptr;  // "valid only during the processing of IRP_MJ_CREATE"
    if (Status(result.status).is_failure()) return Status(result.status);  // no CLEANUP, no CLOSE: it was never open
    file->set_opened();
    nt->Flags |= FO_HANDLE_CREATED;
    return OpenedFile{.file = std::move(file), .granted_access = access, .information = result.information};
}

PFILE_OBJECT IoManager::create_stream_file(DeviceObject& device) {
    if (!device.open_started()) return nullptr;
    Ref<FileObject> file = FileObject::create(*this, device, {}, 0);
    if (!file) {
        device.open_ended();
        return nullptr;
    }
    file->nt()->Flags |= FO_STREAM_FILE;
    file->set_opened();
    file->clean_up();  // NT opens a handle and closes it: the driver sees CLEANUP now
    return file.leak()->nt();
}

void IoManager::send_file_request(FileObject& file, UCHAR major) {
    PDEVICE_OBJECT top = file.related_device();
    Request* request = allocate_request(top->StackSize, RequestKind::user);
    PW_CHECK(request);  // NT, too, guarantees these two requests
    ps::Thread& thread = *ps::Thread::current();
    request->io = this;
    request->is_synchronous = true;
    request->thread = &thread;
    request->process = &thread.process();
    // No reference to the file: CLOSE comes when the last one is gone. The caller keeps the object whole.
    PIRP irp = request->irp();
    irp->RequestorMode = KernelMode;
    irp->Flags |= IRP_SYNCHRONOUS_API | (major == IRP_MJ_CLOSE ? IRP_CLOSE_OPERATION : 0u);
    irp->Tail.Overlay.Thread = thread.nt();
    irp->Tail.Overlay.OriginalFileObject = file.nt();
    PIO_STACK_LOCATION location = IoGetNextIrpStackLocation(irp);
    location->MajorFunction = major;
    location->FileObject = file.nt();
    if (major == IRP_MJ_CLEANUP) {
        // CLEANUP is serialised with the file's synchronous requests.
        if (file.is_synchronous()) file.acquire_synchronous();
        static_cast<void>(issue(request, top));
        if (file.is_synchronous()) file.release_synchronous();
        return;
    }
    static_cast<void>(issue(request, top));
}

}  // namespace pw::io
