// SPDX-License-Identifier: Apache-2.0
// Façade: counted strings: initialise, copy, append, compare, search.
#include <nt/rtl_strings.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "kernel/rtl/letter_case.h"
#include "kernel/rtl/strings.h"
#include "wdk_api/counted_string.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::view_of;

namespace {

// The longest strings whose length and length with terminator are even and fit 16 bits.
constexpr std::size_t k_longest_unicode_bytes = 0xFFFC;
constexpr std::size_t k_longest_ansi_bytes = 0xFFFE;

rtl::Case sensitivity(BOOLEAN case_insensitive) { return case_insensitive ? rtl::Case::kInsensitive : rtl::Case::kSensitive; }

void set_unicode(PUNICODE_STRING string, PCWSTR source, std::size_t bytes) {
    string->Buffer = const_cast<PWSTR>(source);
    string->Length = static_cast<USHORT>(bytes);
    string->MaximumLength = static_cast<USHORT>(source ? bytes + sizeof(WCHAR) : 0);
}

void set_ansi(PSTRING string, PCSZ source, std::size_t bytes) {
    string->Buffer = const_cast<PCHAR>(source);
    string->Length = static_cast<USHORT>(bytes);
    string->MaximumLength = static_cast<USHORT>(source ? bytes + 1 : 0);
}

std::size_t bytes_of(PCWSTR text) { return text ? std::char_traits<char16_t>::length(text) * sizeof(WCHAR) : 0; }
std::size_t bytes_of(PCSZ text) { return text ? std::strlen(text) : 0; }

// Appends whole units; terminates when there is room. STATUS_BUFFER_TOO_SMALL leaves the destination as it is.
template <typename String, typename Unit>
NTSTATUS append(String* destination, const Unit* source, std::size_t bytes) {
    if (destination->Length + bytes > destination->MaximumLength) return STATUS_BUFFER_TOO_SMALL;
    char* end = reinterpret_cast<char*>(destination->Buffer) + destination->Length;
    std::memmove(end, source, bytes);
    destination->Length = static_cast<USHORT>(destination->Length + bytes);
    if (destination->Length + sizeof(Unit) <= destination->MaximumLength) std::memset(end + bytes, 0, sizeof(Unit));
    return STATUS_SUCCESS;
}

template <typename String>
void copy_truncating(String* destination, const String* source) {
    using Unit = std::remove_pointer_t<decltype(destination->Buffer)>;
    destination->Length = 0;
    if (!source) return;
    const std::size_t room = destination->MaximumLength / sizeof(Unit) * sizeof(Unit);
    static_cast<void>(append(destination, source->Buffer, std::min<std::size_t>(source->Length, room)));
}

template <char16_t (*Map)(char16_t)>
NTSTATUS map_case(PUNICODE_STRING destination, PCUNICODE_STRING source, BOOLEAN allocate) {
    const NTSTATUS status = wdk::prepare_destination(destination, source->Length, allocate);
    if (!NT_SUCCESS(status)) return status;
    std::transform(source->Buffer, source->Buffer + source->Length / sizeof(WCHAR), destination->Buffer, Map);
    destination->Length = source->Length;
    return STATUS_SUCCESS;
}

}  // namespace

extern "C" {

void NTAPI RtlInitUnicodeString(PUNICODE_STRING destination, PCWSTR source) {
    PW_IRQL_LIMIT(RtlInitUnicodeString);
    set_unicode(destination, source, std::min(bytes_of(source), k_longest_unicode_bytes));
}
void NTAPI RtlInitString(PSTRING destination, PCSZ source) {
    PW_IRQL_LIMIT(RtlInitString);
    set_ansi(destination, source, std::min(bytes_of(source), k_longest_ansi_bytes));
}
void NTAPI RtlInitAnsiString(PANSI_STRING destination, PCSZ source) {
    PW_IRQL_LIMIT(RtlInitAnsiString);
    RtlInitString(destination, source);
}
void NTAPI RtlInitUTF8String(PUTF8_STRING destination, PCSZ source) {
    PW_IRQL_LIMIT(RtlInitUTF8String);
    RtlInitString(destination, source);
}

NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING destination, PCWSTR source) {
    PW_IRQL_LIMIT(RtlInitUnicodeStringEx);
    const std::size_t bytes = bytes_of(source);
    if (bytes > k_longest_unicode_bytes) return STATUS_NAME_TOO_LONG;
    set_unicode(destination, source, bytes);
    return STATUS_SUCCESS;
}
NTSTATUS NTAPI RtlInitStringEx(PSTRING destination, PCSZ source) {
    PW_IRQL_LIMIT(RtlInitStringEx);
    const std::size_t bytes = bytes_of(source);
    if (bytes > k_longest_ansi_bytes) return STATUS_NAME_TOO_LONG;
    set_ansi(destination, source, bytes);
    return STATUS_SUCCESS;
}
NTSTATUS NTAPI RtlInitAnsiStringEx(PANSI_STRING destination, PCSZ source) {
    PW_IRQL_LIMIT(RtlInitAnsiStringEx);
    return RtlInitStringEx(destination, source);
}

BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING destination, PCWSTR source) {
    PW_IRQL_LIMIT(RtlCreateUnicodeString);
    const std::size_t bytes = bytes_of(source);
    if (bytes > k_longest_unicode_bytes || !NT_SUCCESS(wdk::prepare_destination(destination, bytes + sizeof(WCHAR), TRUE))) {
        return FALSE;
    }
    std::memcpy(destination->Buffer, source, bytes + sizeof(WCHAR));
    destination->Length = static_cast<USHORT>(bytes);
    return TRUE;
}

void NTAPI RtlFreeUnicodeString(PUNICODE_STRING string) {
    PW_IRQL_LIMIT(RtlFreeUnicodeString);
    wdk::free_string(string);
}
void NTAPI RtlFreeAnsiString(PANSI_STRING string) {
    PW_IRQL_LIMIT(RtlFreeAnsiString);
    wdk::free_string(string);
}
void NTAPI RtlFreeOemString(POEM_STRING string) {
    PW_IRQL_LIMIT(RtlFreeOemString);
    wdk::free_string(string);
}
void NTAPI RtlFreeUTF8String(PUTF8_STRING string) {
    PW_IRQL_LIMIT(RtlFreeUTF8String);
    wdk::free_string(string);
}

NTSTATUS NTAPI RtlValidateUnicodeString(ULONG flags, PCUNICODE_STRING string) {
    if (flags != 0) return STATUS_INVALID_PARAMETER;
    if (!string) return STATUS_SUCCESS;
    const bool valid = string->Length % sizeof(WCHAR) == 0 && string->MaximumLength % sizeof(WCHAR) == 0 &&
                       string->Length <= string->MaximumLength && (string->Buffer || string->MaximumLength == 0);
    return valid ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS NTAPI RtlDuplicateUnicodeString(ULONG flags, PCUNICODE_STRING in, PUNICODE_STRING out) {
    PW_IRQL_LIMIT(RtlDuplicateUnicodeString);
    const bool terminate = (flags & RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE) != 0;
    const bool allocate_empty = (flags & RTL_DUPLICATE_UNICODE_STRING_ALLOCATE_NULL_STRING) != 0;
    if (!NT_SUCCESS(RtlValidateUnicodeString(0, in)) || !out || flags > 3 || (allocate_empty && !terminate)) {
        return STATUS_INVALID_PARAMETER;
    }
    const std::u16string_view text = view_of(in);
    const std::size_t bytes = text.size() * sizeof(WCHAR) + (terminate ? sizeof(WCHAR) : 0);
    if (bytes > 0xFFFF) return STATUS_NAME_TOO_LONG;
    *out = {};
    if (text.empty() && !allocate_empty) return STATUS_SUCCESS;
    const NTSTATUS status = wdk::prepare_destination(out, bytes, TRUE);
    if (!NT_SUCCESS(status)) return status;
    return append(out, text.data(), text.size() * sizeof(WCHAR));
}

void NTAPI RtlCopyString(PSTRING destination, const STRING* source) {
    PW_IRQL_LIMIT(RtlCopyString);
    copy_truncating(destination, source);
}
void NTAPI RtlCopyUnicodeString(PUNICODE_STRING destination, PCUNICODE_STRING source) {
    PW_IRQL_LIMIT(RtlCopyUnicodeString);
    copy_truncating(destination, source);
}

NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING destination, PCUNICODE_STRING source) {
    PW_IRQL_LIMIT(RtlAppendUnicodeStringToString);
    return append(destination, source->Buffer, source->Length);
}
NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING destination, PCWSTR source) {
    PW_IRQL_LIMIT(RtlAppendUnicodeToString);
    return append(destination, source, bytes_of(source));
}
NTSTATUS NTAPI RtlAppendStringToString(PSTRING destination, const STRING* source) {
    PW_IRQL_LIMIT(RtlAppendStringToString);
    return append(destination, source->Buffer, source->Length);
}
NTSTATUS NTAPI RtlAppendAsciizToString(PSTRING destination, PCSZ source) {
    PW_IRQL_LIMIT(RtlAppendAsciizToString);
    return append(destination, source, bytes_of(source));
}

LONG NTAPI RtlCompareString(const STRING* a, const STRING* b, BOOLEAN case_insensitive) {
    PW_IRQL_LIMIT(RtlCompareString);
    return rtl::compare(view_of(a), view_of(b), sensitivity(case_insensitive));
}
LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN case_insensitive) {
    PW_IRQL_LIMIT(RtlCompareUnicodeString);
    return rtl::compare(view_of(a), view_of(b), sensitivity(case_insensitive));
}
LONG NTAPI RtlCompareUnicodeStrings(PCWCH a, SIZE_T a_units, PCWCH b, SIZE_T b_units, BOOLEAN case_insensitive) {
    return rtl::compare({a, a_units}, {b, b_units}, sensitivity(case_insensitive));
}
BOOLEAN NTAPI RtlEqualString(const STRING* a, const STRING* b, BOOLEAN case_insensitive) {
    PW_IRQL_LIMIT(RtlEqualString);
    return rtl::compare(view_of(a), view_of(b), sensitivity(case_insensitive)) == 0;
}
BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN case_insensitive) {
    PW_IRQL_LIMIT(RtlEqualUnicodeString);
    return rtl::equal(view_of(a), view_of(b), sensitivity(case_insensitive));
}
BOOLEAN NTAPI RtlPrefixString(const STRING* prefix, const STRING* text, BOOLEAN case_insensitive) {
    PW_IRQL_LIMIT(RtlPrefixString);
    return rtl::is_prefix(view_of(prefix), view_of(text), sensitivity(case_insensitive));
}
BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING prefix, PCUNICODE_STRING text, BOOLEAN case_insensitive) {
    PW_IRQL_LIMIT(RtlPrefixUnicodeString);
    return rtl::is_prefix(view_of(prefix), view_of(text), sensitivity(case_insensitive));
}
BOOLEAN NTAPI RtlSuffixUnicodeString(PCUNICODE_STRING suffix, PCUNICODE_STRING text, BOOLEAN case_insensitive) {
    PW_IRQL_LIMIT(RtlSuffixUnicodeString);
    return rtl::is_suffix(view_of(suffix), view_of(text), sensitivity(case_insensitive));
}

NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING string, BOOLEAN case_insensitive, ULONG algorithm, PULONG hash) {
    PW_IRQL_LIMIT(RtlHashUnicodeString);
    if (!string || !hash || algorithm > HASH_STRING_ALGORITHM_X65599) return STATUS_INVALID_PARAMETER;
    *hash = rtl::hash_x65599(view_of(string), sensitivity(case_insensitive));
    return STATUS_SUCCESS;
}

// The first unit that is in the set, or (COMPLEMENT) not in it. *position, in bytes: what stands before the unit and the unit
// itself when looked for from the start; what stands before it when looked for from the end.
NTSTATUS NTAPI RtlFindCharInUnicodeString(ULONG flags, PCUNICODE_STRING string, PCUNICODE_STRING set, USHORT* position) {
    PW_IRQL_LIMIT(RtlFindCharInUnicodeString);
    *position = 0;
    constexpr ULONG known = RTL_FIND_CHAR_IN_UNICODE_STRING_START_AT_END | RTL_FIND_CHAR_IN_UNICODE_STRING_COMPLEMENT_CHAR_SET |
                            RTL_FIND_CHAR_IN_UNICODE_STRING_CASE_INSENSITIVE;
    if (flags & ~known) return STATUS_INVALID_PARAMETER;
    const bool from_end = (flags & RTL_FIND_CHAR_IN_UNICODE_STRING_START_AT_END) != 0;
    const auto found = rtl::find_unit(view_of(string), view_of(set),
                                      {.from_end = from_end,
                                       .outside = (flags & RTL_FIND_CHAR_IN_UNICODE_STRING_COMPLEMENT_CHAR_SET) != 0,
                                       .sensitivity = sensitivity((flags & RTL_FIND_CHAR_IN_UNICODE_STRING_CASE_INSENSITIVE) != 0)});
    if (!found) return STATUS_NOT_FOUND;
    *position = static_cast<USHORT>((*found + (from_end ? 0 : 1)) * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR c) {
    PW_IRQL_LIMIT(RtlUpcaseUnicodeChar);
    return rtl::upcase(c);
}
WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR c) {
    PW_IRQL_LIMIT(RtlDowncaseUnicodeChar);
    return rtl::downcase(c);
}
CHAR NTAPI RtlUpperChar(CHAR c) {
    PW_IRQL_LIMIT(RtlUpperChar);
    return rtl::upcase_byte(c);
}

void NTAPI RtlUpperString(PSTRING destination, const STRING* source) {
    PW_IRQL_LIMIT(RtlUpperString);
    const std::size_t bytes = std::min(source->Length, destination->MaximumLength);
    std::transform(source->Buffer, source->Buffer + bytes, destination->Buffer, rtl::upcase_byte);
    destination->Length = static_cast<USHORT>(bytes);
}

NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING destination, PCUNICODE_STRING source, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlUpcaseUnicodeString);
    return map_case<rtl::upcase>(destination, source, allocate);
}
NTSTATUS NTAPI RtlDowncaseUnicodeString(PUNICODE_STRING destination, PCUNICODE_STRING source, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlDowncaseUnicodeString);
    return map_case<rtl::downcase>(destination, source, allocate);
}

}  // extern "C"
