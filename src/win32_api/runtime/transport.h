// SPDX-License-Identifier: Apache-2.0
// Transport: how this program's system calls reach a kernel: over the channel, or directly in this process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"
#include "channel/client/outgoing_call.h"

namespace pw::win32 {

// One thread's way into the kernel. Only its own thread uses it; its destruction is the thread's end for the kernel.
class ThreadPort {
public:
    virtual ~ThreadPort() = default;
    // Where the payload of the next call is to be built, given the size of its In struct.
    [[nodiscard]] virtual std::span<std::byte> payload_room(std::uint32_t in_bytes) = 0;
    virtual Status call(channel::OutgoingCall& call) = 0;
};

// The address range that the kernel gave this process, and its general heap there.
struct ProcessSlot {
    std::uint64_t base = 0;
    std::uint64_t length_bytes = 0;
    std::uint64_t arena_base = 0;
    std::uint64_t arena_bytes = 0;   // 0: there is no arena
    int arena_descriptor = -1;       // of the arena's memory; the runtime's as long as the process lives
};

class Transport {
public:
    virtual ~Transport() = default;
    // For the calling thread; `token` from PwCreateThread or 0.
    [[nodiscard]] virtual Result<std::unique_ptr<ThreadPort>> attach_thread(std::uint64_t token) = 0;
    // Gives a file that this process opened to the kernel: a handle of it, to be closed with NtClose. The descriptor stays the
    // caller's. STATUS_INVALID_FILE_FOR_SECTION, STATUS_PORT_DISCONNECTED.
    [[nodiscard]] virtual Result<std::uint64_t> attach_file(int descriptor) = 0;
    [[nodiscard]] virtual ProcessSlot slot() = 0;
    // A fault in the slot: true if the access is worth another try. Async-signal-safe.
    [[nodiscard]] virtual bool resolve_fault(std::uint64_t address, bool write) = 0;
    // For a fault that it has not cured: true if it hit a guard page, which is none any more. Async-signal-safe.
    [[nodiscard]] virtual bool touch_guard(std::uint64_t address) = 0;
    // Whether mapping decisions reach this process as messages that can keep a range's contents (PwAdoptMemory).
    [[nodiscard]] virtual bool can_adopt_memory() const = 0;
    virtual void process_ends(int exit_code) = 0;
    // In the child of a fork: lets go of the kernel, which stays the parent's alone.
    virtual void close_in_forked_child() = 0;
};

}  // namespace pw::win32
