// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/share_access.h"

namespace pw::io {
namespace {

// DELETE of the documented standard rights.
constexpr ACCESS_MASK delete_access = 0x00010000;

bool uses_data(const FILE_OBJECT& file) { return file.ReadAccess || file.WriteAccess || file.DeleteAccess; }

// What the file object says about its open afterwards. Without access to data there is nothing to share.
void note_access(ACCESS_MASK desired, ULONG share, FILE_OBJECT& file) {
    file.ReadAccess = (desired & (FILE_EXECUTE | FILE_READ_DATA)) != 0;
    file.WriteAccess = (desired & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
    file.DeleteAccess = (desired & delete_access) != 0;
    if (!uses_data(file)) return;
    file.SharedRead = (share & FILE_SHARE_READ) != 0;
    file.SharedWrite = (share & FILE_SHARE_WRITE) != 0;
    file.SharedDelete = (share & FILE_SHARE_DELETE) != 0;
}

void count(const FILE_OBJECT& file, SHARE_ACCESS& access, ULONG amount) {
    access.OpenCount += amount;
    if (file.ReadAccess) access.Readers += amount;
    if (file.WriteAccess) access.Writers += amount;
    if (file.DeleteAccess) access.Deleters += amount;
    if (file.SharedRead) access.SharedRead += amount;
    if (file.SharedWrite) access.SharedWrite += amount;
    if (file.SharedDelete) access.SharedDelete += amount;
}

// One kind of access: wanted by the new open while an earlier one does not share it, or had while the new one does not.
bool conflicts(BOOLEAN wants, BOOLEAN shares, ULONG users, ULONG sharers, ULONG opens) {
    return (wants && sharers < opens) || (!shares && users != 0);
}

}  // namespace

void set_share_access(ACCESS_MASK desired, ULONG share, FILE_OBJECT& file, SHARE_ACCESS& access) {
    note_access(desired, share, file);
    access = {};
    if (uses_data(file)) count(file, access, 1);
}

Status check_share_access(ACCESS_MASK desired, ULONG share, FILE_OBJECT& file, SHARE_ACCESS& access, bool update) {
    note_access(desired, share, file);
    if (!uses_data(file)) return STATUS_SUCCESS;
    const ULONG opens = access.OpenCount;
    if (conflicts(file.ReadAccess, file.SharedRead, access.Readers, access.SharedRead, opens) ||
        conflicts(file.WriteAccess, file.SharedWrite, access.Writers, access.SharedWrite, opens) ||
        conflicts(file.DeleteAccess, file.SharedDelete, access.Deleters, access.SharedDelete, opens)) {
        return STATUS_SHARING_VIOLATION;
    }
    if (update) count(file, access, 1);
    return STATUS_SUCCESS;
}

void update_share_access(const FILE_OBJECT& file, SHARE_ACCESS& access) {
    if (uses_data(file)) count(file, access, 1);
}

void remove_share_access(const FILE_OBJECT& file, SHARE_ACCESS& access) {
    if (uses_data(file)) count(file, access, ~ULONG{0});  // minus one, modulo 2^32
}

}  // namespace pw::io
