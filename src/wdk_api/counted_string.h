// SPDX-License-Identifier: Apache-2.0
// Counted strings at the façade's edge: views of them, and the two ways a routine returns one.
#pragma once

#include <nt/ex.h>
#include <ntdef.h>
#include <ntstatus.h>

#include <cstddef>
#include <string_view>

namespace pw::wdk {

// The characters; empty for a null string.
[[nodiscard]] inline std::u16string_view view_of(PCUNICODE_STRING string) {
    return string && string->Buffer ? std::u16string_view(string->Buffer, string->Length / sizeof(WCHAR)) : std::u16string_view();
}
[[nodiscard]] inline std::string_view view_of(const STRING* string) {
    return string && string->Buffer ? std::string_view(string->Buffer, string->Length) : std::string_view();
}

// Blocks that the Rtl routines allocate for the caller carry this tag; the caller frees them with RtlFree…String.
inline constexpr ULONG k_string_tag = 0x74525750;  // 'PWRt'

// Makes room for `bytes` in the caller's buffer, or in a new one. A buffer of the caller that is too small is left as it is:
// STATUS_BUFFER_OVERFLOW; STATUS_NO_MEMORY when there is no pool.
template <typename String>
[[nodiscard]] NTSTATUS prepare_destination(String* destination, std::size_t bytes, BOOLEAN allocate) {
    if (!allocate) return bytes <= destination->MaximumLength ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
    void* block = ExAllocatePoolWithTag(PagedPool, bytes == 0 ? 1 : bytes, k_string_tag);
    if (!block) return STATUS_NO_MEMORY;
    destination->Buffer = static_cast<decltype(destination->Buffer)>(block);
    destination->MaximumLength = static_cast<USHORT>(bytes);
    return STATUS_SUCCESS;
}

template <typename String>
void free_string(String* string) {
    if (string->Buffer) {
        ExFreePool(string->Buffer);
        *string = {};
    }
}

}  // namespace pw::wdk
