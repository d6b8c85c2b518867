// SPDX-License-Identifier: Apache-2.0
// Share access (SHARE_ACCESS): who has a file open for what and lets others do what. The caller serialises, as documented.
#pragma once

#include <nt/io_inlines.h>

#include "base/status.h"

namespace pw::io {

// The first open: fills the counts, and the access bits of the file object.
void set_share_access(ACCESS_MASK desired, ULONG share, FILE_OBJECT& file, SHARE_ACCESS& access);
// A further one: STATUS_SHARING_VIOLATION when an earlier open forbids it, or it forbids an earlier one. With `update` it
// is counted when it is allowed. Opens without read, write or delete access are always allowed and never counted.
[[nodiscard]] Status check_share_access(ACCESS_MASK desired, ULONG share, FILE_OBJECT& file, SHARE_ACCESS& access, bool update);
// Counts an open that was checked without `update`; takes one away.
void update_share_access(const FILE_OBJECT& file, SHARE_ACCESS& access);
void remove_share_access(const FILE_OBJECT& file, SHARE_ACCESS& access);

}  // namespace pw::io
