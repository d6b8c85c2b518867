// SPDX-License-Identifier: Apache-2.0
// What a façade decodes: counted strings and object attributes of kernel-mode callers.
#pragma once

#include <ntdef.h>

#include <string_view>

#include "kernel/services/caller.h"

namespace pw::wdk {

// The characters of a UNICODE_STRING; empty for null.
[[nodiscard]] inline std::u16string_view text_of(PCUNICODE_STRING string) {
    if (!string || !string->Buffer) return {};
    return {reinterpret_cast<const char16_t*>(string->Buffer), string->Length / sizeof(char16_t)};
}

// OBJECT_ATTRIBUTES of a kernel-mode caller: STATUS_OBJECT_NAME_INVALID for an odd length, STATUS_INVALID_HANDLE and
// STATUS_OBJECT_TYPE_MISMATCH for the root directory, STATUS_INVALID_SECURITY_DESCR and its kin for the descriptor.
[[nodiscard]] Result<nt::ObjectName> name_of(const nt::Caller& caller, POBJECT_ATTRIBUTES attributes);

}  // namespace pw::wdk
