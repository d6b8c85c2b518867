// SPDX-License-Identifier: Apache-2.0
// What the I/O manager tells an observer (src/verifier): the steps of every IRP, and the coming and going of drivers.
// Without an observer each step costs one predictable branch. All calls come on the thread that does the step, at its IRQL,
// with no lock of ours held; an observer that finds a violation stops the system (ke::bug_check).
#pragma once

#include <nt/io_inlines.h>

#include <cstdint>
#include <string>

#include "kernel/io/request.h"

namespace pw::io {

class DriverObject;

class RequestObserver {
public:
    virtual ~RequestObserver() = default;

    // The IRP exists; `kind` says who will own it.
    virtual void allocated(PIRP irp, RequestKind kind) = 0;
    // Its memory goes now. `is_by_driver`: IoFreeIrp, to be judged before anything of it is touched.
    virtual void freed(PIRP irp, bool is_by_driver) = 0;

    // IoCallDriver, before the location is taken: the IRP goes to `device`. The result goes back with returned().
    [[nodiscard]] virtual std::uint64_t calling(PDEVICE_OBJECT device, PIRP irp) = 0;
    // The dispatch routine is back. The IRP itself may be gone.
    virtual void returned(std::uint64_t call, NTSTATUS status) = 0;

    // IoCompleteRequest, before anything of the IRP is touched.
    virtual void completing(PIRP irp) = 0;
    // The completion has passed a location: the IRP now stands at `level` (its CurrentLocation).
    virtual void climbed(PIRP irp, const IO_STACK_LOCATION& passed, CCHAR level) = 0;
    // A completion routine kept the IRP (STATUS_MORE_PROCESSING_REQUIRED).
    virtual void kept(PIRP irp, const void* routine) = 0;

    // IoCancelIrp: `routine` is about to be called, null when there is none.
    virtual void cancelling(PIRP irp, PDRIVER_CANCEL routine) = 0;

    // The IRP's history, one line per event; empty when it is not known. Any address.
    [[nodiscard]] virtual std::string describe(PIRP irp) = 0;
};

class DriverObserver {
public:
    virtual ~DriverObserver() = default;
    // Before DriverEntry, and after DriverUnload (or a failed DriverEntry) when nothing of the driver runs any more; its image
    // goes next. PASSIVE_LEVEL.
    virtual void loading(DriverObject& driver) = 0;
    virtual void unloaded(DriverObject& driver) = 0;
};

}  // namespace pw::io
