// SPDX-License-Identifier: Apache-2.0
// SharedMemory: owns the descriptor of one piece of shareable memory (a sealed memfd, or a file under a section).
#pragma once

#include <cstdint>
#include <utility>

#include "base/result.h"

namespace pw::platform {

class SharedMemory {
public:
    SharedMemory() = default;
    // Creates zeroed memory of a fixed size, sealed against shrinking and growing. `name` shows in /proc/PID/maps.
    // Pages are allocated when first touched. STATUS_NO_MEMORY, STATUS_INSUFFICIENT_RESOURCES (descriptors).
    [[nodiscard]] static Result<SharedMemory> create(std::uint64_t length_bytes, const char* name);
    // Takes over an open descriptor of that length.
    [[nodiscard]] static SharedMemory adopt(int descriptor, std::uint64_t length_bytes);
    // Duplicates the descriptor of a file (a file-backed section); such memory cannot be sealed.
    [[nodiscard]] static Result<SharedMemory> adopt_file(int descriptor);
    SharedMemory(SharedMemory&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)),
          length_bytes_(std::exchange(other.length_bytes_, 0)),
          is_file_(other.is_file_) {}
    SharedMemory& operator=(SharedMemory&& other) noexcept;
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory();

    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] std::uint64_t length_bytes() const { return length_bytes_; }
    [[nodiscard]] bool is_valid() const { return descriptor_ >= 0; }
    [[nodiscard]] bool is_writable() const;  // whether the descriptor may be mapped writable

    // Files only: sealed memory refuses.
    [[nodiscard]] Status resize(std::uint64_t length_bytes);

    // Decides the seals for good (F_SEAL_SEAL); later attempts of anyone to add one fail. With `forbid_new_writers`
    // nobody, the host included, can make a further writable mapping (F_SEAL_FUTURE_WRITE).
    [[nodiscard]] Status close_seals(bool forbid_new_writers);
    // A second descriptor of the same memory that cannot be mapped writable. The memory's mode becomes 0400 first, so
    // that another uid cannot reopen it read-write through /proc/self/fd. A file keeps its mode: it is not ours.
    [[nodiscard]] Result<SharedMemory> reopen_read_only() const;
    // Gives pages back to the system: they read as zero afterwards in every mapping.
    [[nodiscard]] Status punch_hole(std::uint64_t offset_bytes, std::uint64_t length_bytes);
    // Allocates pages now, so that a later touch cannot fail.
    [[nodiscard]] Status populate(std::uint64_t offset_bytes, std::uint64_t length_bytes);
    // Writes bytes without mapping the memory.
    [[nodiscard]] Status copy_in(std::uint64_t offset_bytes, const void* source, std::uint64_t length_bytes);

private:
    int descriptor_ = -1;
    std::uint64_t length_bytes_ = 0;
    bool is_file_ = false;
};

}  // namespace pw::platform
