// SPDX-License-Identifier: Apache-2.0
// Façade: driver objects without an image, reinitialization, system threads that keep a driver, stacks, hard errors.
#include <nt/io_inlines.h>
#include <nt/ps.h>

#include "kernel/io/function_access.h"
#include "kernel/io/kept_thread.h"
#include "platform/threads.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::current_kernel;

extern "C" {

NTSTATUS NTAPI IoCreateDriver(PUNICODE_STRING name, PDRIVER_INITIALIZE initialize) {
    return current_kernel().io().create_driver(wdk::text_of(name), initialize).code();
}

void NTAPI IoDeleteDriver(PDRIVER_OBJECT driver) { current_kernel().io().delete_driver(*io::DriverObject::from_nt(driver)); }

void NTAPI IoRegisterDriverReinitialization(PDRIVER_OBJECT driver, PDRIVER_REINITIALIZE routine, PVOID context) {
    PW_IRQL_LIMIT(IoRegisterDriverReinitialization);
    io::DriverObject::from_nt(driver)->add_reinitialization(routine, context);
}

// All drivers are loaded on demand here: the boot drivers' call is the same.
void NTAPI IoRegisterBootDriverReinitialization(PDRIVER_OBJECT driver, PDRIVER_REINITIALIZE routine, PVOID context) {
    PW_IRQL_LIMIT(IoRegisterBootDriverReinitialization);
    io::DriverObject::from_nt(driver)->add_reinitialization(routine, context);
}

NTSTATUS NTAPI IoCreateSystemThread(PVOID object, PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes,
                                    HANDLE process, PCLIENT_ID client_id, PKSTART_ROUTINE routine, PVOID context) {
    PW_IRQL_LIMIT(IoCreateSystemThread);
    auto* kept = io::KeptThread::create(*wdk::object_or_bug_check(object), routine, context);
    if (!kept) return STATUS_INSUFFICIENT_RESOURCES;
    const Status status =
        wdk::create_system_thread(handle, access, attributes, process, client_id, io::KeptThread::main, kept);
    if (status.is_failure()) kept->destroy();
    return status.code();
}

PVOID NTAPI IoGetInitialStack(void) { return reinterpret_cast<PVOID>(platform::stack_limits().high); }

void NTAPI IoGetStackLimits(PULONG_PTR low, PULONG_PTR high) {
    const platform::StackLimits limits = platform::stack_limits();
    *low = limits.low;
    *high = limits.high;
}

ULONG_PTR NTAPI IoGetRemainingStackSize(void) {
    return reinterpret_cast<ULONG_PTR>(__builtin_frame_address(0)) - platform::stack_limits().low;
}

NTSTATUS NTAPI IoCheckFunctionAccess(ACCESS_MASK granted, UCHAR major, UCHAR minor, ULONG code, PVOID argument1,
                                     PVOID argument2) {
    // "Argument1 points to the information class of a file, Argument2 to that of a volume."
    const bool is_volume = major == IRP_MJ_QUERY_VOLUME_INFORMATION || major == IRP_MJ_SET_VOLUME_INFORMATION;
    const auto* information_class = static_cast<const ULONG*>(is_volume ? argument2 : argument1);
    return io::check_function_access(granted, {.major = major,
                                               .minor = minor,
                                               .control_code = code,
                                               .information_class = information_class ? *information_class : 0})
        .code();
}

void NTAPI IoRaiseHardError(PIRP irp, PVPB, PDEVICE_OBJECT device) {
    io::IoManager& io = io::IoManager::of(device);
    // Nobody sits at a screen here: the request ends as with hard errors disabled.
    io.diagnostics().report(io::DeviceObject::from_nt(device)->driver().display_name(),
                            "IoRaiseHardError: the request is completed with its error status");
    irp->IoStatus.Information = 0;
    io.complete_request(irp, IO_NO_INCREMENT);
}

NTSTATUS NTAPI IoGetRequestorSessionId(PIRP irp, PULONG session) {
    *session = irp->Tail.Overlay.Thread ? 0 : ~ULONG{0};  // there is one session
    return irp->Tail.Overlay.Thread ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

// The hint stands in three bits of IRP::Flags, 0 meaning none (normal).
IO_PRIORITY_HINT NTAPI IoGetIoPriorityHint(PIRP irp) {
    const ULONG stored = (irp->Flags >> 17) & 7;
    return stored == 0 ? IoPriorityNormal : static_cast<IO_PRIORITY_HINT>(stored - 1);
}

NTSTATUS NTAPI IoSetIoPriorityHint(PIRP irp, IO_PRIORITY_HINT hint) {
    if (hint < IoPriorityVeryLow || hint >= MaxIoPriorityTypes) return STATUS_INVALID_PARAMETER;
    irp->Flags = (irp->Flags & ~(ULONG{7} << 17)) | ((static_cast<ULONG>(hint) + 1) << 17);
    return STATUS_SUCCESS;
}

}  // extern "C"
