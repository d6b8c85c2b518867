// SPDX-License-Identifier: Apache-2.0
// QueueUserAPC, and the reads and writes that end in a completion routine.
#include "win32_api/host_handles.h"
#include "win32_api/host_io.h"
#include "win32_api/user_apc.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// How the kernel tells of the end of a ReadFileEx: the APC's context is the application's routine.
void NTAPI call_completion_routine(PVOID context, PIO_STATUS_BLOCK block, ULONG) {
    const auto routine = reinterpret_cast<LPOVERLAPPED_COMPLETION_ROUTINE>(context);
    const NTSTATUS status = block->Status;
    const DWORD transferred = NT_ERROR(status) ? 0 : static_cast<DWORD>(block->Information);
    routine(RtlNtStatusToDosError(status), transferred, reinterpret_cast<LPOVERLAPPED>(block));
}

using TransferCall = decltype(&NtReadFile);

BOOL transfer(TransferCall call, HANDLE file, PVOID buffer, DWORD length_bytes, LPOVERLAPPED overlapped,
              LPOVERLAPPED_COMPLETION_ROUTINE routine) {
    LARGE_INTEGER offset;
    offset.QuadPart = static_cast<LONGLONG>(static_cast<ULONGLONG>(overlapped->OffsetHigh) << 32 | overlapped->Offset);
    overlapped->Internal = STATUS_PENDING;
    // "The ReadFileEx function ignores the OVERLAPPED structure's hEvent member."
    const NTSTATUS status = call(file, nullptr, call_completion_routine, reinterpret_cast<PVOID>(routine),
                                 reinterpret_cast<IO_STATUS_BLOCK*>(overlapped), buffer, length_bytes, &offset, nullptr);
    // "Some errors cause the function to return nonzero": warnings come with their data.
    set_last_status(status == STATUS_PENDING ? STATUS_SUCCESS : status);
    return NT_ERROR(status) ? FALSE : TRUE;
}

// The machine's files complete at once; the routine still waits for an alertable wait.
BOOL finish_host(BOOL done, LPOVERLAPPED overlapped, LPOVERLAPPED_COMPLETION_ROUTINE routine) {
    if (!done) return FALSE;
    return bool_of(queue_io_apc(call_completion_routine, reinterpret_cast<PVOID>(routine),
                                reinterpret_cast<IO_STATUS_BLOCK*>(overlapped)));
}

}  // namespace

DWORD WINAPI QueueUserAPC(PAPCFUNC routine, HANDLE thread, ULONG_PTR data) {
    return bool_of(queue_function_apc(thread, routine, data)) ? 1 : 0;
}

BOOL WINAPI ReadFileEx(HANDLE file, LPVOID buffer, DWORD length_bytes, LPOVERLAPPED overlapped,
                       LPOVERLAPPED_COMPLETION_ROUTINE routine) {
    if (routine == nullptr || overlapped == nullptr) return fail(ERROR_INVALID_PARAMETER);
    if (const auto host = HostHandles::instance().find(file)) {
        return finish_host(read_host_ex(*host, buffer, length_bytes, overlapped), overlapped, routine);
    }
    return transfer(NtReadFile, file, buffer, length_bytes, overlapped, routine);
}

BOOL WINAPI WriteFileEx(HANDLE file, LPCVOID buffer, DWORD length_bytes, LPOVERLAPPED overlapped,
                        LPOVERLAPPED_COMPLETION_ROUTINE routine) {
    if (routine == nullptr || overlapped == nullptr) return fail(ERROR_INVALID_PARAMETER);
    if (const auto host = HostHandles::instance().find(file)) {
        return finish_host(write_host_ex(*host, buffer, length_bytes, overlapped), overlapped, routine);
    }
    return transfer(NtWriteFile, file, const_cast<LPVOID>(buffer), length_bytes, overlapped, routine);
}
