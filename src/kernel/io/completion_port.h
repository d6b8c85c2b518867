// SPDX-License-Identifier: Apache-2.0
// CompletionPort: an I/O completion port: packets first in, first out; waiting threads last in, first out; so many of its
// threads at work at a time. A kernel queue (KQUEUE) that has handles.
#pragma once

#include <nt/ob.h>

#include <cstdint>
#include <memory>
#include <span>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/objects/object.h"
#include "kernel/processes/process.h"

namespace pw::io {

// What a port hands out: which file, which request, how it ended.
struct CompletionPacket {
    std::uint64_t key = 0;
    std::uint64_t apc_context = 0;  // the OVERLAPPED's address, for requests of Win32
    NTSTATUS status = STATUS_SUCCESS;
    std::uint64_t information = 0;
};

// Room for one packet, reserved when a request starts, so that its completion cannot fail; charged to the process.
class PacketRoom {
public:
    // Null when memory is short or the process has too many packets outstanding.
    [[nodiscard]] static std::unique_ptr<PacketRoom> reserve(ps::Process& process);
    ~PacketRoom();
    PacketRoom(const PacketRoom&) = delete;
    PacketRoom& operator=(const PacketRoom&) = delete;

private:
    friend class CompletionPort;
    explicit PacketRoom(ps::Process& process) : process_(&process) {}

    CompletionPacket packet_;
    LIST_ENTRY link_{};
    Ref<ps::Process> process_;
};

// How many packets a process may have reserved and queued.
inline constexpr std::uint32_t max_packets_per_process = 131072;

class CompletionPort final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::io_completion_type; }
    // concurrency: documented at CreateIoCompletionPort: while so many threads that took their last packet from this port run,
    // no other is let go; one that waits does not run. 0: as many as there are processors. Null when memory is short.
    [[nodiscard]] static Ref<CompletionPort> create(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, ULONG concurrency);

    // Queues a packet, or gives it to the thread that came last if the port may let another thread run. After the port's last handle was closed it is dropped.
    // IRQL <= DISPATCH_LEVEL.
    void post(std::unique_ptr<PacketRoom> room, const CompletionPacket& packet);

    // Takes up to packets.size() packets, waiting for the first one; from now on the calling thread is one of this port's and of
    // no other. *count: how many, on STATUS_SUCCESS. STATUS_TIMEOUT,
    // STATUS_USER_APC, STATUS_ALERTED; STATUS_ABANDONED_WAIT_0 when the last handle is closed meanwhile. PASSIVE_LEVEL.
    [[nodiscard]] Status remove(std::span<CompletionPacket> packets, KPROCESSOR_MODE mode, bool alertable,
                                const LARGE_INTEGER* timeout, std::uint32_t* count);

    [[nodiscard]] std::uint32_t depth();

private:
    CompletionPort(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, ULONG concurrency);
    ~CompletionPort() override;
    void on_handle_closed(const ob::HandleEvent& event) override;
    [[nodiscard]] static PacketRoom& room_of(LIST_ENTRY* entry) { return *CONTAINING_RECORD(entry, PacketRoom, link_); }
    static void drop(LIST_ENTRY* first);  // a ring, or null

    ke::Dispatcher& dispatcher_;
    // Not a waitable header for others: who waited for it would be given a packet.
    ob::Body<KQUEUE> nt_;
};

}  // namespace pw::io
