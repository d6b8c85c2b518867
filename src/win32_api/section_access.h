// SPDX-License-Identifier: Apache-2.0
// How the arguments of the file-mapping functions become rights and protections of a section.
#pragma once

#include "win32/winbase.h"

namespace pw::win32 {

// CreateFileMapping's flProtect carries page protection and section attributes.
struct SectionProtection {
    ULONG page_protection = 0;
    ULONG attributes = 0;
};
// SEC_COMMIT is the default.
constexpr SectionProtection section_protection(DWORD protect) {
    constexpr DWORD attribute_bits = SEC_FILE | SEC_IMAGE | SEC_RESERVE | SEC_COMMIT | SEC_NOCACHE | SEC_WRITECOMBINE |
                                     SEC_LARGE_PAGES | SEC_PROTECTED_IMAGE;
    const DWORD attributes = protect & attribute_bits;
    return {protect & ~attribute_bits, attributes == 0 ? SEC_COMMIT : attributes};
}

// What the new mapping's handle may do: a mapping that was created for reading cannot be mapped for writing.
constexpr ACCESS_MASK section_access(ULONG page_protection) {
    ACCESS_MASK access = STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ;
    if (page_protection == PAGE_READWRITE || page_protection == PAGE_EXECUTE_READWRITE) access |= SECTION_MAP_WRITE;
    if ((page_protection & (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY)) != 0) {
        access |= SECTION_MAP_EXECUTE;
    }
    return access;
}

// The rights that OpenFileMapping asks for. FILE_MAP_EXECUTE is a bit of its own, because FILE_MAP_ALL_ACCESS shall not
// mean execution; FILE_MAP_COPY only reads the section.
constexpr ACCESS_MASK open_section_access(DWORD desired_access) {
    if (desired_access == FILE_MAP_COPY) return SECTION_MAP_READ;
    ACCESS_MASK access = desired_access;
    if ((desired_access & FILE_MAP_EXECUTE) != 0) {
        access = (access & ~static_cast<ACCESS_MASK>(FILE_MAP_EXECUTE)) | SECTION_MAP_EXECUTE;
    }
    return access;
}

// The protection of a view that MapViewOfFile's dwDesiredAccess means. PAGE_NOACCESS: no view has it.
constexpr ULONG view_protection(DWORD desired_access) {
    const bool execute = (desired_access & FILE_MAP_EXECUTE) != 0;
    const DWORD access = desired_access & (FILE_MAP_COPY | FILE_MAP_WRITE | FILE_MAP_READ);
    if (access == FILE_MAP_COPY) return execute ? PAGE_EXECUTE_WRITECOPY : PAGE_WRITECOPY;
    if ((access & FILE_MAP_WRITE) != 0) return execute ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
    if ((access & FILE_MAP_READ) != 0) return execute ? PAGE_EXECUTE_READ : PAGE_READONLY;
    return PAGE_NOACCESS;
}

// Allocation type of a view: FILE_MAP_RESERVE and FILE_MAP_LARGE_PAGES are the same bits' meaning elsewhere.
constexpr ULONG view_allocation_type(DWORD desired_access) {
    return ((desired_access & FILE_MAP_RESERVE) != 0 ? MEM_RESERVE : 0u) |
           ((desired_access & FILE_MAP_LARGE_PAGES) != 0 ? MEM_LARGE_PAGES : 0u);
}

}  // namespace pw::win32
