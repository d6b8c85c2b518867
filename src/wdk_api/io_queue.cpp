// SPDX-License-Identifier: Apache-2.0
// Façade: cancel-safe queues, remove locks, StartIo packets.
#include <nt/io_locks.h>

#include "kernel/io/cancel_safe_queue.h"
#include "kernel/io/remove_lock.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::current_kernel;

namespace {

void set_attributes(PDEVICE_OBJECT device, BOOLEAN deferred, BOOLEAN non_cancelable) {
    io::DeviceObject::from_nt(device)->set_start_io_attributes(
        {.deferred = deferred != FALSE, .non_cancelable = non_cancelable != FALSE});
}

}  // namespace

extern "C" {

NTSTATUS NTAPI IoCsqInitialize(PIO_CSQ queue, PIO_CSQ_INSERT_IRP insert, PIO_CSQ_REMOVE_IRP remove,
                               PIO_CSQ_PEEK_NEXT_IRP peek_next, PIO_CSQ_ACQUIRE_LOCK acquire_lock,
                               PIO_CSQ_RELEASE_LOCK release_lock, PIO_CSQ_COMPLETE_CANCELED_IRP complete_canceled) {
    PW_IRQL_LIMIT(IoCsqInitialize);
    io::initialize_queue(*queue, IO_TYPE_CSQ, {insert, remove, peek_next, acquire_lock, release_lock, complete_canceled});
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI IoCsqInitializeEx(PIO_CSQ queue, PIO_CSQ_INSERT_IRP_EX insert, PIO_CSQ_REMOVE_IRP remove,
                                 PIO_CSQ_PEEK_NEXT_IRP peek_next, PIO_CSQ_ACQUIRE_LOCK acquire_lock,
                                 PIO_CSQ_RELEASE_LOCK release_lock, PIO_CSQ_COMPLETE_CANCELED_IRP complete_canceled) {
    PW_IRQL_LIMIT(IoCsqInitializeEx);
    // The documented structure has one field for both kinds of insert routine.
    const auto stored = reinterpret_cast<PIO_CSQ_INSERT_IRP>(reinterpret_cast<PVOID>(insert));
    io::initialize_queue(*queue, IO_TYPE_CSQ_EX, {stored, remove, peek_next, acquire_lock, release_lock, complete_canceled});
    return STATUS_SUCCESS;
}

void NTAPI IoCsqInsertIrp(PIO_CSQ queue, PIRP irp, PIO_CSQ_IRP_CONTEXT context) {
    PW_IRQL_LIMIT(IoCsqInsertIrp);
    io::insert_irp(*queue, irp, context, nullptr).ignore();  // only Ex insert routines refuse
}

NTSTATUS NTAPI IoCsqInsertIrpEx(PIO_CSQ queue, PIRP irp, PIO_CSQ_IRP_CONTEXT context, PVOID insert_context) {
    PW_IRQL_LIMIT(IoCsqInsertIrpEx);
    return io::insert_irp(*queue, irp, context, insert_context).code();
}

PIRP NTAPI IoCsqRemoveNextIrp(PIO_CSQ queue, PVOID peek_context) {
    PW_IRQL_LIMIT(IoCsqRemoveNextIrp);
    return io::remove_next_irp(*queue, peek_context);
}

PIRP NTAPI IoCsqRemoveIrp(PIO_CSQ queue, PIO_CSQ_IRP_CONTEXT context) {
    PW_IRQL_LIMIT(IoCsqRemoveIrp);
    return io::remove_irp(*queue, *context);
}

void NTAPI IoInitializeRemoveLockEx(PIO_REMOVE_LOCK lock, ULONG, ULONG, ULONG high_watermark, ULONG bytes) {
    PW_IRQL_LIMIT(IoInitializeRemoveLockEx);
    io::initialize_remove_lock(*lock, bytes, high_watermark);
}

NTSTATUS NTAPI IoAcquireRemoveLockEx(PIO_REMOVE_LOCK lock, PVOID, const char*, ULONG, ULONG bytes) {
    PW_IRQL_LIMIT(IoAcquireRemoveLockEx);
    return io::acquire_remove_lock(*lock, bytes, current_kernel().io().diagnostics()).code();
}

void NTAPI IoReleaseRemoveLockEx(PIO_REMOVE_LOCK lock, PVOID, ULONG) {
    PW_IRQL_LIMIT(IoReleaseRemoveLockEx);
    io::release_remove_lock(*lock, current_kernel().io().diagnostics());
}

void NTAPI IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK lock, PVOID, ULONG) {
    PW_IRQL_LIMIT(IoReleaseRemoveLockAndWaitEx);
    io::release_remove_lock_and_wait(*lock, current_kernel().io().diagnostics());
}

void NTAPI IoStartPacket(PDEVICE_OBJECT device, PIRP irp, PULONG key, PDRIVER_CANCEL cancel_function) {
    PW_IRQL_LIMIT(IoStartPacket);
    static_cast<void>(wdk::current_thread());
    io::start_packet(*device, irp, key, cancel_function);
}

void NTAPI IoStartNextPacket(PDEVICE_OBJECT device, BOOLEAN cancelable) {
    io::start_next_packet(*device, cancelable != FALSE, nullptr);
}

void NTAPI IoStartNextPacketByKey(PDEVICE_OBJECT device, BOOLEAN cancelable, ULONG key) {
    io::start_next_packet(*device, cancelable != FALSE, &key);
}

void NTAPI IoSetStartIoAttributes(PDEVICE_OBJECT device, BOOLEAN deferred, BOOLEAN non_cancelable) {
    PW_IRQL_LIMIT(IoSetStartIoAttributes);
    set_attributes(device, deferred, non_cancelable);
}

}  // extern "C"
