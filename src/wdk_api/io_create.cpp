// SPDX-License-Identifier: Apache-2.0
// Façade: IoCreateFile.
#include <nt/io.h>
#include <nt/zw.h>

#include "wdk_api/current.h"

using namespace pw;

extern "C" {

// As ZwCreateFile. Kernel-mode callers have passed every check, so that IO_NO_PARAMETER_CHECKING and
// IO_FORCE_ACCESS_CHECK change nothing while devices have no security descriptors.
NTSTATUS NTAPI IoCreateFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK block,
                            PLARGE_INTEGER allocation_size, ULONG file_attributes, ULONG share_access, ULONG disposition,
                            ULONG create_options, PVOID ea_buffer, ULONG ea_length, CREATE_FILE_TYPE type, PVOID,
                            ULONG options) {
    constexpr ULONG understood = IO_NO_PARAMETER_CHECKING | IO_FORCE_ACCESS_CHECK;
    if (type != CreateFileTypeNone || (options & ~understood) != 0) {
        wdk::current_kernel().report_once("IoCreateFile of pipes, mailslots, and with options other than "
                                          "IO_NO_PARAMETER_CHECKING and IO_FORCE_ACCESS_CHECK: STATUS_NOT_IMPLEMENTED");
        return STATUS_NOT_IMPLEMENTED;
    }
    return ZwCreateFile(handle, access, attributes, block, allocation_size, file_attributes, share_access, disposition,
                        create_options, ea_buffer, ea_length);
}

}  // extern "C"
