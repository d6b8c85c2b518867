// SPDX-License-Identifier: Apache-2.0
// ChannelTransport: system calls go to a driver host in another process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "channel/client/client_channel.h"
#include "win32_api/runtime/transport.h"

namespace pw::win32 {

class ChannelTransport final : public Transport {
public:
    // Null on failure, with one line for people in *why.
    // process_token: from the parent's CreateProcess, or 0.
    [[nodiscard]] static std::unique_ptr<Transport> connect(const std::string& path, std::string* why,
                                                            std::uint32_t process_token = 0);

    explicit ChannelTransport(std::unique_ptr<channel::ClientChannel> channel) : channel_(std::move(channel)) {}
    [[nodiscard]] Result<std::unique_ptr<ThreadPort>> attach_thread(std::uint64_t token) override;
    [[nodiscard]] Result<std::uint64_t> attach_file(int descriptor) override { return channel_->attach_file(descriptor); }
    [[nodiscard]] ProcessSlot slot() override;
    [[nodiscard]] bool resolve_fault(std::uint64_t address, bool write) override {
        return channel_->resolve_fault(address, write);
    }
    [[nodiscard]] bool touch_guard(std::uint64_t address) override { return channel_->touch_guard(address); }
    [[nodiscard]] bool can_adopt_memory() const override { return true; }
    void process_ends(int) override {}  // the end of the process is all that the host needs to see
    void close_in_forked_child() override { channel_->close_in_forked_child(); }

private:
    std::unique_ptr<channel::ClientChannel> channel_;
};

}  // namespace pw::win32
