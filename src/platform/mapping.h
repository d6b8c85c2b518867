// SPDX-License-Identifier: Apache-2.0
// Address ranges of this process: reservations that are owned, and what is mapped inside of them.
#pragma once

#include <cstdint>
#include <utility>

#include "base/result.h"

namespace pw::platform {

// What the processor may do with a page; combined with |.
enum class PageAccess : std::uint8_t { none = 0, read = 1, write = 2, execute = 4, read_write = 3 };
[[nodiscard]] constexpr PageAccess operator|(PageAccess a, PageAccess b) {
    return static_cast<PageAccess>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
[[nodiscard]] constexpr bool allows(PageAccess granted, PageAccess wanted) {
    return (static_cast<std::uint8_t>(granted) & static_cast<std::uint8_t>(wanted)) == static_cast<std::uint8_t>(wanted);
}
// The PROT_* bits of mmap for an access, for those who pass them on to another process.
[[nodiscard]] int linux_protection(PageAccess access);

// Owns a range of addresses in which nothing is accessible until something is mapped there.
class Reservation {
public:
    Reservation() = default;
    // Reserves exactly [base, base + length); STATUS_CONFLICTING_ADDRESSES when something is there already.
    [[nodiscard]] static Result<Reservation> at(std::uint64_t base, std::uint64_t length_bytes);
    // Reserves wherever the system likes; readable and writable zero pages on first touch when `access` says so.
    [[nodiscard]] static Result<Reservation> anywhere(std::uint64_t length_bytes, PageAccess access = PageAccess::none);
    Reservation(Reservation&& other) noexcept
        : base_(std::exchange(other.base_, 0)), length_bytes_(std::exchange(other.length_bytes_, 0)) {}
    Reservation& operator=(Reservation&& other) noexcept;
    Reservation(const Reservation&) = delete;
    Reservation& operator=(const Reservation&) = delete;
    ~Reservation();

    [[nodiscard]] std::uint64_t base() const { return base_; }
    [[nodiscard]] std::uint64_t length_bytes() const { return length_bytes_; }
    [[nodiscard]] bool contains(std::uint64_t address) const { return address - base_ < length_bytes_; }

private:
    std::uint64_t base_ = 0;
    std::uint64_t length_bytes_ = 0;
};

// Maps a descriptor, shared, at exactly these addresses if nothing is mapped there; else does nothing and says false.
[[nodiscard]] bool map_at_free_address(std::uint64_t address, std::uint64_t length_bytes, PageAccess access, int descriptor,
                                       std::uint64_t offset_bytes);

// Takes away what map_at_free_address() mapped.
void unmap_range(std::uint64_t address, std::uint64_t length_bytes);

// The rest replaces what is mapped at addresses that the caller owns. All page-aligned.

// Maps [offset, offset + length) of a descriptor at `address`, shared or, with `copy_on_write`, private.
[[nodiscard]] Status map_fixed(std::uint64_t address, std::uint64_t length_bytes, PageAccess access, int descriptor,
                               std::uint64_t offset_bytes, bool copy_on_write = false);
// The same for pages that hold the same bytes as those they replace: nobody can tell, and a sanitizer is not to take it for
// a write.
[[nodiscard]] Status replace_fixed(std::uint64_t address, std::uint64_t length_bytes, PageAccess access, int descriptor,
                                   std::uint64_t offset_bytes);
// A second mapping of shared pages that are mapped at `source`, with the access that they have there: for memory that is sealed
// against further writable mappings of its descriptor. `source` lies in one mapping up to source + length.
[[nodiscard]] Status duplicate_fixed(std::uint64_t source, std::uint64_t address, std::uint64_t length_bytes);
// Private zero pages at `address`.
[[nodiscard]] Status map_zero_fixed(std::uint64_t address, std::uint64_t length_bytes, PageAccess access);
// Back to "reserved, nothing accessible".
[[nodiscard]] Status unmap_to_reserved(std::uint64_t address, std::uint64_t length_bytes);
[[nodiscard]] Status protect_fixed(std::uint64_t address, std::uint64_t length_bytes, PageAccess access);

// Whether this process may read (write) every page that the range touches; faults pages in as a side effect, changes
// no data. Safe in a signal handler; takes no lock.
[[nodiscard]] bool is_accessible(std::uint64_t address, std::uint64_t length_bytes, bool write);

}  // namespace pw::platform
