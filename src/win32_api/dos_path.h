// SPDX-License-Identifier: Apache-2.0
// The three spellings of a path: Win32's (Z:\dir\file, \\.\Name), NT's (\??\Z:\dir\file) and the machine's (/dir/file).
//
// Drive Z: is the root of the machine's file system, drive C: a folder of the user's (platform/drive_folder.h); there is no
// other drive. Letter case counts in Z:'s paths, not in C:'s. Unlike
// Windows, trailing dots and spaces stay: files of this machine may end with them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw::win32 {

// A full Win32 path: what GetFullPathName gives. `current_directory` is one, too. Slashes become backslashes, "." and ".."
// are resolved; a path that starts with \\?\ stays as it is. NUL, CON, CONIN$ and CONOUT$ become \\.\ names.
[[nodiscard]] std::u16string full_path(std::u16string_view path, std::u16string_view current_directory);

// NT's name of a full Win32 path: \\.\Name and \\?\Name are \??\Name, \\server\share is \??\UNC\server\share.
[[nodiscard]] std::u16string native_path(std::u16string_view full_path);

// The machine's path of NT's name, for drives Z: and C: and the reserved names; nothing for other devices.
[[nodiscard]] std::optional<std::string> host_path(std::u16string_view native_path);

// The Win32 path of an absolute path of the machine.
[[nodiscard]] std::u16string windows_path(std::string_view host_path);

// The process's current directory as a Win32 path; empty when it was removed.
[[nodiscard]] std::u16string current_windows_directory();
// full_path, native_path and host_path of what a caller names.
struct ResolvedPath {
    std::u16string native;
    std::optional<std::string> host;
};
[[nodiscard]] ResolvedPath resolve_path(std::u16string_view path);

}  // namespace pw::win32
