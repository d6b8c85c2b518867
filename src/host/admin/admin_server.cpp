// SPDX-License-Identifier: Apache-2.0
#include "host/admin/admin_server.h"

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "channel/wire/admin_wire.h"
#include "platform/readiness.h"
#include "platform/socket.h"

namespace pw::host {
namespace {

using channel::AdminFrame;
using channel::AdminHeader;
using nlohmann::json;

// A tool that does not read for so long is gone as far as we are concerned.
constexpr int send_patience_ms = 10'000;

}  // namespace

// One tool: its requests, one after the other, on a thread of its own.
class AdminServer::Session final : public AdminProgress {
public:
    Session(AdminServer& server, platform::Descriptor socket) : server_(server), socket_(std::move(socket)) {}

    [[nodiscard]] bool start() {
        return thread_.start("pw-admin", [this] {
            serve();
            ended_.store(true, std::memory_order_release);
            platform::signal_event_descriptor(server_.event_.get());
        });
    }
    [[nodiscard]] bool has_ended() const { return ended_.load(std::memory_order_acquire); }

    void say(const std::string& line) override { static_cast<void>(send(AdminFrame::progress, line)); }

    bool pause_ms(int duration_ms) override {
        std::array<platform::ReadyDescriptor, 2> wait{};
        wait[0].fd = socket_.get();  // its end only
        wait[1].fd = server_.stop_event_.get();
        wait[1].want_read = true;
        platform::wait_until_ready(wait, duration_ms);
        return !wait[0].hung_up && !wait[1].readable;
    }

private:
    void serve() {
        platform::PeerCredentials peer;
        if (!platform::peer_credentials(socket_.get(), &peer)) return;
        const std::uint32_t own = platform::effective_user();
        if (peer.user_id != own && peer.user_id != 0) {
            const std::string text = "this driver host belongs to user " + std::to_string(own) +
                                     " and takes no commands from user " + std::to_string(peer.user_id);
            server_.report_("refused a tool of process " + std::to_string(peer.process_id) + ": " + text);
            static_cast<void>(send(AdminFrame::refused, text));
            // The request is taken all the same: a socket that closes with unread messages takes its answer with it.
            std::byte unread[1];
            platform::ReceivedMessage message;
            if (wait_for_request()) static_cast<void>(platform::receive_message(socket_.get(), unread, &message));
            return;
        }
        std::vector<std::byte> room(sizeof(AdminHeader) + channel::max_admin_request_bytes);
        while (wait_for_request()) {
            platform::ReceivedMessage message;
            switch (platform::receive_message(socket_.get(), room, &message)) {
                case platform::SocketOutcome::would_block: continue;
                case platform::SocketOutcome::closed: return;
                case platform::SocketOutcome::ok: break;
            }
            if (!answer(std::span(room).first(message.length_bytes), message)) return;
        }
    }

    bool wait_for_request() {
        std::array<platform::ReadyDescriptor, 2> wait{};
        wait[0].fd = socket_.get();
        wait[0].want_read = true;
        wait[1].fd = server_.stop_event_.get();
        wait[1].want_read = true;
        platform::wait_until_ready(wait, -1);
        return !wait[1].readable && (wait[0].readable || !wait[0].hung_up);
    }

    bool answer(std::span<const std::byte> bytes, const platform::ReceivedMessage& message) {
        AdminHeader header{};
        if (bytes.size() >= sizeof header) std::memcpy(&header, bytes.data(), sizeof header);
        if (message.truncated || message.descriptor_count != 0 || header.magic != channel::admin_magic) {
            return send(AdminFrame::refused, "this is the administration socket of a Partywall driver host; what came is no request"),
                   false;
        }
        if (header.version != channel::admin_version) {
            return send(AdminFrame::refused, "the tool speaks version " + std::to_string(header.version) + ", this driver host version " +
                                                 std::to_string(channel::admin_version) + "; use tools of the host's Partywall"),
                   false;
        }
        if (header.kind != static_cast<std::uint32_t>(AdminFrame::request)) {
            return send(AdminFrame::refused, "what came is no request"), false;
        }
        const auto* text = reinterpret_cast<const char*>(bytes.data()) + sizeof header;
        const json request = json::parse(text, text + (bytes.size() - sizeof header), nullptr, false);
        if (request.is_discarded()) return send(AdminFrame::refused, "the request is no JSON"), false;
        // Names of files and programs need not be UTF-8: what is not becomes U+FFFD.
        return send_answer(server_.commands_.run(request, *this).dump(-1, ' ', false, json::error_handler_t::replace));
    }

    bool send_answer(const std::string& text) {
        constexpr std::size_t piece = channel::max_admin_frame_bytes - sizeof(AdminHeader);
        std::size_t done = 0;
        for (; text.size() - done > piece; done += piece) {
            if (!send(AdminFrame::part, std::string_view(text).substr(done, piece))) return false;
        }
        return send(AdminFrame::last, std::string_view(text).substr(done));
    }

    bool send(AdminFrame kind, std::string_view text) {
        const AdminHeader header{channel::admin_magic, channel::admin_version, static_cast<std::uint32_t>(kind), 0};
        std::vector<std::byte> frame(sizeof header + text.size());
        std::memcpy(frame.data(), &header, sizeof header);
        if (!text.empty()) std::memcpy(frame.data() + sizeof header, text.data(), text.size());
        for (;;) {
            const platform::SocketOutcome outcome = platform::send_message(socket_.get(), frame, {});
            if (outcome != platform::SocketOutcome::would_block) return outcome == platform::SocketOutcome::ok;
            std::array<platform::ReadyDescriptor, 2> wait{};
            wait[0].fd = socket_.get();
            wait[0].want_write = true;
            wait[1].fd = server_.stop_event_.get();
            wait[1].want_read = true;
            if (!platform::wait_until_ready(wait, send_patience_ms) || wait[0].hung_up || wait[1].readable) return false;
        }
    }

    AdminServer& server_;
    const platform::Descriptor socket_;
    std::atomic<bool> ended_{false};
    platform::JoinedThread thread_;  // last: joined before the rest goes
};

AdminServer::AdminServer(AdminCommands& commands, std::function<void(const std::string&)> report)
    : commands_(commands),
      report_(std::move(report)),
      event_(platform::make_event_descriptor()),
      stop_event_(platform::make_event_descriptor()) {}

AdminServer::~AdminServer() { stop(); }

bool AdminServer::start(const std::string& path, std::string* why) {
    int error = 0;
    listener_ = platform::listen_at(path, &error);
    if (!listener_) {
        *why = "cannot listen at '" + path + "': " + platform::error_text(error);
        return false;
    }
    path_ = path;
    if (!event_ || !stop_event_ || !os_thread_.start("pw-admin-server", [this] { run(); })) {
        *why = "the system gives no thread";
        return false;
    }
    return true;
}

void AdminServer::run() {
    while (!stopping_.load(std::memory_order_acquire)) {
        std::array<platform::ReadyDescriptor, 2> wait{};
        wait[0].fd = event_.get();
        wait[0].want_read = true;
        wait[1].fd = listener_.get();
        wait[1].want_read = true;
        platform::wait_until_ready(wait, -1);
        if (wait[0].readable) platform::drain_event_descriptor(event_.get());
        reap();
        if (wait[1].readable) accept_tools();
    }
    sessions_.clear();
}

void AdminServer::reap() {
    std::erase_if(sessions_, [](const auto& session) { return session->has_ended(); });
}

void AdminServer::accept_tools() {
    int error = 0;
    while (platform::Descriptor socket = platform::accept_connection(listener_.get(), &error)) {
        auto session = std::make_unique<Session>(*this, std::move(socket));
        // Beyond the limit the tool sees the end of the stream at once.
        if (sessions_.size() >= max_sessions || !session->start()) continue;
        sessions_.push_back(std::move(session));
    }
    // Out of descriptors the listener stays readable; a tool that leaves makes room.
    if (error != 0 && !platform::is_would_block(error)) {
        std::array<platform::ReadyDescriptor, 1> wait{};
        wait[0].fd = stop_event_.get();
        wait[0].want_read = true;
        platform::wait_until_ready(wait, 100);
    }
}

void AdminServer::stop() {
    stopping_.store(true, std::memory_order_release);
    if (stop_event_) platform::signal_event_descriptor(stop_event_.get());
    if (event_) platform::signal_event_descriptor(event_.get());
    os_thread_.join();
    listener_.reset();
    if (!path_.empty()) platform::remove_file(std::exchange(path_, {}));
}

}  // namespace pw::host
