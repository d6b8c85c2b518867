// SPDX-License-Identifier: Apache-2.0
// KernelPort: what a transport (direct or channel) needs from the kernel, and all it may use.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "kernel/services/syscall.h"
#include "platform/descriptor.h"

namespace pw::ps {
class Process;
class ProcessKiller;
class Thread;
}  // namespace pw::ps
namespace pw::mm {
class MappingClient;
class ClientMemory;
}  // namespace pw::mm

namespace pw::nt {

// Who a client is; frozen when it connects (design D8).
struct ClientIdentity {
    std::uint32_t process_id = 0;
    std::uint32_t user_id = 0;
    std::uint32_t group_id = 0;
    std::vector<std::uint32_t> groups;
    std::string image_name;
    std::uint32_t process_token = 0;             // from PwCreateProcess, or 0
    ps::ProcessKiller* killer = nullptr;         // outlives the process object's rundown; null: none
};

// Where the client's slot lies, told to it when it connects.
struct SlotInfo {
    std::uint64_t base = 0;
    std::uint64_t length_bytes = 0;
    std::uint64_t room_bytes = 0;  // what the slot can grow to, if the process keeps so much free from its base on
    std::uint64_t arena_base = 0;  // the general heap's range at the slot's start; mapped by the first mapping request
    std::uint64_t arena_bytes = 0;
};

class KernelPort {
public:
    // A new process object with its address space. `mapping` applies the kernel's mapping decisions in the client;
    // `memory` reads and writes what no segment holds (may be null: embedded). Both outlive the process object's rundown.
    [[nodiscard]] virtual Result<ps::Process*> attach_process(const ClientIdentity& identity, mm::MappingClient& mapping,
                                                              mm::ClientMemory* memory, SlotInfo* slot) = 0;
    // The kernel half of a client thread. token: from PwCreateThread, or 0 for a thread that the kernel has not seen.
    [[nodiscard]] virtual Result<ps::Thread*> attach_thread(ps::Process& process, std::uint64_t token) = 0;
    // A file that the process opened itself: a handle of the process, for sections. What the transport could not trust has
    // been looked at; the kernel looks at kind and access mode. STATUS_INVALID_FILE_FOR_SECTION. Any OS thread.
    [[nodiscard]] virtual Result<std::uint64_t> attach_file(ps::Process& process, platform::Descriptor descriptor) = 0;
    // The process touched an address of its slot and faulted. True: it was in a guard page, which is none any more; the
    // process's mappings follow. Any OS thread.
    [[nodiscard]] virtual bool touch_guard_page(ps::Process& process, std::uint64_t address) = 0;
    // Runs one call on the calling OS thread, which is bound to `thread` meanwhile. Returns the call's NTSTATUS.
    virtual Status dispatch(ps::Thread& thread, CallFrame& frame) = 0;
    // How the transport makes a thread look for kernel APCs while it runs no call: `ring` may be called on any thread and shall
    // lead to deliver_kernel_apcs() on the thread's own OS thread. Null: no more; the old one is not called afterwards.
    virtual void set_apc_doorbell(ps::Thread& thread, void (*ring)(void*), void* context) = 0;
    virtual void deliver_kernel_apcs(ps::Thread& thread) = 0;
    // The client thread is gone: exit processing, then the object may die. On the thread's own service thread.
    virtual void detach_thread(ps::Thread& thread) = 0;
    // First step of a process's end: its threads' user-mode waits end, its requests are cancelled. Any thread; no blocking.
    virtual void begin_rundown(ps::Process& process) = 0;
    // How long a step of the rundown may take before report_unfinished() is called for.
    [[nodiscard]] virtual std::uint64_t rundown_patience_ns() const = 0;
    // A process stays terminating because a driver keeps its requests: names them, once per process. Any thread.
    virtual void report_unfinished(ps::Process& process) = 0;
    // Last step, after every service thread has been detached: handles closed, memory unmapped, object released. False
    // when a driver has not completed all requests within the patience: the process stays terminating, `mapping` and
    // `memory` stay in use, and this is to be called again.
    [[nodiscard]] virtual bool finish_rundown(ps::Process& process) = 0;

protected:
    ~KernelPort() = default;
};

}  // namespace pw::nt
