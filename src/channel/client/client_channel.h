// SPDX-License-Identifier: Apache-2.0
// ClientChannel: an application's connection to its driver host.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "channel/client/client_page_pair.h"
#include "channel/client/mapping_pump.h"
#include "platform/descriptor.h"
#include "platform/joined_thread.h"
#include "platform/mapping.h"
#include "platform/shared_page.h"

namespace pw::channel {

// Where the process's slot lies (see nt::SlotInfo) and what its host allows.
struct ClientSlot {
    std::uint64_t base = 0;
    std::uint64_t length_bytes = 0;  // with what the slot can grow to, as far as it is reserved here
    std::uint64_t arena_base = 0;
    std::uint64_t arena_bytes = 0;
    [[nodiscard]] bool contains(std::uint64_t address) const { return address - base < length_bytes; }
};

class ClientChannel {
public:
    // Connects and shakes hands; null on failure, with one line for people in *why. When it returns, the slot is reserved
    // and the arena is mapped.
    [[nodiscard]] static std::unique_ptr<ClientChannel> connect(const std::string& path, std::string* why,
                                                                std::uint32_t process_token = 0);
    // The same over a socket that is connected already.
    [[nodiscard]] static std::unique_ptr<ClientChannel> over(platform::Descriptor socket, std::string* why,
                                                             std::uint32_t process_token = 0);
    ~ClientChannel();
    ClientChannel(const ClientChannel&) = delete;
    ClientChannel& operator=(const ClientChannel&) = delete;

    [[nodiscard]] const ClientSlot& slot() const { return slot_; }

    // A page pair for the calling thread; `token` from PwCreateThread, or 0. STATUS_PORT_DISCONNECTED when the host is gone.
    [[nodiscard]] Result<std::unique_ptr<ClientPagePair>> attach_thread(std::uint64_t token);
    // Gives a file that this process opened to the kernel: a handle of it, to be closed with NtClose. The descriptor stays the
    // caller's. STATUS_INVALID_FILE_FOR_SECTION, STATUS_PORT_DISCONNECTED.
    [[nodiscard]] Result<std::uint64_t> attach_file(int descriptor);
    // One call of the pair's thread; mappings that the reply needs are in place when it returns. STATUS_PORT_DISCONNECTED,
    // within milliseconds of the host's death.
    [[nodiscard]] Status call(ClientPagePair& pages, OutgoingCall& call);
    // For a fault in the slot: true if the access is worth another try. Async-signal-safe.
    [[nodiscard]] bool resolve_fault(std::uint64_t address, bool write);
    // For a fault in the slot that resolve_fault() has not cured: asks the host whether it hit a guard page. True: it did, and
    // the page is none any more. Async-signal-safe, on threads that do not attach anything at the moment.
    [[nodiscard]] bool touch_guard(std::uint64_t address);

    [[nodiscard]] bool is_broken() const { return pump_.broken().load(std::memory_order_acquire) != 0; }
    // Belongs to the channel; -1 when the host mapped no arena.
    [[nodiscard]] int arena_descriptor() { return pump_.arena_descriptor(); }
    // In the child of a fork: lets go of the parent's socket without a word to the host. Nothing works afterwards.
    void close_in_forked_child();

private:
    ClientChannel() = default;
    [[nodiscard]] bool greet(std::string* why, std::uint32_t process_token);
    [[nodiscard]] bool await_welcome(std::string* why);
    // The connection is over: whether the host has said why.
    [[nodiscard]] bool read_refusal(std::string* why);
    [[nodiscard]] bool enter_slot(std::uint64_t room_bytes, std::uint64_t first_mapping, std::string* why);
    void run_agent();

    platform::Descriptor socket_;
    platform::Descriptor nudge_;
    platform::Descriptor stop_;  // event: the agent thread ends
    platform::SharedPage own_control_;
    platform::SharedPage host_control_;
    ClientSlot slot_;
    platform::Reservation reservation_;  // stays when the host dies: the program may still read its views
    MappingPump pump_;
    std::mutex attach_lock_;  // one question at a time; who holds it touches no memory of the application
    platform::JoinedThread agent_;
};

}  // namespace pw::channel
