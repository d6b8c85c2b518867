// SPDX-License-Identifier: Apache-2.0
// Local sockets that keep message boundaries (SOCK_SEQPACKET), with descriptors and credentials passed along.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "platform/descriptor.h"

namespace pw::platform {

inline constexpr std::size_t max_passed_descriptors = 4;

// Who is at the other end, as the kernel says.
struct PeerCredentials {
    std::uint32_t process_id = 0;
    std::uint32_t user_id = 0;
    std::uint32_t group_id = 0;
    friend bool operator==(const PeerCredentials&, const PeerCredentials&) = default;
};

struct ReceivedMessage {
    std::size_t length_bytes = 0;
    bool truncated = false;  // longer than the room that was given, or more descriptors than fit
    Descriptor descriptors[max_passed_descriptors];
    std::size_t descriptor_count = 0;
    bool has_credentials = false;
    PeerCredentials credentials;
};

enum class SocketOutcome { ok, would_block, closed };

// Makes the socket file (mode 0600, or 0666 for `everybody`) and listens. Messages that arrive on accepted sockets carry their sender's credentials.
// The directory must exist. An errno value is stored in *error on failure.
[[nodiscard]] Descriptor listen_at(const std::string& path, int* error, bool everybody = false);
// Waits for nothing: empty when there is no new connection (an errno value other than EAGAIN is stored in *error).
[[nodiscard]] Descriptor accept_connection(int listener, int* error);
[[nodiscard]] Descriptor connect_to(const std::string& path, int* error);
// Two connected sockets of the same kind; both report credentials.
[[nodiscard]] bool socket_pair(Descriptor* first, Descriptor* second);

// Never blocks, never raises SIGPIPE; a message is sent whole or not at all.
[[nodiscard]] SocketOutcome send_message(int fd, std::span<const std::byte> message, std::span<const int> descriptors);
// Blocks while the peer's queue is full.
[[nodiscard]] SocketOutcome send_message_blocking(int fd, std::span<const std::byte> message, std::span<const int> descriptors);
// Never blocks. Received descriptors are close-on-exec. End of file counts as closed.
[[nodiscard]] SocketOutcome receive_message(int fd, std::span<std::byte> room, ReceivedMessage* message);

// SO_PEERCRED: who connected (server side) or listens (client side).
[[nodiscard]] bool peer_credentials(int fd, PeerCredentials* credentials);
// A pidfd of the process that connected, free of races where the kernel can say so (Linux 6.5), else by its id.
[[nodiscard]] Descriptor peer_pidfd(int fd, std::uint32_t process_id);

// An eventfd: a counter that poll() can wait for. Never blocks.
[[nodiscard]] Descriptor make_event_descriptor();
void signal_event_descriptor(int fd);
void drain_event_descriptor(int fd);

[[nodiscard]] std::uint32_t effective_user();
[[nodiscard]] std::uint32_t own_process_id();
// Owner of a file (links are not followed); false when it cannot be read.
[[nodiscard]] bool file_owner(const std::string& path, std::uint32_t* user_id);
void remove_file(const std::string& path);
// An empty folder.
void remove_folder(const std::string& path);
// Tries to open the file of a descriptor for writing, through /proc: what a client would try on a read-only page.
[[nodiscard]] Descriptor reopen_writable(int fd);
[[nodiscard]] bool is_would_block(int error);
[[nodiscard]] bool is_out_of_descriptors(int error);  // of the process, or of the machine
// What an errno value means, in words.
[[nodiscard]] std::string error_text(int error);

}  // namespace pw::platform
