// SPDX-License-Identifier: Apache-2.0
// Façade: share access of files.
#include <nt/io.h>

#include "kernel/io/share_access.h"

using namespace pw;

extern "C" {

NTSTATUS NTAPI IoCheckShareAccess(ACCESS_MASK desired, ULONG share, PFILE_OBJECT file, PSHARE_ACCESS access,
                                  BOOLEAN update) {
    return io::check_share_access(desired, share, *file, *access, update != FALSE).code();
}

void NTAPI IoSetShareAccess(ACCESS_MASK desired, ULONG share, PFILE_OBJECT file, PSHARE_ACCESS access) {
    io::set_share_access(desired, share, *file, *access);
}

void NTAPI IoUpdateShareAccess(PFILE_OBJECT file, PSHARE_ACCESS access) { io::update_share_access(*file, *access); }

void NTAPI IoRemoveShareAccess(PFILE_OBJECT file, PSHARE_ACCESS access) { io::remove_share_access(*file, *access); }

}  // extern "C"
