// SPDX-License-Identifier: Apache-2.0
// Façade: conversions between narrow strings and UTF-16. The ANSI and the OEM code page are UTF-8.
#include <nt/rtl_strings.h>

#include "kernel/rtl/unicode.h"
#include "wdk_api/counted_string.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::view_of;

namespace {

NTSTATUS narrow_to_unicode(PUNICODE_STRING destination, const STRING* source, BOOLEAN allocate) {
    const std::size_t units = rtl::utf8_to_utf16(view_of(source), nullptr, 0).units;
    const std::size_t bytes = (units + 1) * sizeof(WCHAR);
    if (bytes > 0xFFFF) return STATUS_INVALID_PARAMETER_2;
    const NTSTATUS status = wdk::prepare_destination(destination, bytes, allocate);
    if (!NT_SUCCESS(status)) return status;
    static_cast<void>(rtl::utf8_to_utf16(view_of(source), destination->Buffer, units));
    destination->Buffer[units] = 0;
    destination->Length = static_cast<USHORT>(units * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

NTSTATUS unicode_to_narrow(PSTRING destination, PCUNICODE_STRING source, BOOLEAN allocate) {
    const std::size_t length = rtl::utf16_to_utf8(view_of(source), nullptr, 0).units;
    if (length + 1 > 0xFFFF) return STATUS_INVALID_PARAMETER_2;
    const NTSTATUS status = wdk::prepare_destination(destination, length + 1, allocate);
    // A buffer of the caller's that is too small gets what fits, terminated.
    if (status == STATUS_NO_MEMORY || destination->MaximumLength == 0) return status;
    const std::size_t room = destination->MaximumLength - 1u;
    const std::size_t written = rtl::utf16_to_utf8(view_of(source), destination->Buffer, length < room ? length : room).units;
    destination->Buffer[written] = 0;
    destination->Length = static_cast<USHORT>(written);
    return status;
}

// The N routines convert what fits; STATUS_BUFFER_TOO_SMALL, where the routine is documented to report it, else success.
NTSTATUS finish(const rtl::Converted& converted, std::size_t unit_bytes, PULONG bytes_written, NTSTATUS too_small) {
    if (bytes_written) *bytes_written = static_cast<ULONG>(converted.units * unit_bytes);
    if (!converted.complete) return too_small;
    return converted.replaced && too_small != STATUS_SUCCESS ? STATUS_SOME_NOT_MAPPED : STATUS_SUCCESS;
}

}  // namespace

extern "C" {

NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING destination, const ANSI_STRING* source, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlAnsiStringToUnicodeString);
    return narrow_to_unicode(destination, source, allocate);
}
NTSTATUS NTAPI RtlOemStringToUnicodeString(PUNICODE_STRING destination, const OEM_STRING* source, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlOemStringToUnicodeString);
    return narrow_to_unicode(destination, source, allocate);
}
NTSTATUS NTAPI RtlUTF8StringToUnicodeString(PUNICODE_STRING destination, PUTF8_STRING source, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlUTF8StringToUnicodeString);
    return narrow_to_unicode(destination, source, allocate);
}
NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING destination, PCUNICODE_STRING source, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlUnicodeStringToAnsiString);
    return unicode_to_narrow(destination, source, allocate);
}
NTSTATUS NTAPI RtlUnicodeStringToOemString(POEM_STRING destination, PCUNICODE_STRING source, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlUnicodeStringToOemString);
    return unicode_to_narrow(destination, source, allocate);
}
NTSTATUS NTAPI RtlUnicodeStringToUTF8String(PUTF8_STRING destination, PCUNICODE_STRING source, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlUnicodeStringToUTF8String);
    return unicode_to_narrow(destination, source, allocate);
}

NTSTATUS NTAPI RtlUTF8ToUnicodeN(PWSTR target, ULONG target_bytes, PULONG bytes_written, PCCH source, ULONG source_bytes) {
    PW_IRQL_LIMIT(RtlUTF8ToUnicodeN);
    if (!source) return STATUS_INVALID_PARAMETER_4;
    if (!target && !bytes_written) return STATUS_INVALID_PARAMETER;
    return finish(rtl::utf8_to_utf16({source, source_bytes}, target, target_bytes / sizeof(WCHAR)), sizeof(WCHAR), bytes_written,
                  STATUS_BUFFER_TOO_SMALL);
}
NTSTATUS NTAPI RtlUnicodeToUTF8N(PCHAR target, ULONG target_bytes, PULONG bytes_written, PCWCH source, ULONG source_bytes) {
    PW_IRQL_LIMIT(RtlUnicodeToUTF8N);
    if (!source) return STATUS_INVALID_PARAMETER_4;
    if (!target && !bytes_written) return STATUS_INVALID_PARAMETER;
    return finish(rtl::utf16_to_utf8({source, source_bytes / sizeof(WCHAR)}, target, target_bytes), 1, bytes_written,
                  STATUS_BUFFER_TOO_SMALL);
}
NTSTATUS NTAPI RtlMultiByteToUnicodeN(PWCH target, ULONG target_bytes, PULONG bytes_written, const CHAR* source,
                                      ULONG source_bytes) {
    PW_IRQL_LIMIT(RtlMultiByteToUnicodeN);
    return finish(rtl::utf8_to_utf16({source, source_bytes}, target, target_bytes / sizeof(WCHAR)), sizeof(WCHAR), bytes_written,
                  STATUS_SUCCESS);
}
NTSTATUS NTAPI RtlUnicodeToMultiByteN(PCHAR target, ULONG target_bytes, PULONG bytes_written, PCWCH source,
                                      ULONG source_bytes) {
    PW_IRQL_LIMIT(RtlUnicodeToMultiByteN);
    // Documented: STATUS_BUFFER_OVERFLOW when the text was cut.
    const rtl::Converted converted = rtl::utf16_to_utf8({source, source_bytes / sizeof(WCHAR)}, target, target_bytes);
    if (bytes_written) *bytes_written = static_cast<ULONG>(converted.units);
    return converted.complete ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
}
NTSTATUS NTAPI RtlMultiByteToUnicodeSize(PULONG bytes, const CHAR* source, ULONG source_bytes) {
    PW_IRQL_LIMIT(RtlMultiByteToUnicodeSize);
    *bytes = static_cast<ULONG>(rtl::utf8_to_utf16({source, source_bytes}, nullptr, 0).units * sizeof(WCHAR));
    return STATUS_SUCCESS;
}
NTSTATUS NTAPI RtlUnicodeToMultiByteSize(PULONG bytes, PCWCH source, ULONG source_bytes) {
    PW_IRQL_LIMIT(RtlUnicodeToMultiByteSize);
    *bytes = static_cast<ULONG>(rtl::utf16_to_utf8({source, source_bytes / sizeof(WCHAR)}, nullptr, 0).units);
    return STATUS_SUCCESS;
}
// Both sizes include the terminator.
ULONG NTAPI RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING string) {
    PW_IRQL_LIMIT(RtlxUnicodeStringToAnsiSize);
    return static_cast<ULONG>(rtl::utf16_to_utf8(view_of(string), nullptr, 0).units + 1);
}
ULONG NTAPI RtlxAnsiStringToUnicodeSize(const ANSI_STRING* string) {
    PW_IRQL_LIMIT(RtlxAnsiStringToUnicodeSize);
    return static_cast<ULONG>((rtl::utf8_to_utf16(view_of(string), nullptr, 0).units + 1) * sizeof(WCHAR));
}

}  // extern "C"
