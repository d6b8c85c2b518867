// SPDX-License-Identifier: Apache-2.0
// Lists in a caller's own memory, as RtlCreateAcl and InitializeAcl make them: what both façades share. As on Windows, a wild
// pointer is the caller's; what stands in the memory is checked.
#pragma once

#include <pw_security.h>

#include <cstddef>

#include "base/status.h"

namespace pw::se {

// STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_PARAMETER (revision, length beyond 64 KiB).
[[nodiscard]] Status acl_create(ACL* acl, std::size_t length_bytes, ULONG revision);
[[nodiscard]] bool acl_is_valid(const ACL* acl);
// Appends. STATUS_REVISION_MISMATCH, STATUS_INVALID_ACL, STATUS_INVALID_SID, STATUS_ALLOTTED_SPACE_EXCEEDED,
// STATUS_INVALID_PARAMETER (flags).
[[nodiscard]] Status acl_add(ACL* acl, ULONG revision, ULONG flags, ACCESS_MASK mask, const void* sid, BYTE type);
// Inserts a list of entries before the `index`th, or at the end (any larger index). STATUS_INVALID_PARAMETER when the entries
// are none, STATUS_BUFFER_TOO_SMALL.
[[nodiscard]] Status acl_insert(ACL* acl, ULONG revision, ULONG index, const void* aces, std::size_t aces_bytes);
// STATUS_INVALID_PARAMETER when there is no such entry.
[[nodiscard]] Status acl_delete(ACL* acl, ULONG index);
[[nodiscard]] Status acl_get(const ACL* acl, ULONG index, void** ace);
// Where the next entry goes; null with STATUS_SUCCESS when the list is full. STATUS_INVALID_ACL.
[[nodiscard]] Status acl_first_free(ACL* acl, void** ace);

}  // namespace pw::se
