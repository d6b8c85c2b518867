// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/section_attributes.h"

#include <ntstatus.h>
#include <pw_memory.h>

namespace pw::mm {
namespace {

// SEC_FILE is what a query reports, and harmless on the way in.
constexpr std::uint32_t known_attributes = SEC_COMMIT | SEC_RESERVE | SEC_NOCACHE | SEC_WRITECOMBINE | SEC_BASED | SEC_IMAGE |
                                           SEC_LARGE_PAGES | SEC_NO_CHANGE | SEC_FILE;

}  // namespace

Status check_section_attributes(std::uint32_t attributes, bool has_file) {
    if ((attributes & ~known_attributes) != 0) return STATUS_INVALID_PARAMETER_6;
    const std::uint32_t kind = attributes & (SEC_COMMIT | SEC_RESERVE | SEC_IMAGE);
    if (kind == 0 || (kind & (kind - 1)) != 0) return STATUS_INVALID_PARAMETER_6;  // exactly one of the three
    if (kind == SEC_IMAGE) {
        // Programs and drivers are ELF files here: none is an image that NT's section could show.
        return has_file ? STATUS_INVALID_IMAGE_FORMAT : STATUS_INVALID_FILE_FOR_SECTION;
    }
    // Both caching attributes at once contradict each other. One of them is accepted without effect: what the memory of a
    // real machine does with it cannot be seen from a program.
    constexpr std::uint32_t caching = SEC_NOCACHE | SEC_WRITECOMBINE;
    if ((attributes & caching) == caching) return STATUS_INVALID_PARAMETER_6;
    if ((attributes & SEC_LARGE_PAGES) != 0) {
        // "SEC_LARGE_PAGES must be used with SEC_COMMIT", for the page file, by who holds SeLockMemoryPrivilege: nobody here.
        return has_file || kind != SEC_COMMIT ? STATUS_INVALID_PARAMETER_6 : STATUS_PRIVILEGE_NOT_HELD;
    }
    // Sections with one address everywhere, and those whose protection never changes, are not there.
    return (attributes & (SEC_BASED | SEC_NO_CHANGE)) != 0 ? Status(STATUS_NOT_SUPPORTED) : Status();
}

}  // namespace pw::mm
