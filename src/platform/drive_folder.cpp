// SPDX-License-Identifier: Apache-2.0
#include "platform/drive_folder.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace pw::platform {
namespace {

namespace fs = std::filesystem;

std::string find_folder() {
    const auto variable = [](const char* name) -> std::string {
        const char* const value = std::getenv(name);
        return value != nullptr && *value == '/' ? value : "";
    };
    std::string folder = variable("PARTYWALL_DRIVE_C");
    if (folder.empty()) {
        std::string data = variable("XDG_DATA_HOME");
        if (data.empty()) {
            const std::string home = variable("HOME");
            if (home.empty()) return {};
            data = home + "/.local/share";
        }
        folder = data + "/partywall/drive_c";
    }
    while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
    return folder;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

// The name that the folder has for `part`, or `part` itself.
std::string name_on_disk(const std::string& folder, std::string_view part) {
    std::error_code error;
    if (fs::exists(folder + "/" + std::string(part), error)) return std::string(part);
    for (fs::directory_iterator it(folder, error); !error && it != fs::directory_iterator(); it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (equal_ignoring_case(name, part)) return name;
    }
    return std::string(part);
}

}  // namespace

const std::string& drive_c_folder() {
    static const std::string folder = find_folder();
    return folder;
}

bool is_on_drive_c(const std::string& path) {
    const std::string& folder = drive_c_folder();
    return !folder.empty() && path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string path_on_drive_c(const std::string& path) {
    const std::string& folder = drive_c_folder();
    std::error_code error;
    if (!fs::exists(folder, error)) {
        fs::create_directories(folder + "/Windows/Temp", error);
        fs::create_directories(folder + "/Windows/System32/drivers", error);
        fs::create_directories(folder + "/Temp", error);
    }
    std::string found = folder;
    for (std::string_view rest = std::string_view(path).substr(folder.size() + 1); !rest.empty();) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        found += "/" + name_on_disk(found, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return found;
}

}  // namespace pw::platform
