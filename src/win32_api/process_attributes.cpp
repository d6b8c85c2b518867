// SPDX-License-Identifier: Apache-2.0
// InitializeProcThreadAttributeList, UpdateProcThreadAttribute, DeleteProcThreadAttributeList.
#include "win32_api/process_attributes.h"

#include "win32_api/win32_result.h"

using namespace pw::win32;

BOOL WINAPI InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD count, DWORD flags, PSIZE_T bytes) {
    constexpr DWORD most_attributes = 32;
    if (flags != 0 || bytes == nullptr || count > most_attributes) return fail(ERROR_INVALID_PARAMETER);
    const SIZE_T needed = _PROC_THREAD_ATTRIBUTE_LIST::bytes_for(count);
    const bool fits = list != nullptr && *bytes >= needed;
    *bytes = needed;
    if (!fits) return fail(ERROR_INSUFFICIENT_BUFFER);
    list->magic = _PROC_THREAD_ATTRIBUTE_LIST::valid;
    list->capacity = count;
    list->count = 0;
    list->reserved = 0;
    return TRUE;
}

// Attributes other than the list of handles have no meaning here (another parent, processors, security of the new process) and
// are refused instead of forgotten.
BOOL WINAPI UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD flags, DWORD_PTR attribute, PVOID value,
                                      SIZE_T bytes, PVOID previous_value, PSIZE_T return_bytes) {
    if (list == nullptr || list->magic != _PROC_THREAD_ATTRIBUTE_LIST::valid || flags != 0 || previous_value != nullptr ||
        return_bytes != nullptr) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    if (attribute != PROC_THREAD_ATTRIBUTE_HANDLE_LIST) return fail(ERROR_NOT_SUPPORTED);
    if (value == nullptr || bytes == 0 || bytes % sizeof(HANDLE) != 0) return fail(ERROR_BAD_LENGTH);
    if (list->find(attribute) != nullptr) return fail(ERROR_OBJECT_NAME_EXISTS);
    if (list->count == list->capacity) return fail(ERROR_GEN_FAILURE);
    list->entries[list->count++] = {attribute, value, bytes};
    return TRUE;
}

void WINAPI DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list) { list->magic = 0; }
