// SPDX-License-Identifier: Apache-2.0
// What drivers ask about an IRP that they hold, and completion routines that keep their device.
#pragma once

#include <nt/io_inlines.h>

#include "base/status.h"

namespace pw::io {

[[nodiscard]] constexpr bool is_control_major(ULONG major) {
    return major == IRP_MJ_DEVICE_CONTROL || major == IRP_MJ_INTERNAL_DEVICE_CONTROL;
}

// IoIsOperationSynchronous: the issuer waits: a synchronous file or call, and not an asynchronous paging request.
[[nodiscard]] bool is_operation_synchronous(PIRP irp);

// IoValidateDeviceIoControlAccess: whether the handle that the control came through had these FILE_READ_ACCESS and
// FILE_WRITE_ACCESS bits. Kernel-mode requestors always pass. STATUS_INVALID_PARAMETER for other bits or another kind of
// IRP, STATUS_ACCESS_DENIED.
[[nodiscard]] Status validate_control_access(PIRP irp, ULONG required);

struct CompletionRoutine {
    PIO_COMPLETION_ROUTINE routine = nullptr;
    PVOID context = nullptr;
    BOOLEAN on_success = FALSE;
    BOOLEAN on_error = FALSE;
    BOOLEAN on_cancel = FALSE;
};
// IoSetCompletionRoutineEx: as IoSetCompletionRoutine, and `device` (so its driver's code) stays until the routine has
// returned. STATUS_INSUFFICIENT_RESOURCES. The routine must be called in the end, else the reference stays.
[[nodiscard]] Status set_completion_routine_ex(DEVICE_OBJECT& device, PIRP irp, const CompletionRoutine& completion);

}  // namespace pw::io
