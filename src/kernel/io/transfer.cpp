// SPDX-License-Identifier: Apache-2.0
// NtDeviceIoControlFile, NtFsControlFile, NtReadFile, NtWriteFile, queries and sets: buffers by transfer method, the
// request's way down, its end.
#include <algorithm>
#include <cstring>

#include "kernel/io/call_site.h"
#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

constexpr ULONG io_system_buffer_tag = 0x42536F49;  // "IoSB"
// System buffers are not zeroed in NT; the pattern makes a driver that returns uninitialised bytes visible.
constexpr int uninitialised_pattern = 0xD1;
constexpr ULONG charged_buffer_bytes = 64 * 1024;

// Calls that have no event and no way to stay pending: their caller waits whatever the file was opened for.
bool is_always_synchronous(ULONG major) {
    return major == IRP_MJ_QUERY_INFORMATION || major == IRP_MJ_SET_INFORMATION || major == IRP_MJ_FLUSH_BUFFERS ||
           major == IRP_MJ_QUERY_VOLUME_INFORMATION;
}

}  // namespace

Status IoManager::prepare_buffers(Request& request, TransferParameters& p, ULONG method, bool device_writes) {
    PIRP irp = request.irp();
    mm::AddressSpace& space = request.process->address_space();
    const ULONG output_bytes = p.output.length_bytes;

    const auto copy_input = [&](void* target) -> Status {
        if (p.input_bytes == 0) return STATUS_SUCCESS;
        if (p.inline_input) {
            p.inline_input->copy_to(target, p.inline_input_offset, p.input_bytes);
            return STATUS_SUCCESS;
        }
        if (p.mode == KernelMode) {
            std::memcpy(target, reinterpret_cast<const void*>(p.input), p.input_bytes);
            return STATUS_SUCCESS;
        }
        return memory_.user_memory().copy_from_user(space, target, p.input, p.input_bytes);
    };
    const auto make_system_buffer = [&](ULONG bytes) -> Status {
        if (bytes == 0) return STATUS_SUCCESS;  // zero lengths give a NULL SystemBuffer
        // As in NT charged to the process. Small ones are bounded by their number; they cost nothing here.
        if (mm::MemoryQuota* const quota = space.quota(); quota && p.mode == UserMode && bytes >= charged_buffer_bytes) {
            const std::uint64_t pages = pages_spanned(0, bytes);
            PW_TRY(quota->charge(pages));
            request.charged_pages = pages;
        }
        request.system_buffer = memory_.pool().allocate(bytes, io_system_buffer_tag, NonPagedPoolNx, mm::PoolFill::none);
        if (!request.system_buffer) return STATUS_INSUFFICIENT_RESOURCES;
        irp->AssociatedIrp.SystemBuffer = request.system_buffer;
        irp->Flags |= IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER;
        if (p.input_bytes < bytes) {
            std::memset(static_cast<std::byte*>(request.system_buffer) + p.input_bytes, uninitialised_pattern,
                        bytes - p.input_bytes);
        }
        return copy_input(request.system_buffer);
    };

    switch (method) {
        case METHOD_BUFFERED: {
            // The buffer must be good before the driver sees the request; a short one was tried by the caller's stub.
            if (p.mode == UserMode && output_bytes != 0 && output_bytes > p.output.inline_capacity_bytes && device_writes) {
                PW_TRY(memory_.user_memory().check_writable(space, p.output.user_address, output_bytes));
            }
            PW_TRY(make_system_buffer(std::max(p.input_bytes, output_bytes)));
            if (output_bytes != 0 && device_writes) irp->Flags |= IRP_INPUT_OPERATION;
            irp->UserBuffer = reinterpret_cast<PVOID>(p.output.user_address);
            return STATUS_SUCCESS;
        }
        case METHOD_IN_DIRECT:
        case METHOD_OUT_DIRECT: {
            PW_TRY(make_system_buffer(p.input_bytes));
            irp->UserBuffer = reinterpret_cast<PVOID>(p.output.user_address);
            if (output_bytes == 0) return STATUS_SUCCESS;  // and a NULL MdlAddress
            // Before there is an MDL for a million pages.
            if (p.mode == UserMode && !space.may_lock(pages_spanned(p.output.user_address, output_bytes))) {
                return STATUS_WORKING_SET_QUOTA;
            }
            PMDL mdl = memory_.mdls().allocate(p.output.user_address, output_bytes);
            if (!mdl) return STATUS_INSUFFICIENT_RESOURCES;
            const Status locked = memory_.mdls().probe_and_lock(
                mdl, p.mode, method == METHOD_IN_DIRECT ? IoReadAccess : IoWriteAccess, &space);
            if (locked.is_failure()) {
                memory_.mdls().free(mdl);
                return locked;
            }
            irp->MdlAddress = mdl;
            return STATUS_SUCCESS;
        }
        default:  // METHOD_NEITHER: raw addresses; the driver probes
            irp->UserBuffer = reinterpret_cast<PVOID>(p.output.user_address);
            return STATUS_SUCCESS;
    }
}

TransferResult IoManager::transfer(TransferParameters& p) {
    ps::Thread& thread = *ps::Thread::current();
    FileObject& file = *p.file;
    PDEVICE_OBJECT top = file.related_device();
    if (top->DriverObject->FastIoDispatch) [[unlikely]] {
        TransferResult result;
        if (try_fast_io(p, top, &result)) return result;
    }
    const bool synchronous = file.is_synchronous() || is_always_synchronous(p.major);
    if (!synchronous && thread.process().pending_request_count.load(std::memory_order_relaxed) >=
                            thread.process().limits().max_pending_requests) {
        return {.status = STATUS_QUOTA_EXCEEDED};
    }

    Request* request = allocate_request(top->StackSize, RequestKind::user);
    if (!request) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    request->io = this;
    request->is_synchronous = synchronous;
    request->thread = &thread;
    request->process = &thread.process();
    request->user_event = std::move(p.event);
    request->user_status_block = p.status_block;
    request->output = p.output;

    if (p.apc_routine != 0 || p.apc_context != 0) {
        auto notice = CompletionNotice::prepare(
            thread, file, {.apc_routine = p.apc_routine, .apc_context = p.apc_context, .status_block = p.status_block});
        if (!notice) {
            free_request(request);
            return {.status = notice.status().code()};
        }
        request->notice = std::move(notice).value();
    }

    PIRP irp = request->irp();
    irp->RequestorMode = p.mode;
    irp->Tail.Overlay.Thread = thread.nt();
    irp->Tail.Overlay.OriginalFileObject = file.nt();
    irp->UserIosb = reinterpret_cast<PIO_STATUS_BLOCK>(p.status_block);
    irp->UserEvent = request->user_event ? static_cast<PKEVENT>(request->user_event->body()) : nullptr;
    irp->Overlay.AsynchronousParameters.UserApcRoutine = reinterpret_cast<PIO_APC_ROUTINE>(p.apc_routine);
    irp->Overlay.AsynchronousParameters.UserApcContext = reinterpret_cast<PVOID>(p.apc_context);
    if (synchronous) irp->Flags |= IRP_SYNCHRONOUS_API;

    PIO_STACK_LOCATION location = IoGetNextIrpStackLocation(irp);
    location->MajorFunction = static_cast<UCHAR>(p.major);
    location->FileObject = file.nt();
    ULONG method = METHOD_NEITHER;
    bool device_writes = true;
    switch (p.major) {
        case IRP_MJ_READ:
            location->Parameters.Read.Length = p.output.length_bytes;
            location->Parameters.Read.Key = p.key;
            location->Parameters.Read.ByteOffset = p.byte_offset;
            irp->Flags |= IRP_READ_OPERATION;
            break;
        case IRP_MJ_WRITE:
            location->Parameters.Write.Length = p.output.length_bytes;
            location->Parameters.Write.Key = p.key;
            location->Parameters.Write.ByteOffset = p.byte_offset;
            irp->Flags |= IRP_WRITE_OPERATION;
            device_writes = false;
            break;
        case IRP_MJ_QUERY_INFORMATION:
            location->Parameters.QueryFile.Length = p.output.length_bytes;
            location->Parameters.QueryFile.FileInformationClass = static_cast<FILE_INFORMATION_CLASS>(p.information_class);
            method = METHOD_BUFFERED;
            break;
        case IRP_MJ_QUERY_VOLUME_INFORMATION:
            location->Parameters.QueryVolume.Length = p.output.length_bytes;
            location->Parameters.QueryVolume.FsInformationClass = static_cast<FS_INFORMATION_CLASS>(p.information_class);
            method = METHOD_BUFFERED;
            break;
        case IRP_MJ_SET_INFORMATION:
            location->Parameters.SetFile.Length = p.output.length_bytes;
            location->Parameters.SetFile.FileInformationClass = static_cast<FILE_INFORMATION_CLASS>(p.information_class);
            method = METHOD_BUFFERED;
            device_writes = false;
            break;
        case IRP_MJ_FLUSH_BUFFERS:
            break;
        default:  // controls; those of file systems have the same parameters
            location->Parameters.DeviceIoControl.OutputBufferLength = p.output.length_bytes;
            location->Parameters.DeviceIoControl.InputBufferLength = p.input_bytes;
            location->Parameters.DeviceIoControl.IoControlCode = p.code;
            method = p.code & 3;
            if (method == METHOD_NEITHER) location->Parameters.DeviceIoControl.Type3InputBuffer = reinterpret_cast<PVOID>(p.input);
            break;
    }
    if (p.major == IRP_MJ_READ || p.major == IRP_MJ_WRITE) {
        // Reads and writes take their method from the device: DO_BUFFERED_IO, DO_DIRECT_IO or neither.
        if (top->Flags & DO_BUFFERED_IO) {
            method = METHOD_BUFFERED;
        } else if (top->Flags & DO_DIRECT_IO) {
            method = device_writes ? METHOD_OUT_DIRECT : METHOD_IN_DIRECT;
        }
    }
    if (!device_writes && method == METHOD_BUFFERED) {
        p.input = p.output.user_address;
        p.input_bytes = p.output.length_bytes;
    }

    // Until the call ends, whatever is shared or copied is this request's.
    const mm::CallSite site = call_site_of(file.device().driver(), location->MajorFunction,
                                           p.major == IRP_MJ_READ || p.major == IRP_MJ_WRITE ? 0 : p.code);
    const mm::CallSiteScope counted_for(site);
    const Status prepared = prepare_buffers(*request, p, method, device_writes);
    if (prepared.is_failure()) {
        release_buffers(*request);
        free_request(request);  // no driver and no observer has seen it
        return {.status = prepared.code()};
    }
    if (file.is_synchronous()) {
        if (!file.acquire_synchronous(p.mode)) [[unlikely]] {
            if (irp->MdlAddress) unlock_mdls(irp, true);
            release_buffers(*request);
            free_request(request);
            return {.status = STATUS_THREAD_IS_TERMINATING};
        }
        request->holds_file_lock = true;
    }
    request->file = std::move(p.file);
    file.note_request_started();
    if (request->user_event) dispatcher_.clear_event(*static_cast<PKEVENT>(request->user_event->body()));
    return issue(request, top);
}

TransferResult IoManager::issue(Request* request, PDEVICE_OBJECT top) {
    PIRP irp = request->irp();
    const bool synchronous = request->is_synchronous;
    if (request_observer_) [[unlikely]] request_observer_->allocated(irp, RequestKind::user);
    // An overlapped request may outlive the call and even its thread's interest in it.
    if (!synchronous) {
        request->output.inline_capacity_bytes = 0;  // the reply's page belongs to the call, not to the request
        request->output.inline_reply = nullptr;
        request->owns_references = true;
        request->thread->add_ref();
        request->process->add_ref();
        request->process->pending_request_count.fetch_add(1, std::memory_order_relaxed);
    }
    request->thread->activity().count_request();
    if (synchronous && request->thread->issued_request.is_empty()) {
        request->is_in_slot = true;
        request->thread->issued_request.publish(request);
    } else {
        enlist(*request);
    }
    const NTSTATUS status = call_driver(top, irp);

    if (status != STATUS_PENDING) {
        if (request->state.load(std::memory_order_acquire) == RequestState::completed) [[likely]] {
            if (irp->IoStatus.Status != status) {
                diagnostics_.report(request->file->device().driver().display_name(),
                                    "the dispatch routine returned another status than it completed the request with");
            }
            return finish(request, false);
        }
        diagnostics_.report(request->file->device().driver().display_name(),
                            "the dispatch routine returned a final status without completing the request; waiting for it");
    } else if (!synchronous) {
        cancel_if_terminating(*request);
        RequestState expected = RequestState::issued;
        if (request->state.compare_exchange_strong(expected, RequestState::detached, std::memory_order_acq_rel)) {
            return {.status = STATUS_PENDING};
        }
        if (!request->pending_returned) {
            diagnostics_.report(request->file->device().driver().display_name(),
                                "STATUS_PENDING was returned for a request that was not marked pending (IoMarkIrpPending)");
        }
        static_cast<void>(finish(request, true));
        return {.status = STATUS_PENDING};  // the caller learns through status block and event, as it would later
    }

    // A synchronous caller stays until the request is done.
    dispatcher_.initialize_event(request->done, SynchronizationEvent, false);
    RequestState expected = RequestState::issued;
    if (request->state.compare_exchange_strong(expected, RequestState::waited, std::memory_order_acq_rel)) {
        await_completion(*request);
    }
    if (status == STATUS_PENDING && !request->pending_returned) {
        diagnostics_.report(request->file->device().driver().display_name(),
                            "STATUS_PENDING was returned for a request that was not marked pending (IoMarkIrpPending)");
    }
    return finish(request, true);
}

}  // namespace pw::io
