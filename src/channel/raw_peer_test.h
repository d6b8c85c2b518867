// SPDX-License-Identifier: Apache-2.0
// RawPeer: one end of a channel's socket without any of our client or server code: sends and receives what a test likes.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "channel/wire/wire.h"
#include "channel/wire/wire_validate.h"
#include "platform/peer_process.h"
#include "platform/readiness.h"
#include "platform/shared_page.h"
#include "platform/socket.h"

namespace pw::channel {

class RawPeer {
public:
    explicit RawPeer(platform::Descriptor socket) : socket_(std::move(socket)) {}
    static RawPeer connect(const std::string& path) {
        int error = 0;
        return RawPeer(platform::connect_to(path, &error));
    }

    void send_bytes(std::span<const std::byte> bytes, std::initializer_list<int> descriptors = {}) {
        sent_ok_ = platform::send_message_blocking(socket_.get(), bytes, {descriptors.begin(), descriptors.size()}) ==
                   platform::SocketOutcome::ok;
    }
    template <typename T>
    void send(const T& value, std::initializer_list<int> descriptors = {}) {
        send_bytes(std::as_bytes(std::span(&value, 1)), descriptors);
    }
    [[nodiscard]] bool sent_ok() const { return sent_ok_; }

    // Waits for a message; false at the end of the stream.
    bool receive() {
        for (;;) {
            const auto outcome = platform::receive_message(socket_.get(), room_, &message);
            if (outcome != platform::SocketOutcome::would_block) return outcome == platform::SocketOutcome::ok;
            platform::ReadyDescriptor wait[1];
            wait[0].fd = socket_.get();
            wait[0].want_read = true;
            platform::wait_until_ready(wait, -1);
        }
    }
    [[nodiscard]] std::span<const std::byte> bytes() const { return std::span(room_).first(message.length_bytes); }
    [[nodiscard]] std::uint32_t kind() const { return message_kind(bytes()); }
    [[nodiscard]] bool closed_by_peer() {
        while (receive()) {
        }
        return true;
    }
    void close() { socket_.reset(); }
    [[nodiscard]] int descriptor() const { return socket_.get(); }

    // --- as a client
    static Hello hello() {
        Hello greeting{};
        greeting.kind = static_cast<std::uint32_t>(MessageKind::hello);
        greeting.magic = wire_magic;
        greeting.version = wire_version;
        return greeting;
    }
    void send_hello(const Hello& greeting = hello()) {
        const platform::Descriptor memory(platform::open_own_memory());
        const platform::Descriptor maps(platform::open_own_maps());
        send(greeting, {memory.get(), maps.get()});
    }
    bool greet() {
        send_hello();
        return receive() && kind() == static_cast<std::uint32_t>(MessageKind::welcome);
    }
    void send_attach(std::uint64_t token = 0) {
        send(AttachThread{static_cast<std::uint32_t>(MessageKind::attach_thread), 0, token});
    }
    // The request page (writable) after the answer to send_attach().
    bool take_pages() {
        if (!receive() || kind() != static_cast<std::uint32_t>(MessageKind::thread_attached)) return false;
        if (message.descriptor_count != 2) return false;
        request_page = platform::SharedPage::map(message.descriptors[0], platform::PeerAccess::read_write);
        reply_page = platform::SharedPage::map(message.descriptors[1], platform::PeerAccess::read_only);
        return request_page && reply_page;
    }
    [[nodiscard]] RequestPage& request() { return *reinterpret_cast<RequestPage*>(request_page.data()); }
    [[nodiscard]] const ReplyPage& reply() { return *reinterpret_cast<const ReplyPage*>(reply_page.data()); }
    // Rings the bell for what stands in the request page.
    void ring() {
        const std::uint32_t next = request().header.sequence.load() + 1;
        request().header.sequence.store(next);
        platform::wake_shared(request().header.sequence);
    }
    // Rings and waits for the answer to it.
    std::int32_t ring_and_wait() {
        ring();
        const std::uint32_t wanted = request().header.sequence.load();
        const platform::SharedWord never{0};
        for (;;) {
            request().header.client_sleeps.store(1);
            const std::uint32_t seen = reply().header.sequence.load();
            if (seen == wanted) return reply().header.status.load();
            platform::sleep_on_either(reply().header.sequence, seen, never, 0);
        }
    }

    platform::ReceivedMessage message;
    platform::SharedPage request_page;
    platform::SharedPage reply_page;

private:
    platform::Descriptor socket_;
    bool sent_ok_ = false;
    std::array<std::byte, max_message_bytes> room_{};
};

}  // namespace pw::channel
