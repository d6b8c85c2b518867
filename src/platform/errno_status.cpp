// SPDX-License-Identifier: Apache-2.0
#include "platform/errno_status.h"

#include <ntstatus.h>

#include <cerrno>

namespace pw::platform {

Status status_from_errno(int error) {
    switch (error) {
        case 0: return STATUS_SUCCESS;
        case ENOMEM: return STATUS_NO_MEMORY;
        case ENOSPC: return STATUS_DISK_FULL;
        case EMFILE:
        case ENFILE:
        case EAGAIN: return STATUS_INSUFFICIENT_RESOURCES;
        case EACCES:
        case EPERM: return STATUS_ACCESS_DENIED;
        case EEXIST: return STATUS_CONFLICTING_ADDRESSES;
        case EFAULT: return STATUS_ACCESS_VIOLATION;
        case EIO: return STATUS_IN_PAGE_ERROR;
        case EBADF: return STATUS_INVALID_HANDLE;
        case EINVAL: return STATUS_INVALID_PARAMETER;
        case ESRCH: return STATUS_PROCESS_IS_TERMINATING;
        default: return STATUS_UNSUCCESSFUL;
    }
}

}  // namespace pw::platform
