// SPDX-License-Identifier: Apache-2.0
// Descriptor: owns one file descriptor.
#pragma once

#include <utility>

namespace pw::platform {

// Closes a descriptor; -1 is ignored. errno is kept.
void close_descriptor(int fd);

class Descriptor {
public:
    constexpr Descriptor() = default;
    explicit constexpr Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    // Gives the descriptor to the caller, who must close it.
    [[nodiscard]] int leak() { return std::exchange(fd_, -1); }
    void reset() {
        if (fd_ >= 0) close_descriptor(std::exchange(fd_, -1));
    }

private:
    int fd_ = -1;
};

// A second, close-on-exec descriptor of the same open file; empty on failure.
[[nodiscard]] Descriptor duplicate_descriptor(int fd);

}  // namespace pw::platform
