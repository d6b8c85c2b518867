// SPDX-License-Identifier: Apache-2.0
// IoCallDriver: one step down a device stack.
#include <cstdio>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/io/io_manager.h"
#include "kernel/io/irp_stop.h"

namespace pw::io {
namespace {

constexpr ULONG no_more_irp_stack_locations = 0x35;
constexpr ULONG irql_unexpected_value = 0xC8;
constexpr ULONG multiple_irp_complete_requests = 0x44;
constexpr ULONG driver_verifier_iomanager_violation = 0xC9;

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
    if (request_observer_) [[unlikely]] request_observer_->allocated(request->irp(), RequestKind::driver);
    return request->irp();
}

void IoManager::discard_request(Request* request) {
    if (request_observer_) [[unlikely]] request_observer_->freed(request->irp(), false);
    free_request(request);
}

void IoManager::free_irp(PIRP irp) {
    if (request_observer_) [[unlikely]] request_observer_->freed(irp, true);
    Request* request = Request::of(irp);
    if (!request) {
        // Freed before, or never one of ours. What was freed no longer carries the type of an IRP.
        stop_for_irp(irp, {multiple_irp_complete_requests, {reinterpret_cast<ULONG_PTR>(irp)}, "IoFreeIrp was called for an IRP that IoAllocateIrp did not make, or twice"},
                     request_observer_);
    }
    if (request->kind != RequestKind::driver) {
        stop_for_irp(irp, {driver_verifier_iomanager_violation, {0x02, reinterpret_cast<ULONG_PTR>(irp)},
                           "IoFreeIrp was called for an IRP that is still associated with a thread: the I/O manager frees it"},
                     request_observer_);
    }
    free_request(request);
}

NTSTATUS IoManager::call_driver(PDEVICE_OBJECT device, PIRP irp) {
    std::uint64_t observed = 0;
    if (request_observer_) [[unlikely]] observed = request_observer_->calling(device, irp);
    if (--irp->CurrentLocation <= 0) [[unlikely]] {
        stop_for_irp(irp, {no_more_irp_stack_locations, {reinterpret_cast<ULONG_PTR>(irp)}}, request_observer_);
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
    if (request_observer_) [[unlikely]] request_observer_->returned(observed, status);
    return status;
}

}  // namespace pw::io
