// SPDX-License-Identifier: Apache-2.0
// ReadProcessMemory and WriteProcessMemory.
#include "win32_api/win32_result.h"

using namespace pw::win32;

BOOL WINAPI ReadProcessMemory(HANDLE process, LPCVOID base, LPVOID buffer, SIZE_T size_bytes, SIZE_T* read_bytes) {
    return bool_of(NtReadVirtualMemory(process, const_cast<PVOID>(base), buffer, size_bytes, read_bytes));
}

BOOL WINAPI WriteProcessMemory(HANDLE process, LPVOID base, LPCVOID buffer, SIZE_T size_bytes, SIZE_T* written_bytes) {
    return bool_of(NtWriteVirtualMemory(process, base, const_cast<PVOID>(buffer), size_bytes, written_bytes));
}
