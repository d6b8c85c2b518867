// SPDX-License-Identifier: Apache-2.0
// IRPs that drivers have built for them, and how they end without a system call that waits for them.
#include <algorithm>
#include <cstring>

#include "kernel/io/io_manager.h"
#include "platform/threads.h"

namespace pw::io {
namespace {

constexpr ULONG built_buffer_tag = 0x42427249;  // "IrBB"

bool is_control(ULONG major) { return major == IRP_MJ_DEVICE_CONTROL || major == IRP_MJ_INTERNAL_DEVICE_CONTROL; }

bool is_documented_major(ULONG major) {
    switch (major) {
        case IRP_MJ_READ:
        case IRP_MJ_WRITE:
        case IRP_MJ_FLUSH_BUFFERS:
        case IRP_MJ_SHUTDOWN:
        case IRP_MJ_PNP:
        case IRP_MJ_POWER:
            return true;
        default:
            return is_control(major);
    }
}

}  // namespace

// As for a system call, but the addresses are the driver's own: kernel mode, no range checks.
Status IoManager::prepare_built_buffers(Request& request, PDEVICE_OBJECT device, const BuildParameters& p) {
    PIRP irp = request.irp();
    irp->UserBuffer = p.buffer;
    const auto system_buffer = [&](ULONG bytes, const void* source, ULONG source_bytes) -> Status {
        if (bytes == 0) return STATUS_SUCCESS;
        void* buffer = memory_.pool().allocate(bytes, built_buffer_tag, NonPagedPoolNx, mm::PoolFill::pattern);
        if (!buffer) return STATUS_INSUFFICIENT_RESOURCES;
        if (source_bytes != 0) std::memcpy(buffer, source, source_bytes);
        irp->AssociatedIrp.SystemBuffer = buffer;
        irp->Flags |= IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER;
        if (p.is_threaded) request.system_buffer = buffer;  // else the driver's completion routine frees it
        return STATUS_SUCCESS;
    };
    const auto locked_mdl = [&](LOCK_OPERATION operation) -> Status {
        if (p.buffer_bytes == 0) return STATUS_SUCCESS;
        PMDL mdl = memory_.mdls().allocate(reinterpret_cast<std::uint64_t>(p.buffer), p.buffer_bytes);
        if (!mdl) return STATUS_INSUFFICIENT_RESOURCES;
        mm::AddressSpace* space = request.process->is_system() ? nullptr : &request.process->address_space();
        const Status status = memory_.mdls().probe_and_lock(mdl, KernelMode, operation, space);
        if (status.is_failure()) {
            memory_.mdls().free(mdl);
            return status;
        }
        irp->MdlAddress = mdl;
        return STATUS_SUCCESS;
    };

    if (is_control(p.major)) {
        switch (p.code & 3) {
            case METHOD_BUFFERED:
                PW_TRY(system_buffer(std::max(p.input_bytes, p.buffer_bytes), p.input, p.input_bytes));
                if (p.buffer_bytes != 0) irp->Flags |= IRP_INPUT_OPERATION;
                return STATUS_SUCCESS;
            case METHOD_IN_DIRECT:
            case METHOD_OUT_DIRECT:
                PW_TRY(system_buffer(p.input_bytes, p.input, p.input_bytes));
                return locked_mdl((p.code & 3) == METHOD_IN_DIRECT ? IoReadAccess : IoWriteAccess);
            default:
                return STATUS_SUCCESS;
        }
    }
    if (p.major != IRP_MJ_READ && p.major != IRP_MJ_WRITE) return STATUS_SUCCESS;
    const bool reads = p.major == IRP_MJ_READ;
    if (device->Flags & DO_BUFFERED_IO) {
        PW_TRY(system_buffer(p.buffer_bytes, p.buffer, reads ? 0 : p.buffer_bytes));
        if (reads && p.buffer_bytes != 0) irp->Flags |= IRP_INPUT_OPERATION;
        return STATUS_SUCCESS;
    }
    return (device->Flags & DO_DIRECT_IO) ? locked_mdl(reads ? IoWriteAccess : IoReadAccess) : Status(STATUS_SUCCESS);
}

PIRP IoManager::build_request(PDEVICE_OBJECT device, const BuildParameters& p) {
    if (!is_documented_major(p.major)) return nullptr;
    Request* request = allocate_request(device->StackSize, p.is_threaded ? RequestKind::threaded : RequestKind::driver);
    if (!request) return nullptr;
    ps::Thread& thread = *ps::Thread::current();
    request->io = this;
    request->thread = &thread;
    request->process = &thread.process();
    request->output.length_bytes = p.buffer_bytes;

    PIRP irp = request->irp();
    if (request_observer_) [[unlikely]] request_observer_->allocated(irp, request->kind);
    irp->RequestorMode = KernelMode;
    irp->UserIosb = p.status_block;
    irp->UserEvent = p.event;
    irp->Tail.Overlay.Thread = thread.nt();
    PIO_STACK_LOCATION location = IoGetNextIrpStackLocation(irp);
    location->MajorFunction = static_cast<UCHAR>(p.major);
    if (is_control(p.major)) {
        location->Parameters.DeviceIoControl.IoControlCode = p.code;
        location->Parameters.DeviceIoControl.InputBufferLength = p.input_bytes;
        location->Parameters.DeviceIoControl.OutputBufferLength = p.buffer_bytes;
        if ((p.code & 3) == METHOD_NEITHER) location->Parameters.DeviceIoControl.Type3InputBuffer = p.input;
    } else if (p.major == IRP_MJ_READ) {
        location->Parameters.Read.Length = p.buffer_bytes;
        if (p.byte_offset) location->Parameters.Read.ByteOffset = *p.byte_offset;
        irp->Flags |= IRP_READ_OPERATION;
    } else if (p.major == IRP_MJ_WRITE) {
        location->Parameters.Write.Length = p.buffer_bytes;
        if (p.byte_offset) location->Parameters.Write.ByteOffset = *p.byte_offset;
        irp->Flags |= IRP_WRITE_OPERATION;
    }
    if (prepare_built_buffers(*request, device, p).is_failure()) {
        release_buffers(*request);
        discard_request(request);
        return nullptr;
    }
    if (p.is_threaded) {
        // Queued to the thread: cancelled when it ends, and its process waits for it.
        request->owns_references = true;
        thread.add_ref();
        request->process->add_ref();
        request->process->pending_request_count.fetch_add(1, std::memory_order_relaxed);
        enlist(*request);
    }
    return irp;
}

PIRP IoManager::make_associated_irp(PIRP master, CCHAR stack_count) {
    PIRP irp = allocate_irp(stack_count);
    if (!irp) return nullptr;
    irp->Flags |= IRP_ASSOCIATED_IRP;
    irp->AssociatedIrp.MasterIrp = master;
    irp->RequestorMode = master->RequestorMode;
    irp->Tail.Overlay.Thread = master->Tail.Overlay.Thread;
    return irp;
}

// Whether an address of a built request lies in an application's slot, whose pages appear in its own process's context.
// Other addresses are the driver's, as for every kernel-mode requestor.
bool IoManager::is_application_memory(const Request& request, const void* address, std::size_t bytes) {
    if (!address || bytes == 0 || request.process->is_system()) return false;
    return request.process->address_space().in_slot(reinterpret_cast<std::uint64_t>(address));
}

void IoManager::complete_unwaited(PIRP irp, Request* request) {
    if (request && request->kind == RequestKind::threaded) {
        // Here and now where that can be done; else by the completion worker, in the context of the issuing process. On the
        // issuing thread NT, too, is through before IoCallDriver returns.
        const bool in_context = ps::Thread::current() == request->thread && ke::current_irql() < DISPATCH_LEVEL;
        bool needs_context = is_application_memory(*request, irp->UserIosb, sizeof(IO_STATUS_BLOCK)) ||
                             ((irp->Flags & IRP_INPUT_OPERATION) &&
                              is_application_memory(*request, irp->UserBuffer, request->output.length_bytes));
        for (PMDL mdl = irp->MdlAddress; mdl; mdl = mdl->Next) needs_context = needs_context || memory_.mdls().is_bounced(mdl);
        if (needs_context && !in_context) {
            queue_completion(*request);
        } else {
            finish_threaded(*request);
        }
        return;
    }
    if (request && (irp->Flags & IRP_ASSOCIATED_IRP)) {
        PIRP master = irp->AssociatedIrp.MasterIrp;
        unlock_mdls(irp, false);
        discard_request(request);
        if (__atomic_sub_fetch(&master->AssociatedIrp.IrpCount, 1, __ATOMIC_ACQ_REL) == 0) {
            of(master).complete_request(master, IO_NO_INCREMENT);
        }
        return;
    }
    // Nobody is left to own it: its allocator had to keep it with a completion routine.
    diagnostics_.report({}, "an IRP of a driver's own was completed to the top without a completion routine that returns "
                            "STATUS_MORE_PROCESSING_REQUIRED; its memory is leaked");
}

void IoManager::finish_threaded(Request& request) {
    PIRP irp = request.irp();
    if (request.state.load(std::memory_order_acquire) == RequestState::completed) {
        // All but the memory went before; its canceller was still looking at it (see below).
        while (request.cancel_pins.load(std::memory_order_acquire) != 0) platform::yield_thread();
        discard_request(&request);
        return;
    }
    ps::Thread& self = *ps::Thread::current();
    ps::Process* home = self.attach(request.process);
    const IO_STATUS_BLOCK block = irp->IoStatus;
    const auto copy_out = [&](void* target, const void* source, std::size_t bytes) {
        if (!is_application_memory(request, target, bytes)) {
            std::memcpy(target, source, bytes);
            return;
        }
        // An application's buffer that went away is its own loss.
        memory_.user_memory()
            .copy_to_user(request.process->address_space(), reinterpret_cast<std::uint64_t>(target), source, bytes)
            .ignore();
    };
    if ((irp->Flags & IRP_INPUT_OPERATION) && request.system_buffer && !Status(block.Status).is_error()) {
        ULONG_PTR bytes = block.Information;
        if (bytes > request.output.length_bytes) {
            diagnostics_.report({}, "IoStatus.Information is larger than the buffer of a request that a driver built; only the "
                                    "buffer's length is copied");
            bytes = request.output.length_bytes;
        }
        copy_out(irp->UserBuffer, request.system_buffer, bytes);
    }
    if (irp->MdlAddress) unlock_mdls(irp, true);
    release_buffers(request);
    // What fails at once touches neither status block nor event, as for a system call.
    const bool signals = irp->PendingReturned || !Status(block.Status).is_error();
    if (signals && irp->UserIosb) copy_out(irp->UserIosb, &block, sizeof(block));
    PKEVENT event = signals ? irp->UserEvent : nullptr;
    ps::Process* process = request.process;
    ps::Thread* thread = request.thread;
    unlist(request);
    // A canceller may have called the cancel routine that completed this very request: it is not waited for here.
    if (request.cancel_pins.load(std::memory_order_acquire) != 0) {
        request.state.store(RequestState::completed, std::memory_order_release);
        queue_completion(request);
    } else {
        discard_request(&request);
    }
    self.attach(home);
    if (event) dispatcher_.set_event(*event);  // from here on the issuer's memory may be gone
    process->pending_request_count.fetch_sub(1, std::memory_order_acq_rel);
    platform::wake_waiters(process->pending_request_count);
    thread->release();
    process->release();
}

}  // namespace pw::io
