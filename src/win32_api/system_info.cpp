// SPDX-License-Identifier: Apache-2.0
// What the system is: processors, page size, names.
#include <algorithm>
#include <cstring>

#include "platform/processor_affinity.h"
#include "platform/program.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr DWORD page_bytes = 4096;
constexpr DWORD allocation_granularity_bytes = 65536;
// Documented for 64-bit Windows: the first and the last 64 KiB of the lower half are nobody's.
constexpr std::uintptr_t lowest_address = 0x10000;
constexpr std::uintptr_t highest_address = 0x7FFFFFFEFFFF;
constexpr unsigned mask_bits = 64;

// A NetBIOS name: the first part of the machine's name, in capitals, at most 15 characters.
std::u16string computer_name() {
    std::string name = pw::platform::host_name();
    name.resize(std::min(name.find('.'), name.size()));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    std::u16string wide = widen(name);
    wide.resize(std::min<std::size_t>(wide.size(), MAX_COMPUTERNAME_LENGTH));
    return wide;
}

// *size becomes the size needed with the terminator when it is too small; else what `counts_terminator` says.
template <typename Text, typename Char>
BOOL give_name(const Text& name, Char* buffer, DWORD* size, LONG too_small, bool counts_terminator) {
    const DWORD length = static_cast<DWORD>(name.size());
    const DWORD room = buffer == nullptr ? 0 : *size;
    *size = length + 1;
    if (room <= length) return fail(too_small);
    copy_text(name, buffer, room);
    if (!counts_terminator) *size = length;
    return TRUE;
}

}  // namespace

void WINAPI GetSystemInfo(LPSYSTEM_INFO info) {
    const unsigned processors = pw::platform::online_processor_count();
    *info = SYSTEM_INFO{};
    info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    info->dwPageSize = page_bytes;
    info->lpMinimumApplicationAddress = reinterpret_cast<LPVOID>(lowest_address);
    info->lpMaximumApplicationAddress = reinterpret_cast<LPVOID>(highest_address);
    info->dwActiveProcessorMask = processors >= mask_bits ? ~DWORD_PTR{0} : (DWORD_PTR{1} << processors) - 1;
    info->dwNumberOfProcessors = std::min(processors, mask_bits);
    info->dwProcessorType = PROCESSOR_AMD_X8664;
    info->dwAllocationGranularity = allocation_granularity_bytes;
}

void WINAPI GetNativeSystemInfo(LPSYSTEM_INFO info) { GetSystemInfo(info); }

BOOL WINAPI GetComputerNameW(LPWSTR buffer, LPDWORD size) {
    return give_name(computer_name(), buffer, size, ERROR_BUFFER_OVERFLOW, false);
}
BOOL WINAPI GetComputerNameA(LPSTR buffer, LPDWORD size) {
    return give_name(narrow(computer_name()), buffer, size, ERROR_BUFFER_OVERFLOW, false);
}

BOOL WINAPI GetUserNameW(LPWSTR buffer, LPDWORD size) {
    return give_name(widen(pw::platform::user_name()), buffer, size, ERROR_INSUFFICIENT_BUFFER, true);
}
BOOL WINAPI GetUserNameA(LPSTR buffer, LPDWORD size) {
    return give_name(pw::platform::user_name(), buffer, size, ERROR_INSUFFICIENT_BUFFER, true);
}
