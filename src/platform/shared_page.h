// SPDX-License-Identifier: Apache-2.0
// SharedPage: a small sealed memory file with one mapping, as the channel shares between a host and its clients.
#pragma once

#include <cstddef>

#include "platform/descriptor.h"

namespace pw::platform {

// Who may write besides the process that made the page.
enum class PeerAccess { read_write, read_only };

class SharedPage {
public:
    SharedPage() = default;
    SharedPage(SharedPage&& other) noexcept;
    SharedPage& operator=(SharedPage&& other) noexcept;
    SharedPage(const SharedPage&) = delete;
    SharedPage& operator=(const SharedPage&) = delete;
    ~SharedPage();

    // A new page of zeros. It can never shrink or grow; with `read_only` no further writable mapping can ever be made, not
    // even through /proc (design D9). Empty on failure.
    [[nodiscard]] static SharedPage create(const char* name, PeerAccess peer);
    // Maps a page that another process made and passed. Empty on failure.
    [[nodiscard]] static SharedPage map(const Descriptor& descriptor, PeerAccess access);

    [[nodiscard]] std::byte* data() const { return data_; }
    explicit operator bool() const { return data_ != nullptr; }
    // What to pass to the peer; only pages that were created here have it, until close_descriptor().
    [[nodiscard]] const Descriptor& descriptor() const { return descriptor_; }
    void close_descriptor() { descriptor_.reset(); }

private:
    std::byte* data_ = nullptr;
    Descriptor descriptor_;
};

}  // namespace pw::platform
