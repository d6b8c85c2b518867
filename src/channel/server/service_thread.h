// SPDX-License-Identifier: Apache-2.0
// ServiceThread: the host's half of one client thread: takes its requests and runs them in the kernel (design D5).
#pragma once

#include <atomic>
#include <cstdint>

#include "channel/server/host_page_pair.h"
#include "channel/server/outgoing_queue.h"
#include "channel/server/remote_mapping_client.h"
#include "channel/server/server_options.h"
#include "kernel/services/kernel_port.h"
#include "platform/joined_thread.h"

namespace pw::channel {

class ServiceThread {
public:
    // What a service thread needs of its connection; outlives it.
    struct Context {
        const ServerOptions& options;
        nt::KernelPort& port;
        ps::Process& process;
        OutgoingQueue& queue;
        RemoteMappingClient& mapping;
        SpinSlots& slots;
        int attention;  // event descriptor, signalled when the thread has ended
    };

    ServiceThread(const Context& context, std::uint64_t token) : context_(context), token_(token), pages_(context.slots) {}

    // Starts it; it attaches to the kernel and answers the client's attach message. STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] Status start();
    // The process ends: after the call under way, the thread detaches and ends. Any thread.
    void interrupt() { pages_.interrupt(); }
    [[nodiscard]] bool has_ended() const { return ended_.load(std::memory_order_acquire); }

private:
    void run();
    void serve(ps::Thread& thread);
    void serve_requests(ps::Thread& thread);
    void run_call(ps::Thread& thread, const HostPagePair::Request& request);
    void pass_on_acknowledged_unmaps();

    const Context context_;
    const std::uint64_t token_;
    HostPagePair pages_;
    std::atomic<bool> ended_{false};
    platform::JoinedThread os_thread_;  // last: joined before the rest goes
};

}  // namespace pw::channel
