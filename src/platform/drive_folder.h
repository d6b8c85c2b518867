// SPDX-License-Identifier: Apache-2.0
// Drive C: a folder of the user's that stands for Windows' own drive, so that "C:\Windows\Temp\log.txt" leads somewhere.
#pragma once

#include <string>

namespace pw::platform {

// PARTYWALL_DRIVE_C, else partywall/drive_c in $XDG_DATA_HOME or ~/.local/share; without a slash at the end. Empty when the
// user has no such place: there is no drive C: then.
[[nodiscard]] const std::string& drive_c_folder();

// Whether an absolute path without "." and ".." lies in it.
[[nodiscard]] bool is_on_drive_c(const std::string& path);

// Makes the folder with Windows/Temp, Windows/System32/drivers and Temp in it, if it is not there, and gives the path with the
// letter case that its existing parts below the folder have on disk: on drive C: case does not count. `path` lies on drive C:.
[[nodiscard]] std::string path_on_drive_c(const std::string& path);

}  // namespace pw::platform
