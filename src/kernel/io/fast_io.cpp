// SPDX-License-Identifier: Apache-2.0
// Fast I/O: a driver's FastIoDispatch routines are asked before an IRP is made; FALSE means "send the IRP".
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
    // The caller's thread waits (Wait = TRUE), so only files that were opened for synchronous use come this way.
    if (!file.is_synchronous()) return false;
    const FAST_IO_DISPATCH& dispatch = *top->DriverObject->FastIoDispatch;
    const auto buffer = reinterpret_cast<PVOID>(p.output.user_address);
    // Reads and writes of files that cache nothing always are IRPs, as documented.
    const bool is_cached = file.nt()->PrivateCacheMap != nullptr;
    IO_STATUS_BLOCK block = {};
    BOOLEAN done = FALSE;
    const auto call = [&](auto&& routine) {
        file.acquire_synchronous();
        done = routine();
        file.release_synchronous();
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
    if (p.event) dispatcher_.set_event(*static_cast<PKEVENT>(p.event->body()));
    *result = {.status = block.Status, .write_status_block = true, .information = block.Information};
    return true;
}

}  // namespace pw::io
