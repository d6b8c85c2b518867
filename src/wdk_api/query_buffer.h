// SPDX-License-Identifier: Apache-2.0
// How a façade puts what a query found into the caller's buffer.
#pragma once

#include <nt/ob.h>

#include <string_view>

#include "base/result.h"

namespace pw::wdk {

// A UNICODE_STRING at the start of the buffer with its characters, zero-terminated, `header_bytes` behind it; a NULL string
// for an empty text. *returned, if given, is what is needed. STATUS_INFO_LENGTH_MISMATCH when that does not fit.
[[nodiscard]] NTSTATUS put_text(std::u16string_view text, PVOID information, ULONG header_bytes, ULONG bytes, PULONG returned);

[[nodiscard]] inline NTSTATUS put_name(std::u16string_view name, PVOID information, ULONG bytes, PULONG returned) {
    return put_text(name, information, sizeof(OBJECT_NAME_INFORMATION), bytes, returned);
}

// A string whose buffer the caller brought (ZwQuerySymbolicLinkObject). *returned is the needed length with a terminator.
// STATUS_BUFFER_TOO_SMALL.
[[nodiscard]] NTSTATUS put_string(std::u16string_view text, PUNICODE_STRING target, PULONG returned);

}  // namespace pw::wdk
