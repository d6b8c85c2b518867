// SPDX-License-Identifier: Apache-2.0
// IoCallDriver: one step down a device stack.
#include <cstdio>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

constexpr ULONG no_more_irp_stack_locations = 0x35;
constexpr ULONG irql_unexpected_value = 0xC8;

}  // namespace

IoManager& IoManager::of(PIRP irp) {
    if (Request* request = Request::of(irp)) return *request->io;
    // An IRP in the driver's own memory: the device it was last sent to leads to its manager.
    return of(IoGetCurrentIrpStackLocation(irp)->DeviceObject);
}

IoManager& IoManager::of(PDEVICE_OBJECT device) { return DeviceObject::from_nt(device)->driver().io(); }

PIRP IoManager::allocate_irp(CCHAR stack_count) {
    Request* request = allocate_request(stack_count, RequestKind::driver);
    if (!request) return nullptr;
    request->io = this;
    return request->irp();
}

void IoManager::free_irp(PIRP irp) {
    Request* request = Request::of(irp);
    if (!request || request->kind != RequestKind::driver) {
        diagnostics_.report({}, "IoFreeIrp was called for an IRP that IoAllocateIrp did not make, or twice");
        return;
    }
    free_request(request);
}

NTSTATUS IoManager::call_driver(PDEVICE_OBJECT device, PIRP irp) {
    if (--irp->CurrentLocation <= 0) [[unlikely]] {
        ke::bug_check(no_more_irp_stack_locations, reinterpret_cast<ULONG_PTR>(irp), 0, 0, 0);
    }
    PIO_STACK_LOCATION location = --irp->Tail.Overlay.CurrentStackLocation;
    location->DeviceObject = device;
    PDRIVER_DISPATCH routine = device->DriverObject->MajorFunction[location->MajorFunction];

    ke::Thread* thread = ke::Thread::current();
    const KIRQL irql = thread->irql();
    const UCHAR major = location->MajorFunction;  // the location may be gone when the routine returns
    const NTSTATUS status = routine(device, irp);
    if (thread->irql() != irql) [[unlikely]] {
        // Documented for IRQL_UNEXPECTED_VALUE: current IRQL, expected IRQL, and who.
        ke::bug_check(irql_unexpected_value, (ULONG_PTR{thread->irql()} << 16) | (ULONG_PTR{irql} << 8) | major,
                      reinterpret_cast<ULONG_PTR>(routine), reinterpret_cast<ULONG_PTR>(irp), 0);
    }
    return status;
}

}  // namespace pw::io
