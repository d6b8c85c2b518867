// SPDX-License-Identifier: Apache-2.0
#include "win32_api/dos_path.h"

#include <algorithm>
#include <vector>

#include "platform/drive_folder.h"
#include "platform/host_file.h"
#include "win32_api/text.h"

namespace pw::win32 {
namespace {

constexpr std::u16string_view native_prefix = u"\\??\\";
constexpr std::u16string_view literal_prefix = u"\\\\?\\";
constexpr std::u16string_view device_prefix = u"\\\\.\\";
constexpr std::u16string_view root_drive = u"Z:";
constexpr std::u16string_view user_drive = u"C:";

struct ReservedName {
    std::u16string_view name;
    const char* host_path;
};
constexpr ReservedName reserved_names[] = {
    {u"NUL", "/dev/null"},
    {u"CON", "/dev/tty"},
    {u"CONIN$", "/dev/tty"},
    {u"CONOUT$", "/dev/tty"},
};

char16_t upper(char16_t c) { return c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - u'a' + u'A') : c; }

bool equal_ignoring_case(std::u16string_view a, std::u16string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char16_t x, char16_t y) { return upper(x) == upper(y); });
}

const ReservedName* reserved_name(std::u16string_view name) {
    for (const ReservedName& reserved : reserved_names) {
        if (equal_ignoring_case(name, reserved.name)) return &reserved;
    }
    return nullptr;
}

bool has_drive(std::u16string_view path) {
    return path.size() >= 2 && path[1] == u':' && upper(path[0]) >= u'A' && upper(path[0]) <= u'Z';
}

// Appends the parts of `rest` to `root`, which ends without a backslash; ".." stops at the root.
std::u16string normalise(std::u16string_view root, std::u16string_view rest) {
    std::vector<std::u16string_view> parts;
    for (std::size_t start = 0; start < rest.size();) {
        const std::size_t end = std::min(rest.find(u'\\', start), rest.size());
        const std::u16string_view part = rest.substr(start, end - start);
        start = end + 1;
        if (part.empty() || part == u".") continue;
        if (part != u"..") {
            parts.push_back(part);
        } else if (!parts.empty()) {
            parts.pop_back();
        }
    }
    std::u16string path(root);
    for (const std::u16string_view part : parts) path.append(u"\\").append(part);
    const bool ends_as_directory = rest.empty() || rest.back() == u'\\';
    if (parts.empty() || ends_as_directory) path += u'\\';
    return path;
}

}  // namespace

std::u16string full_path(std::u16string_view given, std::u16string_view current_directory) {
    if (given.starts_with(literal_prefix) || given.starts_with(native_prefix)) return std::u16string(given);
    std::u16string path(given);
    std::replace(path.begin(), path.end(), u'/', u'\\');
    const std::u16string_view text(path);
    if (reserved_name(text) != nullptr) return std::u16string(device_prefix).append(text);
    if (text.starts_with(device_prefix)) {
        const std::u16string_view name = text.substr(device_prefix.size());
        const std::size_t root_end = std::min(name.find(u'\\'), name.size());
        // A device without a further path stays without a backslash: \\.\Name opens the device itself.
        if (root_end == name.size()) return path;
        return normalise(text.substr(0, device_prefix.size() + root_end), name.substr(root_end));
    }
    if (text.starts_with(u"\\\\")) return normalise(u"\\", text.substr(1));
    if (has_drive(text)) {
        const bool is_absolute = text.size() > 2 && text[2] == u'\\';
        const bool is_current_drive = has_drive(current_directory) && upper(current_directory[0]) == upper(text[0]);
        if (is_absolute || !is_current_drive) return normalise(text.substr(0, 2), text.substr(2));
        return full_path(text.substr(2), current_directory);
    }
    const std::u16string_view drive = has_drive(current_directory) ? current_directory.substr(0, 2) : root_drive;
    if (text.starts_with(u"\\")) return normalise(drive, text);
    const std::u16string_view base = current_directory.size() > 2 ? current_directory.substr(2) : std::u16string_view();
    if (text.empty()) return normalise(drive, base);
    return normalise(drive, std::u16string(base).append(u"\\").append(text));
}

std::u16string native_path(std::u16string_view full) {
    if (full.starts_with(native_prefix)) return std::u16string(full);
    if (full.starts_with(literal_prefix) || full.starts_with(device_prefix)) {
        return std::u16string(native_prefix).append(full.substr(literal_prefix.size()));
    }
    if (full.starts_with(u"\\\\")) return std::u16string(u"\\??\\UNC\\").append(full.substr(2));
    return std::u16string(native_prefix).append(full);
}

std::optional<std::string> host_path(std::u16string_view native) {
    if (!native.starts_with(native_prefix)) return std::nullopt;
    const std::u16string_view name = native.substr(native_prefix.size());
    if (const ReservedName* reserved = reserved_name(name); reserved != nullptr) return reserved->host_path;
    if (name.size() <= 2 || name[2] != u'\\') return std::nullopt;
    std::string path = narrow(name.substr(2));
    std::replace(path.begin(), path.end(), '\\', '/');
    if (equal_ignoring_case(name.substr(0, 2), root_drive)) return path;
    if (!equal_ignoring_case(name.substr(0, 2), user_drive) || platform::drive_c_folder().empty()) return std::nullopt;
    return platform::path_on_drive_c(platform::drive_c_folder() + path);
}

std::u16string windows_path(std::string_view host) {
    std::u16string path = widen(host);
    std::replace(path.begin(), path.end(), u'/', u'\\');
    return std::u16string(root_drive).append(path);
}

std::u16string current_windows_directory() {
    const std::string directory = platform::current_directory();
    return directory.empty() ? std::u16string() : windows_path(directory);
}

ResolvedPath resolve_path(std::u16string_view path) {
    ResolvedPath resolved;
    resolved.native = native_path(full_path(path, current_windows_directory()));
    resolved.host = host_path(resolved.native);
    return resolved;
}

}  // namespace pw::win32
