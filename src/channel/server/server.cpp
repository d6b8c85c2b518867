// SPDX-License-Identifier: Apache-2.0
#include "channel/server/server.h"

#include <algorithm>
#include <array>
#include <utility>

#include "channel/server/refusal.h"
#include "platform/readiness.h"
#include "platform/shared_words.h"
#include "platform/socket.h"

namespace pw::channel {
namespace {

constexpr int accept_retry_ms = 100;
constexpr int accepts_at_a_time = 32;

// To a client that has just connected; it may have greeted or not. Never waits.
void refuse(int socket, const std::string& text) {
    const Refused message = refusal(text);
    static_cast<void>(platform::send_message(socket, std::as_bytes(std::span(&message, 1)), {}));
}

}  // namespace

Server::Server(nt::KernelPort& port, ServerOptions options)
    : port_(port),
      options_(std::move(options)),
      slots_(platform::online_processors()),
      event_(platform::make_event_descriptor()),
      spare_(platform::make_event_descriptor()) {}

bool Server::start(const std::string& path, std::string* why) {
    int error = 0;
    listener_ = platform::listen_at(path, &error, options_.serve_other_users);
    if (!listener_) {
        *why = "cannot listen at '" + path + "': " + platform::error_text(error);
        return false;
    }
    path_ = path;
    if (!ensure_thread()) {
        *why = "the system gives no thread";
        return false;
    }
    return true;
}

bool Server::ensure_thread() {
    if (running_) return true;
    running_ = event_ && os_thread_.start("pw-server", [this] { run(); });
    return running_;
}

bool Server::serve(platform::Descriptor socket) { return ensure_thread() && adopt(std::move(socket)).empty(); }

std::string Server::adopt(platform::Descriptor socket) {
    auto connection = std::make_unique<Connection>(std::move(socket), options_, port_, slots_, event_.get());
    MutexLock lock(lock_);
    if (connections_.size() >= options_.max_connections) {
        return "it has too many connections (" + std::to_string(connections_.size()) + "); end some applications";
    }
    const auto same_process = std::count_if(connections_.begin(), connections_.end(), [&](const auto& other) {
        return !other->has_ended() && other->connecting_process() == connection->connecting_process();
    });
    if (same_process >= options_.max_connections_per_process) return "this process has too many connections";
    if (!connection->start()) return out_of_descriptors_text();
    connections_.push_back(std::move(connection));
    return {};
}

std::size_t Server::connection_count() {
    MutexLock lock(lock_);
    return connections_.size();
}

void Server::run() {
    for (;;) {
        reap_connections();
        const bool stopping = stopping_.load(std::memory_order_acquire);
        if (stopping) {
            MutexLock lock(lock_);
            if (connections_.empty()) return;
            for (const auto& connection : connections_) connection->close();
        }
        std::array<platform::ReadyDescriptor, 2> wait{};
        wait[0].fd = event_.get();
        wait[0].want_read = true;
        const bool listening = !stopping && !out_of_descriptors_;
        wait[1].fd = listening ? listener_.get() : -1;
        wait[1].want_read = true;
        const int patience_ms = stopping ? stop_patience_ms_.load() : out_of_descriptors_ ? accept_retry_ms : -1;
        if (!platform::wait_until_ready(wait, patience_ms) && stopping) return;
        out_of_descriptors_ = false;
        if (wait[0].readable) platform::drain_event_descriptor(event_.get());
        if (wait[1].readable) accept_clients();
    }
}

void Server::accept_clients() {
    int error = 0;
    // Not for ever: who connects faster than we accept must not keep ended connections from being reaped.
    for (int i = 0; i < accepts_at_a_time; ++i) {
        platform::Descriptor socket = platform::accept_connection(listener_.get(), &error);
        if (!socket) break;
        error = 0;
        const platform::Descriptor kept = platform::duplicate_descriptor(socket.get());
        const std::string refusal = adopt(std::move(socket));
        if (refusal.empty()) continue;
        if (kept) refuse(kept.get(), refusal);
        report_turned_away(refusal);
    }
    for (int i = 0; i < accepts_at_a_time && platform::is_out_of_descriptors(error); ++i) {
        if (!refuse_for_want_of_descriptors()) break;
    }
    // Out of descriptors or memory, the listener stays readable: look again later instead of spinning.
    out_of_descriptors_ = error != 0 && !platform::is_would_block(error);
}

bool Server::refuse_for_want_of_descriptors() {
    if (!spare_) spare_ = platform::make_event_descriptor();
    if (!spare_) return false;
    spare_.reset();
    int error = 0;
    platform::Descriptor socket = platform::accept_connection(listener_.get(), &error);
    if (socket) refuse(socket.get(), out_of_descriptors_text());
    const bool refused = static_cast<bool>(socket);
    socket.reset();
    spare_ = platform::make_event_descriptor();
    if (refused) report_turned_away(out_of_descriptors_text());
    return refused;
}

void Server::report_turned_away(const std::string& why) {
    // Said at the first, second, fourth, eighth …: a flood does not become one of lines.
    ++turned_away_;
    if (!options_.report || (turned_away_ & (turned_away_ - 1)) != 0) return;
    options_.report("a client was turned away: " + why + " (" + std::to_string(turned_away_) + " so far)");
}

void Server::reap_connections() {
    std::vector<std::unique_ptr<Connection>> ended;
    std::size_t left = 0;
    {
        MutexLock lock(lock_);
        const auto first = std::stable_partition(connections_.begin(), connections_.end(),
                                                 [](const auto& connection) { return !connection->has_ended(); });
        std::move(first, connections_.end(), std::back_inserter(ended));
        connections_.erase(first, connections_.end());
        left = connections_.size();
    }
    if (!ended.empty() && options_.connection_ended) options_.connection_ended(left);
}

bool Server::stop(int patience_ms) {
    stop_patience_ms_.store(patience_ms);
    stopping_.store(true, std::memory_order_release);
    if (event_) platform::signal_event_descriptor(event_.get());
    os_thread_.join();
    running_ = false;
    listener_.reset();
    if (!path_.empty()) platform::remove_file(std::exchange(path_, {}));
    // What the thread left goes here, when it may be waited for.
    const bool is_empty = connection_count() == 0;
    if (is_empty || patience_ms >= 0) return is_empty;
    return ensure_thread() && stop(-1);
}

}  // namespace pw::channel
