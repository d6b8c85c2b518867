// SPDX-License-Identifier: Apache-2.0
// Façade: integers and GUIDs to text and back, random numbers.
#include <nt/rtl.h>

#include <cstring>

#include "kernel/rtl/guid_text.h"
#include "kernel/rtl/numbers.h"
#include "wdk_api/counted_string.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::view_of;

namespace {

NTSTATUS put_integer(ULONGLONG value, ULONG base, PUNICODE_STRING string) {
    char16_t digits[rtl::k_longest_integer];
    const auto count = rtl::print_integer(value, base, digits);
    if (!count.is_ok()) return count.status().code();
    const std::size_t bytes = count.value() * sizeof(WCHAR);
    if (bytes > string->MaximumLength) return STATUS_BUFFER_OVERFLOW;
    std::memcpy(string->Buffer, digits, bytes);
    string->Length = static_cast<USHORT>(bytes);
    if (bytes + sizeof(WCHAR) <= string->MaximumLength) string->Buffer[count.value()] = 0;
    return STATUS_SUCCESS;
}

}  // namespace

extern "C" {

NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING string, ULONG base, PULONG value) {
    PW_IRQL_LIMIT(RtlUnicodeStringToInteger);
    const auto parsed = rtl::parse_integer(view_of(string), base);
    if (!parsed.is_ok()) return parsed.status().code();
    *value = static_cast<ULONG>(parsed.value().value);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUnicodeStringToInt64(PCUNICODE_STRING string, ULONG base, PLONG64 number, PWSTR* end) {
    PW_IRQL_LIMIT(RtlUnicodeStringToInt64);
    const auto parsed = rtl::parse_integer(view_of(string), base);
    if (!parsed.is_ok()) return parsed.status().code();
    *number = static_cast<LONG64>(parsed.value().value);
    if (end) *end = string->Buffer + parsed.value().consumed;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlCharToInteger(PCSZ string, ULONG base, PULONG value) {
    const auto parsed = rtl::parse_integer(std::string_view(string), base);
    if (!parsed.is_ok()) return parsed.status().code();
    *value = static_cast<ULONG>(parsed.value().value);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG value, ULONG base, PUNICODE_STRING string) {
    PW_IRQL_LIMIT(RtlIntegerToUnicodeString);
    return put_integer(value, base, string);
}
NTSTATUS NTAPI RtlInt64ToUnicodeString(ULONGLONG value, ULONG base, PUNICODE_STRING string) {
    PW_IRQL_LIMIT(RtlInt64ToUnicodeString);
    return put_integer(value, base, string);
}

NTSTATUS NTAPI RtlStringFromGUID(REFGUID guid, PUNICODE_STRING string) {
    PW_IRQL_LIMIT(RtlStringFromGUID);
    const NTSTATUS status = wdk::prepare_destination(string, (rtl::k_guid_text_units + 1) * sizeof(WCHAR), TRUE);
    if (!NT_SUCCESS(status)) return status;
    rtl::print_guid(guid, string->Buffer);
    string->Buffer[rtl::k_guid_text_units] = 0;
    string->Length = rtl::k_guid_text_units * sizeof(WCHAR);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGUIDFromString(PCUNICODE_STRING string, GUID* guid) {
    PW_IRQL_LIMIT(RtlGUIDFromString);
    const auto parsed = rtl::parse_guid(view_of(string));
    if (!parsed) return STATUS_INVALID_PARAMETER;
    *guid = *parsed;
    return STATUS_SUCCESS;
}

// The documented generator of D. H. Lehmer: uniform over 0 … MAXLONG - 1, the seed is the last answer.
ULONG NTAPI RtlUniform(PULONG seed) {
    *seed = static_cast<ULONG>((0x7FFFFFEDull * *seed + 0x7FFFFFC3ull) % 0x7FFFFFFFull);
    return *seed;
}
ULONG NTAPI RtlRandom(PULONG seed) { return RtlUniform(seed); }
ULONG NTAPI RtlRandomEx(PULONG seed) { return RtlUniform(seed); }

}  // extern "C"
