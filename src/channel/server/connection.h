// SPDX-License-Identifier: Apache-2.0
// Connection: one client process as its driver host sees it, from the handshake to the end of its rundown.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "channel/server/outgoing_queue.h"
#include "channel/server/remote_mapping_client.h"
#include "channel/server/server_options.h"
#include "channel/server/service_thread.h"
#include "channel/server/spin_slots.h"
#include "kernel/memory/client_memory.h"
#include "kernel/services/kernel_port.h"
#include "platform/descriptor.h"
#include "platform/joined_thread.h"
#include "kernel/processes/process.h"
#include "platform/shared_page.h"
#include "platform/socket.h"

namespace pw::channel {

// Has a thread of its own, which sleeps in poll() while the client is quiet: a slow or stuck client delays nobody else.
class Connection final : private ps::ProcessKiller {
public:
    // `ended_event` is signalled when the connection has ended. Everything named outlives the connection.
    Connection(platform::Descriptor socket, const ServerOptions& options, nt::KernelPort& port, SpinSlots& slots,
               int ended_event);
    ~Connection() { close(); }

    // False when the system gives no thread or descriptor.
    [[nodiscard]] bool start();
    // Ends the connection as if the client had gone. Any thread; does not wait.
    void close();
    // Who connected, 0 when the system does not tell; known before anything was received.
    [[nodiscard]] std::uint32_t connecting_process() const { return connecting_process_; }
    // Everything is cleaned up: destroying the object does not block.
    [[nodiscard]] bool has_ended() const { return ended_.load(std::memory_order_acquire); }

private:
    void run();
    [[nodiscard]] bool shake_hands();
    // The text for the client when its hello is not acceptable; empty when it is.
    [[nodiscard]] std::string refusal_of(const platform::ReceivedMessage& message, std::span<const std::byte> bytes);
    void refuse(const std::string& text);
    [[nodiscard]] bool attach_process();
    void serve();
    // One message, if there is one. False when the client is gone or broke the rules.
    [[nodiscard]] bool receive();
    // A client's own file: what kind of thing the descriptor is decides whether the kernel sees it.
    void attach_file(platform::Descriptor descriptor);
    [[nodiscard]] bool attach_thread(const AttachThread& message);
    void reap_threads();
    void run_down();
    void report(const std::string& text) const;
    void kill_process() override;

    const platform::Descriptor socket_;
    const platform::Descriptor attention_;  // event: queue backlog, a thread that ended, close()
    const platform::Descriptor nudge_;      // event in the client's agent thread
    const ServerOptions& options_;
    nt::KernelPort& port_;
    SpinSlots& slots_;
    const std::uint32_t connecting_process_;
    const int ended_event_;
    std::atomic<bool> closing_{false};
    std::atomic<bool> ended_{false};

    // The rest belongs to the connection's thread.
    platform::PeerCredentials peer_;
    std::uint32_t process_token_ = 0;  // as the hello had it
    platform::Descriptor pidfd_;  // set before the process object can reach kill_process()
    platform::Descriptor client_memory_file_;
    platform::Descriptor client_maps_file_;
    platform::SharedPage client_control_;
    platform::SharedPage host_control_;
    OutgoingQueue queue_;
    std::unique_ptr<mm::ClientMemory> client_memory_;
    std::unique_ptr<RemoteMappingClient> mapping_;
    ps::Process* process_ = nullptr;
    std::vector<std::unique_ptr<ServiceThread>> threads_;
    platform::JoinedThread os_thread_;  // last: joined before the rest goes
};

}  // namespace pw::channel
