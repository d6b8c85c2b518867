// SPDX-License-Identifier: Apache-2.0
// Façade: IRPs (IoAllocateIrp, IoCallDriver, IoCompleteRequest, IoCancelIrp …).
#include <nt/io_inlines.h>

#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

NTSTATUS FASTCALL IofCallDriver(PDEVICE_OBJECT device, PIRP irp) {
    PW_IRQL_LIMIT(IofCallDriver);
    return io::IoManager::of(device).call_driver(device, irp);
}

// By the thread's kernel, not by the IRP's: the IRP may have been freed already.
void FASTCALL IofCompleteRequest(PIRP irp, CCHAR boost) { wdk::current_kernel().io().complete_request(irp, boost); }

BOOLEAN NTAPI IoCancelIrp(PIRP irp) {
    PW_IRQL_LIMIT(IoCancelIrp);
    return io::IoManager::of(irp).cancel_irp(irp);
}

void NTAPI IoAcquireCancelSpinLock(PKIRQL irql) {
    PW_IRQL_LIMIT(IoAcquireCancelSpinLock);
    wdk::current_kernel().io().acquire_cancel_lock(irql);
}

void NTAPI IoReleaseCancelSpinLock(KIRQL irql) {
    PW_IRQL_LIMIT(IoReleaseCancelSpinLock);
    wdk::current_kernel().io().release_cancel_lock(irql);
}

PIRP NTAPI IoAllocateIrp(CCHAR stack_size, BOOLEAN) {
    PW_IRQL_LIMIT(IoAllocateIrp);
    return wdk::current_kernel().io().allocate_irp(stack_size);
}

void NTAPI IoFreeIrp(PIRP irp) {
    PW_IRQL_LIMIT(IoFreeIrp);
    wdk::current_kernel().io().free_irp(irp);
}

void NTAPI IoInitializeIrp(PIRP irp, USHORT packet_bytes, CCHAR stack_size) {
    PW_IRQL_LIMIT(IoInitializeIrp);
    io::initialize_irp(irp, packet_bytes, stack_size);
}

void NTAPI IoReuseIrp(PIRP irp, NTSTATUS status) {
    PW_IRQL_LIMIT(IoReuseIrp);
    io::reuse_irp(irp, status);
}

PEPROCESS NTAPI IoGetRequestorProcess(PIRP irp) {
    PW_IRQL_LIMIT(IoGetRequestorProcess);
    ps::Thread* thread = irp->Tail.Overlay.Thread ? ps::Thread::from_nt(irp->Tail.Overlay.Thread) : nullptr;
    return thread ? thread->owner().nt() : nullptr;
}

ULONG NTAPI IoGetRequestorProcessId(PIRP irp) {
    PW_IRQL_LIMIT(IoGetRequestorProcessId);
    ps::Thread* thread = irp->Tail.Overlay.Thread ? ps::Thread::from_nt(irp->Tail.Overlay.Thread) : nullptr;
    return thread ? thread->owner().id() : 0;
}

BOOLEAN NTAPI IoIs32bitProcess(PIRP) { return FALSE; }

}  // extern "C"
