// SPDX-License-Identifier: Apache-2.0
#include "platform/mapping.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/check.h"
#include "base/checked_math.h"
#include "platform/errno_status.h"
#include "platform/fault_injection.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

namespace pw::platform {
namespace {

// Addresses travel as integers: they belong to several address spaces.
void* pointer(std::uint64_t address) { return reinterpret_cast<void*>(address); }

Result<std::uint64_t> reserve(std::uint64_t base, std::uint64_t length_bytes, PageAccess access, int flags) {
    if (step_fails(FailurePoint::mapping)) return status_from_errno(ENOMEM);
    void* const got = mmap(pointer(base), length_bytes, linux_protection(access),
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
    if (got == MAP_FAILED) return status_from_errno(errno);
    return reinterpret_cast<std::uint64_t>(got);
}

}  // namespace

int linux_protection(PageAccess access) {
    int protection = PROT_NONE;
    if (allows(access, PageAccess::read)) protection |= PROT_READ;
    if (allows(access, PageAccess::write)) protection |= PROT_READ | PROT_WRITE;
    if (allows(access, PageAccess::execute)) protection |= PROT_EXEC;
    return protection;
}

Result<Reservation> Reservation::at(std::uint64_t base, std::uint64_t length_bytes) {
    PW_TRY_ASSIGN(const std::uint64_t got, reserve(base, length_bytes, PageAccess::none, MAP_FIXED_NOREPLACE));
    if (got != base) {  // a kernel that takes the flag for a hint
        munmap(pointer(got), length_bytes);
        return status_from_errno(EEXIST);
    }
    Reservation reservation;
    reservation.base_ = got;
    reservation.length_bytes_ = length_bytes;
    return reservation;
}

Result<Reservation> Reservation::anywhere(std::uint64_t length_bytes, PageAccess access) {
    PW_TRY_ASSIGN(const std::uint64_t got, reserve(0, length_bytes, access, 0));
    Reservation reservation;
    reservation.base_ = got;
    reservation.length_bytes_ = length_bytes;
    return reservation;
}

Reservation& Reservation::operator=(Reservation&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(length_bytes_, other.length_bytes_);
    return *this;
}

Reservation::~Reservation() {
    if (length_bytes_ != 0) munmap(pointer(base_), length_bytes_);
}

bool map_at_free_address(std::uint64_t address, std::uint64_t length_bytes, PageAccess access, int descriptor,
                         std::uint64_t offset_bytes) {
    if (step_fails(FailurePoint::mapping)) return false;
    void* const got = mmap(pointer(address), length_bytes, linux_protection(access), MAP_FIXED_NOREPLACE | MAP_SHARED,
                           descriptor, static_cast<off_t>(offset_bytes));
    return got != MAP_FAILED;
}

void unmap_range(std::uint64_t address, std::uint64_t length_bytes) { munmap(pointer(address), length_bytes); }

Status map_fixed(std::uint64_t address, std::uint64_t length_bytes, PageAccess access, int descriptor,
                 std::uint64_t offset_bytes, bool copy_on_write) {
    if (step_fails(FailurePoint::mapping)) return status_from_errno(ENOMEM);
    const int flags = MAP_FIXED | (copy_on_write ? MAP_PRIVATE | MAP_NORESERVE : MAP_SHARED);
    void* const got = mmap(pointer(address), length_bytes, linux_protection(access), flags, descriptor,
                           static_cast<off_t>(offset_bytes));
    return got == MAP_FAILED ? status_from_errno(errno) : Status();
}

Status replace_fixed(std::uint64_t address, std::uint64_t length_bytes, PageAccess access, int descriptor,
                     std::uint64_t offset_bytes) {
    if (step_fails(FailurePoint::mapping)) return status_from_errno(ENOMEM);
    const long got = syscall(SYS_mmap, address, length_bytes, linux_protection(access), MAP_FIXED | MAP_SHARED,
                             descriptor, offset_bytes);
    return got == -1 ? status_from_errno(errno) : Status();
}

Status duplicate_fixed(std::uint64_t source, std::uint64_t address, std::uint64_t length_bytes) {
    // An old size of 0 makes mremap leave the source where it is.
    void* const mapped = mremap(reinterpret_cast<void*>(source), 0, length_bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
                                reinterpret_cast<void*>(address));
    return mapped == MAP_FAILED ? status_from_errno(errno) : Status();
}

Status map_zero_fixed(std::uint64_t address, std::uint64_t length_bytes, PageAccess access) {
    return reserve(address, length_bytes, access, MAP_FIXED).status();
}

Status unmap_to_reserved(std::uint64_t address, std::uint64_t length_bytes) {
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    void* got = mmap(pointer(address), length_bytes, PROT_NONE, flags, -1, 0);
    // A process that has one mapping more than Linux allows (vm.max_map_count) may not even replace one: it goes first then, and
    // the hole is closed at once.
    if (got == MAP_FAILED && errno == ENOMEM && munmap(pointer(address), length_bytes) == 0) {
        got = mmap(pointer(address), length_bytes, PROT_NONE, flags, -1, 0);
    }
    return got == MAP_FAILED ? status_from_errno(errno) : Status();
}

Status protect_fixed(std::uint64_t address, std::uint64_t length_bytes, PageAccess access) {
    if (mprotect(pointer(address), length_bytes, linux_protection(access)) != 0) return status_from_errno(errno);
    return {};
}

bool is_accessible(std::uint64_t address, std::uint64_t length_bytes, bool write) {
    const std::uint64_t first = align_down(address, page_size_bytes);
    const std::uint64_t pages = pages_spanned(address, length_bytes == 0 ? 1 : length_bytes);
    const int saved = errno;
    int result;
    do {
        result = madvise(pointer(first), pages << page_shift, write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
    } while (result != 0 && errno == EINTR);
    errno = saved;
    return result == 0;
}

}  // namespace pw::platform
