// SPDX-License-Identifier: Apache-2.0
#include "platform/process_memory.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "platform/errno_status.h"

namespace pw::platform {
namespace {

bool parse_hex(std::string_view& text, std::uint64_t* value) {
    std::uint64_t result = 0;
    std::size_t digits = 0;
    while (digits < text.size()) {
        const char c = text[digits];
        unsigned digit;
        if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
        else break;
        result = result << 4 | digit;
        ++digits;
    }
    text.remove_prefix(digits);
    *value = result;
    return digits > 0 && digits <= 16;
}

struct MapsLine {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    PageAccess access = PageAccess::none;
    bool is_shared = false;
    std::string_view file;  // of a file system: "device inode path", else empty
};

// "offset device inode path": without the offset, if the path is a file's.
std::string_view file_of(std::string_view rest) {
    const std::size_t slash = rest.find('/');
    const std::size_t offset_end = rest.find(' ');
    if (slash == std::string_view::npos || offset_end == std::string_view::npos) return {};
    const std::string_view path = rest.substr(slash);
    if (path.starts_with("/memfd:") || path.starts_with("/dev/") || path.starts_with("/SYSV")) return {};
    return rest.substr(offset_end + 1);
}

// "begin-end rwxp offset device inode path"
bool parse_line(std::string_view line, MapsLine* out) {
    if (!parse_hex(line, &out->begin) || line.empty() || line[0] != '-') return false;
    line.remove_prefix(1);
    if (!parse_hex(line, &out->end) || line.size() < 5 || line[0] != ' ') return false;
    out->access = (line[1] == 'r' ? PageAccess::read : PageAccess::none) |
                  (line[2] == 'w' ? PageAccess::write : PageAccess::none) |
                  (line[3] == 'x' ? PageAccess::execute : PageAccess::none);
    out->is_shared = line[4] == 's';
    out->file = line.size() > 6 ? file_of(line.substr(6)) : std::string_view{};
    return true;
}

Status transfer_failed(ssize_t done) {
    if (done == 0) return status_from_errno(ESRCH);  // the address space is gone
    return status_from_errno(errno == EIO ? EFAULT : errno);
}

}  // namespace

bool maps_allow(std::string_view maps_text, std::uint64_t address, std::uint64_t length_bytes, PageAccess wanted) {
    std::uint64_t next = address;
    std::uint64_t end;
    if (__builtin_add_overflow(address, length_bytes, &end)) return false;
    while (next < end && !maps_text.empty()) {
        const std::size_t newline = maps_text.find('\n');
        const std::string_view line = maps_text.substr(0, newline);
        maps_text.remove_prefix(newline == std::string_view::npos ? maps_text.size() : newline + 1);
        MapsLine range;
        if (!parse_line(line, &range)) return false;
        if (range.end <= next) continue;
        if (range.begin > next || !allows(range.access, wanted)) return false;
        next = range.end;
    }
    return next >= end;
}

MapsRegion maps_region(std::string_view maps_text, std::uint64_t address) {
    MapsRegion found;
    found.end = ~std::uint64_t{0};
    MapsLine before;
    std::uint64_t file_begin = 0;
    bool is_program = false;
    std::string_view file;
    while (!maps_text.empty()) {
        const std::size_t newline = maps_text.find('\n');
        MapsLine line;
        if (!parse_line(maps_text.substr(0, newline), &line)) break;
        maps_text.remove_prefix(newline == std::string_view::npos ? maps_text.size() : newline + 1);
        const bool goes_on = !line.file.empty() && line.file == before.file;
        // Whether the file is a program may show only in a later one of its mappings.
        if (found.is_mapped && !goes_on) break;
        if (!goes_on) {
            file_begin = line.begin;
            is_program = false;
        }
        is_program = is_program || allows(line.access, PageAccess::execute);
        if (!found.is_mapped && line.begin > address) {
            found.begin = before.end;
            found.end = line.begin;
            return found;
        }
        if (!found.is_mapped && line.end > address) {
            found = {.begin = line.begin,
                     .end = line.end,
                     .file_begin = file_begin,
                     .access = line.access,
                     .is_mapped = true,
                     .is_file = !line.file.empty(),
                     .is_shared = line.is_shared};
            file = line.file;
        }
        if (found.is_mapped) found.is_program = is_program && !file.empty();
        before = line;
    }
    if (!found.is_mapped) found.begin = before.end;
    return found;
}

namespace {

Status read_text(int maps_descriptor, std::string* text) {
    char chunk[16384];
    for (;;) {
        const ssize_t done = pread(maps_descriptor, chunk, sizeof(chunk), static_cast<off_t>(text->size()));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return status_from_errno(errno);
        if (done == 0) break;
        text->append(chunk, static_cast<std::size_t>(done));
    }
    return text->empty() ? status_from_errno(ESRCH) : Status();
}

}  // namespace

Result<MapsRegion> read_maps_region(int maps_descriptor, std::uint64_t address) {
    std::string text;
    PW_TRY(read_text(maps_descriptor, &text));
    return maps_region(text, address);
}

Status check_process_access(int maps_descriptor, std::uint64_t address, std::uint64_t length_bytes,
                            PageAccess wanted) {
    std::string text;
    PW_TRY(read_text(maps_descriptor, &text));
    return maps_allow(text, address, length_bytes, wanted) ? Status() : status_from_errno(EFAULT);
}

Status read_process_memory(int memory_descriptor, void* destination, std::uint64_t source, std::size_t length_bytes) {
    char* to = static_cast<char*>(destination);
    while (length_bytes > 0) {
        const ssize_t done = pread(memory_descriptor, to, length_bytes, static_cast<off_t>(source));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return transfer_failed(done);
        to += done;
        source += static_cast<std::uint64_t>(done);
        length_bytes -= static_cast<std::size_t>(done);
    }
    return {};
}

Status write_process_memory(int memory_descriptor, std::uint64_t destination, const void* source,
                            std::size_t length_bytes) {
    const char* from = static_cast<const char*>(source);
    while (length_bytes > 0) {
        const ssize_t done = pwrite(memory_descriptor, from, length_bytes, static_cast<off_t>(destination));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return transfer_failed(done);
        from += done;
        destination += static_cast<std::uint64_t>(done);
        length_bytes -= static_cast<std::size_t>(done);
    }
    return {};
}

}  // namespace pw::platform
