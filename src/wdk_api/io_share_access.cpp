// SPDX-License-Identifier: Apache-2.0
// Façade: share access of files.
#include <nt/io.h>

#include "kernel/io/share_access.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

NTSTATUS NTAPI IoCheckShareAccess(ACCESS_MASK desired, ULONG share, PFILE_OBJECT file, PSHARE_ACCESS access,
                                  BOOLEAN update) {
    PW_IRQL_LIMIT(IoCheckShareAccess);
    return io::check_share_access(desired, share, *file, *access, update != FALSE).code();
}

void NTAPI IoSetShareAccess(ACCESS_MASK desired, ULONG share, PFILE_OBJECT file, PSHARE_ACCESS access) {
    PW_IRQL_LIMIT(IoSetShareAccess);
    io::set_share_access(desired, share, *file, *access);
}

void NTAPI IoUpdateShareAccess(PFILE_OBJECT file, PSHARE_ACCESS access) {
    PW_IRQL_LIMIT(IoUpdateShareAccess);
    io::update_share_access(*file, *access);
}

void NTAPI IoRemoveShareAccess(PFILE_OBJECT file, PSHARE_ACCESS access) {
    PW_IRQL_LIMIT(IoRemoveShareAccess);
    io::remove_share_access(*file, *access);
}

}  // extern "C"
