// SPDX-License-Identifier: Apache-2.0
#include "channel/client/client_channel.h"

#include <array>
#include <cstdio>
#include <cstring>

#include "channel/wire/wire_validate.h"
#include "ntstatus.h"
#include "platform/mapping.h"
#include "platform/peer_process.h"
#include "platform/readiness.h"
#include "platform/socket.h"

namespace pw::channel {
namespace {

constexpr int welcome_timeout_ms = 30'000;

std::uint32_t sanitizers_of_this_build() {
    std::uint32_t flags = 0;
#if defined(__SANITIZE_ADDRESS__)
    flags |= sanitizer_address;
#endif
#if defined(__SANITIZE_THREAD__)
    flags |= sanitizer_thread;
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
    flags |= sanitizer_address;
#endif
#if __has_feature(thread_sanitizer)
    flags |= sanitizer_thread;
#endif
#endif
    return flags;
}

bool owner_is_trusted(std::uint32_t user_id) { return user_id == platform::effective_user() || user_id == 0; }

std::string foreign_owner(const std::string& what, std::uint32_t user_id) {
    return "refusing " + what + ": it belongs to user " + std::to_string(user_id) + ", not to you (user " +
           std::to_string(platform::effective_user()) + ")";
}

}  // namespace

std::unique_ptr<ClientChannel> ClientChannel::connect(const std::string& path, std::string* why,
                                                      std::uint32_t process_token) {
    std::uint32_t owner = 0;
    if (platform::file_owner(path, &owner) && !owner_is_trusted(owner)) {
        *why = foreign_owner("the socket '" + path + "'", owner);
        return nullptr;
    }
    int error = 0;
    platform::Descriptor socket = platform::connect_to(path, &error);
    if (!socket) {
        *why = "cannot connect to '" + path + "': " + platform::error_text(error) + " (is the driver host running?)";
        return nullptr;
    }
    return over(std::move(socket), why, process_token);
}

std::unique_ptr<ClientChannel> ClientChannel::over(platform::Descriptor socket, std::string* why,
                                                   std::uint32_t process_token) {
    platform::PeerCredentials peer;
    if (!platform::peer_credentials(socket.get(), &peer)) {
        *why = "cannot tell who serves the socket";
        return nullptr;
    }
    if (!owner_is_trusted(peer.user_id)) {
        *why = foreign_owner("the driver host at the socket", peer.user_id);
        return nullptr;
    }
    std::unique_ptr<ClientChannel> channel(new ClientChannel());
    channel->socket_ = std::move(socket);
    channel->stop_ = platform::make_event_descriptor();
    if (!channel->greet(why, process_token) || !channel->await_welcome(why)) return nullptr;
    if (!channel->stop_ || !channel->agent_.start("pw-agent", [raw = channel.get()] { raw->run_agent(); }, 256 * 1024)) {
        *why = "the system gives no thread";
        return nullptr;
    }
    return channel;
}

ClientChannel::~ClientChannel() {
    pump_.set_broken();
    if (stop_) platform::signal_event_descriptor(stop_.get());
    agent_.join();
}

bool ClientChannel::greet(std::string* why, std::uint32_t process_token) {
    Hello hello{};
    hello.kind = static_cast<std::uint32_t>(MessageKind::hello);
    hello.magic = wire_magic;
    hello.version = wire_version;
    hello.sanitizers = sanitizers_of_this_build();
    hello.process_token = process_token;
    std::strncpy(reinterpret_cast<char*>(hello.build_id.data()), PW_VERSION, hello.build_id.size());
    const platform::Descriptor memory(platform::open_own_memory());
    const platform::Descriptor maps(platform::open_own_maps());
    if (!memory || !maps) {
        *why = "cannot open /proc/self/mem and /proc/self/maps";
        return false;
    }
    const int descriptors[] = {memory.get(), maps.get()};
    if (platform::send_message_blocking(socket_.get(), std::as_bytes(std::span(&hello, 1)), descriptors) !=
        platform::SocketOutcome::ok) {
        // It may have said why before it closed.
        if (!read_refusal(why)) *why = "the driver host closed the connection";
        return false;
    }
    return true;
}

bool ClientChannel::read_refusal(std::string* why) {
    std::array<std::byte, max_message_bytes> room;
    // Where a greeting was never read, the end of the connection is told before what was sent.
    for (int i = 0; i < 2; ++i) {
        platform::ReceivedMessage message;
        if (platform::receive_message(socket_.get(), room, &message) != platform::SocketOutcome::ok) continue;
        const auto reason = refusal_text(std::span(room).first(message.length_bytes));
        if (!reason) return false;
        *why = "the driver host refused this program: " + *reason;
        return true;
    }
    return false;
}

bool ClientChannel::await_welcome(std::string* why) {
    platform::ReadyDescriptor wait[1];
    wait[0].fd = socket_.get();
    wait[0].want_read = true;
    do {
        if (!platform::wait_until_ready(wait, welcome_timeout_ms)) {
            *why = "the driver host does not answer";
            return false;
        }
    } while (!wait[0].readable && !wait[0].hung_up);
    std::array<std::byte, max_message_bytes> room;
    platform::ReceivedMessage message;
    if (platform::receive_message(socket_.get(), room, &message) != platform::SocketOutcome::ok) {
        if (!read_refusal(why)) *why = "the driver host closed the connection (too many clients, or it is ending)";
        return false;
    }
    const auto bytes = std::span(room).first(message.length_bytes);
    if (const auto reason = refusal_text(bytes)) {
        *why = "the driver host refused this program: " + *reason;
        return false;
    }
    Welcome welcome;
    if (message.truncated || !validate_welcome(bytes, message.descriptor_count, &welcome)) {
        *why = "what answers at the socket is no Partywall driver host of this version";
        return false;
    }
    own_control_ = platform::SharedPage::map(message.descriptors[0], platform::PeerAccess::read_write);
    host_control_ = platform::SharedPage::map(message.descriptors[1], platform::PeerAccess::read_only);
    nudge_ = std::move(message.descriptors[2]);
    if (!own_control_ || !host_control_) {
        *why = "cannot map the channel's pages";
        return false;
    }
    slot_ = {welcome.slot_base, welcome.slot_bytes, welcome.arena_base, welcome.arena_bytes};
    return enter_slot(welcome.room_bytes, welcome.first_mapping, why);
}

bool ClientChannel::enter_slot(std::uint64_t room_bytes, std::uint64_t first_mapping, std::string* why) {
    // With all that it can grow to; where something of the program lies there, without.
    auto reservation = platform::Reservation::at(slot_.base, room_bytes);
    if (reservation.is_ok()) slot_.length_bytes = room_bytes;
    else reservation = platform::Reservation::at(slot_.base, slot_.length_bytes);
    if (!reservation.is_ok()) {
        char text[128];
        std::snprintf(text, sizeof text, "the address range 0x%llx..0x%llx is not free in this program",
                      static_cast<unsigned long long>(slot_.base),
                      static_cast<unsigned long long>(slot_.base + slot_.length_bytes));
        *why = text;
        return false;
    }
    reservation_ = std::move(reservation).value();
    pump_.open(socket_.get(), reinterpret_cast<ClientControlPage*>(own_control_.data()),
               reinterpret_cast<const HostControlPage*>(host_control_.data()));
    pump_.set_reserved(slot_.length_bytes);
    pump_.watch_arena(slot_.arena_base);
    if (!pump_.apply_until(first_mapping)) {
        *why = "the driver host went away during the handshake";
        return false;
    }
    return true;
}

void ClientChannel::run_agent() {
    while (!is_broken()) {
        // Not for messages: who makes a call applies what its reply needs. Only for news that no call brings, and death.
        std::array<platform::ReadyDescriptor, 3> wait{};
        wait[0].fd = socket_.get();
        wait[1].fd = nudge_.get();
        wait[1].want_read = true;
        wait[2].fd = stop_.get();
        wait[2].want_read = true;
        platform::wait_until_ready(wait, -1);
        if (wait[2].readable) return;
        if (wait[1].readable) {
            platform::drain_event_descriptor(nudge_.get());
            pump_.apply_arrived();
        }
        if (wait[0].hung_up) {
            pump_.apply_arrived();
            pump_.set_broken();
        }
    }
}

Result<std::unique_ptr<ClientPagePair>> ClientChannel::attach_thread(std::uint64_t token) {
    MappingPump::Attached attached;
    {
        const std::lock_guard<std::mutex> lock(attach_lock_);
        const AttachThread message{static_cast<std::uint32_t>(MessageKind::attach_thread), 0, token};
        if (is_broken() || platform::send_message_blocking(socket_.get(), std::as_bytes(std::span(&message, 1)), {}) !=
                               platform::SocketOutcome::ok) {
            return STATUS_PORT_DISCONNECTED;
        }
        if (!pump_.wait_attached(&attached)) return STATUS_PORT_DISCONNECTED;
    }
    if (attached.status < 0) return Status(attached.status);
    auto request = platform::SharedPage::map(attached.request_page, platform::PeerAccess::read_write);
    auto reply = platform::SharedPage::map(attached.reply_page, platform::PeerAccess::read_only);
    if (!request || !reply) return STATUS_NO_MEMORY;
    return std::make_unique<ClientPagePair>(std::move(request), std::move(reply), pump_.broken());
}

Result<std::uint64_t> ClientChannel::attach_file(int descriptor) {
    MappingPump::AttachedFile attached;
    const std::lock_guard<std::mutex> lock(attach_lock_);
    const AttachFile message{static_cast<std::uint32_t>(MessageKind::attach_file), 0};
    const int descriptors[] = {descriptor};
    if (is_broken() || platform::send_message_blocking(socket_.get(), std::as_bytes(std::span(&message, 1)), descriptors) !=
                           platform::SocketOutcome::ok) {
        return STATUS_PORT_DISCONNECTED;
    }
    if (!pump_.wait_file(&attached)) return STATUS_PORT_DISCONNECTED;
    if (attached.status < 0) return Status(attached.status);
    return attached.handle;
}

Status ClientChannel::call(ClientPagePair& pages, OutgoingCall& call) {
    Status status;
    std::uint64_t required_mapping = 0;
    if (!pages.call(call, &status, &required_mapping)) return STATUS_PORT_DISCONNECTED;
    if (!pump_.apply_until(required_mapping)) return STATUS_PORT_DISCONNECTED;
    return status;
}

bool ClientChannel::resolve_fault(std::uint64_t address, bool write) {
    if (!slot_.contains(address)) return false;
    if (pump_.resolve_fault()) return true;
    // Another thread may have applied the mapping between the fault and now.
    return platform::is_accessible(address, 1, write);
}

bool ClientChannel::touch_guard(std::uint64_t address) {
    if (!slot_.contains(address) || !pump_.has_guards() || is_broken()) return false;
    const TouchGuard message{static_cast<std::uint32_t>(MessageKind::touch_guard), 0, address};
    bool was_guard = false;
    const std::lock_guard<std::mutex> lock(attach_lock_);
    if (platform::send_message_blocking(socket_.get(), std::as_bytes(std::span(&message, 1)), {}) !=
        platform::SocketOutcome::ok) {
        return false;
    }
    return pump_.wait_guard_touched(&was_guard) && was_guard;
}

void ClientChannel::close_in_forked_child() {
    pump_.close_in_forked_child();
    socket_.reset();
    nudge_.reset();
    stop_.reset();
}

}  // namespace pw::channel
