// SPDX-License-Identifier: Apache-2.0
// Drives: Z: is the machine's file system, C: a folder of the user's; both are fixed disks.
#include "platform/drive_folder.h"
#include "platform/host_folder.h"
#include "win32_api/dos_path.h"
#include "win32_api/file_facts.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr DWORD drive_bit(char16_t letter) { return 1u << (letter - u'A'); }

// The space of the disk that a folder lies on; without a name of the one with the current directory.
pw::Result<pw::platform::DiskSpace> space_of(LPCWSTR folder) {
    const std::u16string path = folder == nullptr ? current_windows_directory() : std::u16string(folder);
    const auto host = resolve_path(path).host;
    if (!host) return STATUS_OBJECT_PATH_NOT_FOUND;
    return pw::platform::disk_space(*host);
}

void store(PULARGE_INTEGER target, std::uint64_t value) {
    if (target != nullptr) target->QuadPart = value;
}

DWORD at_most_32_bits(std::uint64_t value) { return value > 0xFFFFFFFFu ? 0xFFFFFFFFu : static_cast<DWORD>(value); }

std::u16string drive_strings() {
    std::u16string roots;
    for (char16_t letter = u'A'; letter <= u'Z'; ++letter) {
        if ((GetLogicalDrives() & drive_bit(letter)) != 0) roots.append({letter, u':', u'\\', u'\0'});
    }
    return roots;
}

}  // namespace

DWORD WINAPI GetLogicalDrives(void) {
    return drive_bit(u'Z') | (pw::platform::drive_c_folder().empty() ? 0u : drive_bit(u'C'));
}

// The list ends with a second terminator, which the length does not count.
DWORD WINAPI GetLogicalDriveStringsW(DWORD size, LPWSTR buffer) { return copy_text(drive_strings(), buffer, size); }
DWORD WINAPI GetLogicalDriveStringsA(DWORD size, LPSTR buffer) { return copy_text(narrow(drive_strings()), buffer, size); }

UINT WINAPI GetDriveTypeW(LPCWSTR root) {
    if (root == nullptr) return DRIVE_FIXED;  // of the current directory, which is on one of ours
    const std::u16string path = full_path(root, current_windows_directory());
    const bool is_root = path.size() == 3 && path[1] == u':' && path[2] == u'\\';
    if (!is_root) return DRIVE_NO_ROOT_DIR;
    const auto letter = static_cast<char16_t>(path[0] & ~0x20);
    const bool exists = letter >= u'A' && letter <= u'Z' && (GetLogicalDrives() & drive_bit(letter)) != 0;
    return exists ? DRIVE_FIXED : DRIVE_NO_ROOT_DIR;
}

UINT WINAPI GetDriveTypeA(LPCSTR root) { return GetDriveTypeW(WideArgument(root)); }

BOOL WINAPI GetDiskFreeSpaceExW(LPCWSTR folder, PULARGE_INTEGER usable, PULARGE_INTEGER total, PULARGE_INTEGER free) {
    const auto space = space_of(folder);
    if (!space) return bool_of(space.status().code());
    store(usable, space.value().usable_blocks * space.value().block_bytes);
    store(total, space.value().total_blocks * space.value().block_bytes);
    store(free, space.value().free_blocks * space.value().block_bytes);
    return TRUE;
}

BOOL WINAPI GetDiskFreeSpaceExA(LPCSTR folder, PULARGE_INTEGER usable, PULARGE_INTEGER total, PULARGE_INTEGER free) {
    return GetDiskFreeSpaceExW(WideArgument(folder), usable, total, free);
}

// Sectors of 512 bytes; a cluster is a block of the machine's file system.
BOOL WINAPI GetDiskFreeSpaceW(LPCWSTR root, LPDWORD sectors_per_cluster, LPDWORD bytes_per_sector, LPDWORD free_clusters,
                              LPDWORD total_clusters) {
    constexpr DWORD sector_bytes = 512;
    const auto space = space_of(root);
    if (!space) return bool_of(space.status().code());
    const auto store_dword = [](LPDWORD target, DWORD value) {
        if (target != nullptr) *target = value;
    };
    store_dword(sectors_per_cluster, at_most_32_bits(space.value().block_bytes / sector_bytes));
    store_dword(bytes_per_sector, sector_bytes);
    store_dword(free_clusters, at_most_32_bits(space.value().usable_blocks));
    store_dword(total_clusters, at_most_32_bits(space.value().total_blocks));
    return TRUE;
}

BOOL WINAPI GetDiskFreeSpaceA(LPCSTR root, LPDWORD sectors_per_cluster, LPDWORD bytes_per_sector, LPDWORD free_clusters,
                              LPDWORD total_clusters) {
    return GetDiskFreeSpaceW(WideArgument(root), sectors_per_cluster, bytes_per_sector, free_clusters, total_clusters);
}
