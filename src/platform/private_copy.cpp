// SPDX-License-Identifier: Apache-2.0
#include "platform/private_copy.h"

#include <cstddef>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/checked_math.h"

namespace pw::platform {
namespace {

void copy_file_data(std::byte* target, const std::byte* source, std::uint64_t length_bytes, int descriptor,
                    std::uint64_t offset_bytes) {
    const off_t end = static_cast<off_t>(offset_bytes + length_bytes);
    off_t position = static_cast<off_t>(offset_bytes);
    while (position < end) {
        const off_t data = ::lseek(descriptor, position, SEEK_DATA);
        if (data < 0 || data >= end) return;
        off_t hole = ::lseek(descriptor, data, SEEK_HOLE);
        if (hole < 0 || hole > end) hole = end;
        const std::size_t at = static_cast<std::size_t>(data) - offset_bytes;
        std::memcpy(target + at, source + at, static_cast<std::size_t>(hole - data));
        position = hole;
    }
}

bool copy_present_pages(std::byte* target, const std::byte* source, std::uint64_t length_bytes) {
    constexpr std::size_t batch_pages = 512;
    unsigned char present[batch_pages];
    for (std::uint64_t at = 0; at < length_bytes; at += batch_pages * page_size_bytes) {
        const std::uint64_t rest = length_bytes - at;
        const std::uint64_t batch = rest < batch_pages * page_size_bytes ? rest : batch_pages * page_size_bytes;
        if (::mincore(const_cast<std::byte*>(source) + at, batch, present) != 0) return false;
        for (std::uint64_t page = 0; page < batch / page_size_bytes; ++page) {
            if ((present[page] & 1) == 0) continue;
            const std::uint64_t place = at + page * page_size_bytes;
            std::memcpy(target + place, source + place, page_size_bytes);
        }
    }
    return true;
}

// Pages that are swapped out look absent to mincore().
bool has_swap() {
    struct sysinfo info {};
    return ::sysinfo(&info) != 0 || info.totalswap != 0;
}

bool copy_pages(std::byte* target, const std::byte* source, std::uint64_t length_bytes) {
    if (!has_swap()) return copy_present_pages(target, source, length_bytes);
    std::memcpy(target, source, length_bytes);
    return true;
}

// Reads one hexadecimal number of the text and steps behind it.
std::uint64_t take_hex(const char** text) {
    std::uint64_t value = 0;
    for (;; ++*text) {
        const char c = **text;
        if (c >= '0' && c <= '9') value = value * 16 + static_cast<std::uint64_t>(c - '0');
        else if (c >= 'a' && c <= 'f') value = value * 16 + static_cast<std::uint64_t>(c - 'a' + 10);
        else return value;
    }
}

}  // namespace

bool make_private(std::uint64_t address, std::uint64_t length_bytes, int descriptor, std::uint64_t offset_bytes) {
    void* staged = ::mmap(nullptr, length_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (staged == MAP_FAILED) return false;
    auto* const target = static_cast<std::byte*>(staged);
    const auto* const source = reinterpret_cast<const std::byte*>(address);
    if (descriptor >= 0) copy_file_data(target, source, length_bytes, descriptor, offset_bytes);
    else if (!copy_pages(target, source, length_bytes)) return false;
    return ::mremap(staged, length_bytes, length_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, reinterpret_cast<void*>(address)) !=
           MAP_FAILED;
}

bool for_each_shared_writable(std::uint64_t first, std::uint64_t end,
                              bool (*visit)(std::uint64_t address, std::uint64_t length_bytes, void* context),
                              void* context) {
    // The visits change the list, so read it anew behind the mapping that was visited last.
    std::uint64_t next = first;
    for (bool found = true; found;) {
        found = false;
        const int fd = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
        if (fd < 0) return false;
        char room[4096];
        std::size_t filled = 0;
        ssize_t got = 0;
        while (!found && (got = ::read(fd, room + filled, sizeof room - 1 - filled)) > 0) {
            filled += static_cast<std::size_t>(got);
            room[filled] = '\0';
            const char* line = room;
            while (const char* newline = std::strchr(line, '\n')) {
                const char* text = line;
                const std::uint64_t from = take_hex(&text);
                ++text;
                const std::uint64_t to = take_hex(&text);
                const bool wanted = text[0] == ' ' && text[2] == 'w' && text[4] == 's';
                line = newline + 1;
                if (!wanted || from < next || from >= end) continue;
                next = to;
                found = true;
                if (!visit(from, (to < end ? to : end) - from, context)) {
                    ::close(fd);
                    return false;
                }
                break;
            }
            filled -= static_cast<std::size_t>(line - room);
            std::memmove(room, line, filled);
        }
        ::close(fd);
        if (got < 0) return false;
    }
    return true;
}

bool discard_private(void* address, std::uint64_t length_bytes) {
    return ::madvise(address, length_bytes, MADV_DONTNEED) == 0;
}

bool punch_file(int descriptor, std::uint64_t offset_bytes, std::uint64_t length_bytes) {
    return ::fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset_bytes),
                       static_cast<off_t>(length_bytes)) == 0;
}

}  // namespace pw::platform
