// SPDX-License-Identifier: Apache-2.0
// Fast I/O: a driver's FastIoDispatch routines are asked before an IRP is made; FALSE means "send the IRP".
#include <memory>
#include <utility>

#include "kernel/io/completion_notice.h"
#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

template <typename Routine>
bool has_entry(const FAST_IO_DISPATCH& dispatch, Routine FAST_IO_DISPATCH::* entry) {
    const auto end = reinterpret_cast<std::uintptr_t>(&(dispatch.*entry)) + sizeof(Routine);
    return end - reinterpret_cast<std::uintptr_t>(&dispatch) <= dispatch.SizeOfFastIoDispatch && dispatch.*entry != nullptr;
}

}  // namespace

bool IoManager::try_fast_io(TransferParameters& p, PDEVICE_OBJECT top, TransferResult* result) {
    FileObject& file = *p.file;
    // Device controls are tried for every file; what waits in the caller's thread (Wait = TRUE), only where it may.
    const bool is_overlapped = !file.is_synchronous();
    if (is_overlapped && p.major != IRP_MJ_DEVICE_CONTROL) return false;
    if (p.apc_routine != 0) return false;  // the routine is a completion's
    const FAST_IO_DISPATCH& dispatch = *top->DriverObject->FastIoDispatch;
    const auto buffer = reinterpret_cast<PVOID>(p.output.user_address);
    // Reads and writes of files that cache nothing always are IRPs, as documented.
    const bool is_cached = file.nt()->PrivateCacheMap != nullptr;
    IO_STATUS_BLOCK block = {};
    BOOLEAN done = FALSE;
    std::unique_ptr<CompletionNotice> notice;
    if (p.apc_context != 0) {
        auto prepared = CompletionNotice::prepare(*ps::Thread::current(), file, {.apc_context = p.apc_context});
        if (!prepared) return false;  // the IRP fails for the same reason, and says so
        notice = std::move(prepared).value();
    }
    // Set when it is done; an IRP that follows does the same.
    const auto call = [&](auto&& routine) {
        if (p.event) dispatcher_.clear_event(*static_cast<PKEVENT>(p.event->body()));
        if (!is_overlapped) file.acquire_synchronous();
        done = routine();
        if (!is_overlapped) file.release_synchronous();
    };
    if (p.major == IRP_MJ_DEVICE_CONTROL && has_entry(dispatch, &FAST_IO_DISPATCH::FastIoDeviceControl)) {
        call([&] {
            return dispatch.FastIoDeviceControl(file.nt(), TRUE, reinterpret_cast<PVOID>(p.input), p.input_bytes, buffer,
                                                p.output.length_bytes, p.code, &block, top);
        });
    } else if (p.major == IRP_MJ_READ && is_cached && has_entry(dispatch, &FAST_IO_DISPATCH::FastIoRead)) {
        call([&] {
            return dispatch.FastIoRead(file.nt(), &p.byte_offset, p.output.length_bytes, TRUE, p.key, buffer, &block, top);
        });
    } else if (p.major == IRP_MJ_WRITE && is_cached && has_entry(dispatch, &FAST_IO_DISPATCH::FastIoWrite)) {
        call([&] {
            return dispatch.FastIoWrite(file.nt(), &p.byte_offset, p.output.length_bytes, TRUE, p.key, buffer, &block, top);
        });
    }
    if (!done) return false;
    *result = {.status = block.Status, .write_status_block = true, .information = block.Information};
    if (is_overlapped && NT_ERROR(block.Status)) {
        result->write_status_block = false;  // it failed at once: neither status block nor event nor port
        return true;
    }
    // Who is told by event or port looks at the block; else the caller's own half stores it.
    if (p.status_block != 0 && (is_overlapped || p.event || notice)) {
        if (p.mode == KernelMode) {
            *reinterpret_cast<IO_STATUS_BLOCK*>(p.status_block) = block;
        } else {
            // A block that went away is the caller's loss.
            memory_.user_memory()
                .copy_to_user(ps::Thread::current()->process().address_space(), p.status_block, &block, sizeof block)
                .ignore();
        }
        result->write_status_block = false;
    }
    if (p.event) dispatcher_.set_event(*static_cast<PKEVENT>(p.event->body()));
    if (is_overlapped) file.note_request_finished();
    if (notice && (!NT_SUCCESS(block.Status) || notice->wants_success_at_once())) {
        CompletionNotice::deliver(std::move(notice), block);
    }
    return true;
}

}  // namespace pw::io
