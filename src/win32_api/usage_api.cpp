// SPDX-License-Identifier: Apache-2.0
// What the machine, a process and a thread use: processor time and memory.
#include "platform/memory_figures.h"
#include "platform/process_identity.h"
#include "platform/processor_time.h"
#include "win32/psapi.h"
#include "win32_api/file_facts.h"
#include "win32_api/os_thread.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// A span of time, in 100 ns.
FILETIME span(std::int64_t ns) {
    const std::int64_t units = ns / 100;
    return {static_cast<DWORD>(units), static_cast<DWORD>(units >> 32)};
}

// A time of exit that has not come is documented as undefined: zero here.
void store_times(const pw::platform::TaskTimes& times, LPFILETIME creation, LPFILETIME exit, LPFILETIME kernel, LPFILETIME user) {
    *creation = file_time(times.started_ns);
    *exit = {};
    *kernel = span(times.kernel_ns);
    *user = span(times.user_ns);
}

// The machine's number of a process, 0 with the last error set.
DWORD number_of(HANDLE process) { return process == NtCurrentProcess() ? pw::platform::process_id() : GetProcessId(process); }

}  // namespace

BOOL WINAPI GetProcessTimes(HANDLE process, LPFILETIME creation, LPFILETIME exit, LPFILETIME kernel, LPFILETIME user) {
    const DWORD number = number_of(process);
    if (number == 0) return FALSE;
    const auto times = pw::platform::process_times(number);
    if (!times) return fail(ERROR_ACCESS_DENIED);
    store_times(*times, creation, exit, kernel, user);
    return TRUE;
}

BOOL WINAPI GetThreadTimes(HANDLE thread, LPFILETIME creation, LPFILETIME exit, LPFILETIME kernel, LPFILETIME user) {
    const std::uint32_t os_thread = os_thread_of(thread);
    if (os_thread == 0) return FALSE;
    const auto times = pw::platform::thread_times(os_thread);
    if (!times) return fail(ERROR_ACCESS_DENIED);
    store_times(*times, creation, exit, kernel, user);
    return TRUE;
}

// "lpKernelTime: this time value also includes the amount of time the system has been idle."
BOOL WINAPI GetSystemTimes(PFILETIME idle, PFILETIME kernel, PFILETIME user) {
    const auto times = pw::platform::machine_times();
    if (!times) return fail(ERROR_ACCESS_DENIED);
    if (idle != nullptr) *idle = span(times->idle_ns);
    if (kernel != nullptr) *kernel = span(times->kernel_ns + times->idle_ns);
    if (user != nullptr) *user = span(times->user_ns);
    return TRUE;
}

// "PageFile" is what can be committed: memory and swap.
BOOL WINAPI GlobalMemoryStatusEx(LPMEMORYSTATUSEX status) {
    constexpr DWORDLONG user_space_bytes = 0x7FFFFFFE0000;
    if (status->dwLength != sizeof(MEMORYSTATUSEX)) return fail(ERROR_INVALID_PARAMETER);
    const auto machine = pw::platform::machine_memory();
    const auto own = pw::platform::process_memory_of(pw::platform::process_id());
    if (!machine || machine->total_bytes == 0 || !own) return fail(ERROR_ACCESS_DENIED);
    status->dwMemoryLoad = static_cast<DWORD>((machine->total_bytes - machine->available_bytes) * 100 / machine->total_bytes);
    status->ullTotalPhys = machine->total_bytes;
    status->ullAvailPhys = machine->available_bytes;
    status->ullTotalPageFile = machine->total_bytes + machine->swap_total_bytes;
    status->ullAvailPageFile = machine->available_bytes + machine->swap_free_bytes;
    status->ullTotalVirtual = user_space_bytes;
    status->ullAvailVirtual = user_space_bytes - (own->virtual_bytes < user_space_bytes ? own->virtual_bytes : user_space_bytes);
    status->ullAvailExtendedVirtual = 0;
    return TRUE;
}

// Pools are the kernel's own: zero. Peaks of commitment are not kept: they are what is committed now.
BOOL WINAPI K32GetProcessMemoryInfo(HANDLE process, PPROCESS_MEMORY_COUNTERS counters, DWORD size_bytes) {
    if (size_bytes < sizeof(PROCESS_MEMORY_COUNTERS)) return fail(ERROR_INSUFFICIENT_BUFFER);
    const DWORD number = number_of(process);
    if (number == 0) return FALSE;
    const auto memory = pw::platform::process_memory_of(number);
    if (!memory) return fail(ERROR_ACCESS_DENIED);
    const bool is_extended = size_bytes >= sizeof(PROCESS_MEMORY_COUNTERS_EX);
    *counters = {};
    counters->cb = static_cast<DWORD>(is_extended ? sizeof(PROCESS_MEMORY_COUNTERS_EX) : sizeof(PROCESS_MEMORY_COUNTERS));
    counters->PageFaultCount = static_cast<DWORD>(memory->page_faults);
    counters->PeakWorkingSetSize = memory->peak_resident_bytes;
    counters->WorkingSetSize = memory->resident_bytes;
    counters->PagefileUsage = memory->private_bytes;
    counters->PeakPagefileUsage = memory->private_bytes;
    if (is_extended) reinterpret_cast<PPROCESS_MEMORY_COUNTERS_EX>(counters)->PrivateUsage = memory->private_bytes;
    return TRUE;
}
