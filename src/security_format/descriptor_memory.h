// SPDX-License-Identifier: Apache-2.0
// Security descriptors in a caller's own memory: what both façades share. As on Windows, a wild pointer is the caller's.
#pragma once

#include <pw_security.h>

#include "base/result.h"
#include "security_format/descriptor.h"

namespace pw::se {

// An empty descriptor in absolute form. STATUS_UNKNOWN_REVISION.
[[nodiscard]] Status descriptor_create(PSECURITY_DESCRIPTOR descriptor, ULONG revision);
[[nodiscard]] bool descriptor_is_valid(PSECURITY_DESCRIPTOR descriptor);

// The setters want the absolute form: STATUS_UNKNOWN_REVISION, STATUS_INVALID_SECURITY_DESCR (self-relative). What is given stays
// the caller's and is only pointed to.
[[nodiscard]] Status descriptor_set_owner(PSECURITY_DESCRIPTOR descriptor, PSID owner, bool is_defaulted);
[[nodiscard]] Status descriptor_set_group(PSECURITY_DESCRIPTOR descriptor, PSID group, bool is_defaulted);
[[nodiscard]] Status descriptor_set_dacl(PSECURITY_DESCRIPTOR descriptor, bool is_present, PACL dacl, bool is_defaulted);
[[nodiscard]] Status descriptor_set_sacl(PSECURITY_DESCRIPTOR descriptor, bool is_present, PACL sacl, bool is_defaulted);

// In either form. An absent list leaves *list and *is_defaulted as they are. STATUS_UNKNOWN_REVISION.
[[nodiscard]] Status descriptor_get_owner(PSECURITY_DESCRIPTOR descriptor, PSID* owner, bool* is_defaulted);
[[nodiscard]] Status descriptor_get_group(PSECURITY_DESCRIPTOR descriptor, PSID* group, bool* is_defaulted);
[[nodiscard]] Status descriptor_get_dacl(PSECURITY_DESCRIPTOR descriptor, bool* is_present, PACL* dacl, bool* is_defaulted);
[[nodiscard]] Status descriptor_get_sacl(PSECURITY_DESCRIPTOR descriptor, bool* is_present, PACL* sacl, bool* is_defaulted);

// Bytes in its present form, parts included.
[[nodiscard]] ULONG descriptor_length_bytes(PSECURITY_DESCRIPTOR descriptor);
// STATUS_BUFFER_TOO_SMALL sets *length_bytes; STATUS_BAD_DESCRIPTOR_FORMAT when it is self-relative already.
[[nodiscard]] Status descriptor_make_self_relative(PSECURITY_DESCRIPTOR absolute, PSECURITY_DESCRIPTOR relative,
                                                   ULONG* length_bytes);
// Stores `parts` in a buffer of `length_bytes`: STATUS_BUFFER_TOO_SMALL. *needed_bytes is set in any case.
[[nodiscard]] Status store_self_relative(const DescriptorParts& parts, void* buffer, ULONG length_bytes, ULONG* needed_bytes);

}  // namespace pw::se
