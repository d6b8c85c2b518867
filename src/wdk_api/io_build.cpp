// SPDX-License-Identifier: Apache-2.0
// Façade: IRPs that the I/O manager builds for drivers, and what drivers ask about IRPs.
#include <nt/io_inlines.h>
#include <nt/se.h>

#include "kernel/io/irp_questions.h"
#include "kernel/io/synchronous_call.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::current_kernel;

extern "C" {

PIRP NTAPI IoBuildDeviceIoControlRequest(ULONG code, PDEVICE_OBJECT device, PVOID input, ULONG input_bytes, PVOID output,
                                         ULONG output_bytes, BOOLEAN internal, PKEVENT event, PIO_STATUS_BLOCK block) {
    PW_IRQL_LIMIT(IoBuildDeviceIoControlRequest);
    return current_kernel().io().build_request(
        device, {.major = static_cast<ULONG>(internal ? IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL),
                 .code = code,
                 .input = input,
                 .input_bytes = input_bytes,
                 .buffer = output,
                 .buffer_bytes = output_bytes,
                 .status_block = block,
                 .event = event});
}

PIRP NTAPI IoBuildSynchronousFsdRequest(ULONG major, PDEVICE_OBJECT device, PVOID buffer, ULONG bytes,
                                        PLARGE_INTEGER offset, PKEVENT event, PIO_STATUS_BLOCK block) {
    PW_IRQL_LIMIT(IoBuildSynchronousFsdRequest);
    if (io::is_control_major(major)) return nullptr;
    return current_kernel().io().build_request(device, {.major = major,
                                                        .buffer = buffer,
                                                        .buffer_bytes = bytes,
                                                        .byte_offset = offset,
                                                        .status_block = block,
                                                        .event = event});
}

PIRP NTAPI IoBuildAsynchronousFsdRequest(ULONG major, PDEVICE_OBJECT device, PVOID buffer, ULONG bytes,
                                         PLARGE_INTEGER offset, PIO_STATUS_BLOCK block) {
    PW_IRQL_LIMIT(IoBuildAsynchronousFsdRequest);
    if (io::is_control_major(major)) return nullptr;
    return current_kernel().io().build_request(device, {.major = major,
                                                        .buffer = buffer,
                                                        .buffer_bytes = bytes,
                                                        .byte_offset = offset,
                                                        .status_block = block,
                                                        .is_threaded = false});
}

PIRP NTAPI IoMakeAssociatedIrp(PIRP master, CCHAR stack_size) {
    PW_IRQL_LIMIT(IoMakeAssociatedIrp);
    return current_kernel().io().make_associated_irp(master, stack_size);
}

PIRP NTAPI IoAllocateIrpEx(PDEVICE_OBJECT, CCHAR stack_size, BOOLEAN) {
    PW_IRQL_LIMIT(IoAllocateIrpEx);
    return current_kernel().io().allocate_irp(stack_size);
}

NTSTATUS NTAPI IoSetCompletionRoutineEx(PDEVICE_OBJECT device, PIRP irp, PIO_COMPLETION_ROUTINE routine, PVOID context,
                                        BOOLEAN on_success, BOOLEAN on_error, BOOLEAN on_cancel) {
    PW_IRQL_LIMIT(IoSetCompletionRoutineEx);
    return io::set_completion_routine_ex(*device, irp, {routine, context, on_success, on_error, on_cancel}).code();
}

NTSTATUS NTAPI IoSynchronousCallDriver(PDEVICE_OBJECT device, PIRP irp) {
    return io::call_driver_synchronously(*device, irp).code();
}

BOOLEAN NTAPI IoForwardIrpSynchronously(PDEVICE_OBJECT device, PIRP irp) {
    PW_IRQL_LIMIT(IoForwardIrpSynchronously);
    return io::forward_irp_synchronously(*device, irp);
}

BOOLEAN NTAPI IoIsOperationSynchronous(PIRP irp) {
    PW_IRQL_LIMIT(IoIsOperationSynchronous);
    return io::is_operation_synchronous(irp);
}

NTSTATUS NTAPI IoValidateDeviceIoControlAccess(PIRP irp, ULONG required) {
    return io::validate_control_access(irp, required).code();
}

NTSTATUS NTAPI IoCheckDesiredAccess(PACCESS_MASK desired, ACCESS_MASK granted) {
    PW_IRQL_LIMIT(IoCheckDesiredAccess);
    *desired = ob::map_access(ob::file_type, *desired);
    return (*desired & ~granted) == 0 ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

PGENERIC_MAPPING NTAPI IoGetFileObjectGenericMapping(void) {
    return const_cast<PGENERIC_MAPPING>(&ob::file_type.generic_mapping);
}

PIRP NTAPI IoGetTopLevelIrp(void) { return static_cast<PIRP>(wdk::current_thread().top_level_irp); }

void NTAPI IoSetTopLevelIrp(PIRP irp) { wdk::current_thread().top_level_irp = irp; }

}  // extern "C"
