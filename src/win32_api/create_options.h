// SPDX-License-Identifier: Apache-2.0
// How CreateFile's dispositions, flags and attributes become NtCreateFile's.
#pragma once

#include <optional>

#include "win32/winbase.h"

namespace pw::win32 {

// Nothing: it is none of the five.
constexpr std::optional<ULONG> native_disposition(DWORD disposition) {
    switch (disposition) {
        case CREATE_NEW: return FILE_CREATE;
        case CREATE_ALWAYS: return FILE_OVERWRITE_IF;
        case OPEN_EXISTING: return FILE_OPEN;
        case OPEN_ALWAYS: return FILE_OPEN_IF;
        case TRUNCATE_EXISTING: return FILE_OVERWRITE;
        default: return std::nullopt;
    }
}

constexpr ULONG native_create_options(DWORD flags) {
    struct Pair {
        DWORD flag;
        ULONG option;
    };
    constexpr Pair pairs[] = {
        {FILE_FLAG_WRITE_THROUGH, FILE_WRITE_THROUGH},
        {FILE_FLAG_NO_BUFFERING, FILE_NO_INTERMEDIATE_BUFFERING},
        {FILE_FLAG_RANDOM_ACCESS, FILE_RANDOM_ACCESS},
        {FILE_FLAG_SEQUENTIAL_SCAN, FILE_SEQUENTIAL_ONLY},
        {FILE_FLAG_DELETE_ON_CLOSE, FILE_DELETE_ON_CLOSE},
        {FILE_FLAG_BACKUP_SEMANTICS, FILE_OPEN_FOR_BACKUP_INTENT},
        {FILE_FLAG_OPEN_REPARSE_POINT, FILE_OPEN_REPARSE_POINT},
    };
    ULONG options = 0;
    for (const Pair& pair : pairs) {
        if ((flags & pair.flag) != 0) options |= pair.option;
    }
    // FILE_FLAG_OPEN_NO_RECALL and SECURITY_SQOS_PRESENT are one bit: with the latter the flags carry a quality of service.
    if ((flags & FILE_FLAG_OVERLAPPED) == 0) options |= FILE_SYNCHRONOUS_IO_NONALERT;
    // Directories open with backup semantics only.
    if ((flags & FILE_FLAG_BACKUP_SEMANTICS) == 0) options |= FILE_NON_DIRECTORY_FILE;
    return options;
}

// Every handle of CreateFile can be waited on and asked for its attributes.
constexpr ACCESS_MASK native_file_access(DWORD access, DWORD flags) {
    return access | SYNCHRONIZE | FILE_READ_ATTRIBUTES | ((flags & FILE_FLAG_DELETE_ON_CLOSE) != 0 ? PW_ACCESS_DELETE : 0u);
}

constexpr ULONG native_file_attributes(DWORD flags) {
    return flags & (FILE_ATTRIBUTE_VALID_FLAGS & ~static_cast<DWORD>(FILE_ATTRIBUTE_DIRECTORY));
}

}  // namespace pw::win32
