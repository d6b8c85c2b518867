// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/channel_transport.h"

#include <utility>

#include "win32_api/runtime/internal_threads.h"

namespace pw::win32 {
namespace {

class ChannelThreadPort final : public ThreadPort {
public:
    ChannelThreadPort(channel::ClientChannel& channel, std::unique_ptr<channel::ClientPagePair> pages)
        : channel_(channel), pages_(std::move(pages)) {}
    ~ChannelThreadPort() override {
        if (!channel_.is_broken()) pages_->post_detach();
    }
    std::span<std::byte> payload_room(std::uint32_t in_bytes) override { return pages_->payload_room(in_bytes); }
    Status call(channel::OutgoingCall& call) override { return channel_.call(*pages_, call); }

private:
    channel::ClientChannel& channel_;
    std::unique_ptr<channel::ClientPagePair> pages_;
};

}  // namespace

std::unique_ptr<Transport> ChannelTransport::connect(const std::string& path, std::string* why,
                                                     std::uint32_t process_token) {
    // The agent thread works on what the kernel maps, so its own stack is ordinary memory.
    const InternalThreadScope internal;
    auto channel = channel::ClientChannel::connect(path, why, process_token);
    if (!channel) return nullptr;
    return std::make_unique<ChannelTransport>(std::move(channel));
}

Result<std::unique_ptr<ThreadPort>> ChannelTransport::attach_thread(std::uint64_t token) {
    auto pages = channel_->attach_thread(token);
    if (!pages.is_ok()) return pages.status();
    return std::unique_ptr<ThreadPort>(new ChannelThreadPort(*channel_, std::move(pages).value()));
}

ProcessSlot ChannelTransport::slot() {
    const channel::ClientSlot& slot = channel_->slot();
    const int descriptor = channel_->arena_descriptor();
    return {slot.base, slot.length_bytes, slot.arena_base, descriptor < 0 ? 0 : slot.arena_bytes, descriptor};
}

}  // namespace pw::win32
