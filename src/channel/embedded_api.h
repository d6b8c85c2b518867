// SPDX-License-Identifier: Apache-2.0
// The C entry of libpartywall-kernel.so through which an application runs the kernel in its own process.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/services/kernel_port.h"
#include "kernel/services/syscall.h"

extern "C" {

// Both sides come from one build; the size and version say so when they do not.
inline constexpr std::uint32_t pw_embedded_version = 3;

struct pw_embedded_config {
    std::uint32_t size_bytes;  // sizeof(pw_embedded_config)
    std::uint32_t version;     // pw_embedded_version
    const char* drivers;       // PARTYWALL_DRIVERS: paths separated by ':', loaded in order; may be empty
};

// Filled in by pw_embedded_start. The functions may be called from any thread of the process.
struct pw_embedded_api {
    std::uint32_t size_bytes;  // sizeof(pw_embedded_api), set by the caller
    std::uint32_t reserved;
    void* context;
    // The kernel half of the calling thread; `token` from PwCreateThread or 0. An NTSTATUS.
    std::int32_t (*attach_thread)(void* context, std::uint64_t token, void** thread);
    // One system call on the calling thread; returns its NTSTATUS.
    std::int32_t (*call)(void* context, void* thread, pw::nt::CallFrame* frame);
    // A file that the process opened: a handle of it for the kernel. The descriptor stays the caller's. An NTSTATUS.
    std::int32_t (*attach_file)(void* context, int descriptor, std::uint64_t* handle);
    // A fault of the application at an address of its slot: 1 if it hit a guard page, which is none any more.
    int (*touch_guard_page)(void* context, std::uint64_t address);
    // The calling thread ends. On that thread.
    void (*detach_thread)(void* context, void* thread);
    // The process ends: runs the process object down and unloads the drivers.
    void (*shutdown)(void* context, int exit_code);
    pw::nt::SlotInfo slot;
    int arena_descriptor;  // of the arena's segment at slot.arena_base, for punching holes; -1: none. Stays open.
};

// Starts a kernel in this process. 0, or a failing NTSTATUS with one line for people in why[0, why_bytes).
typedef std::int32_t (*pw_embedded_start_function)(const pw_embedded_config* config, pw_embedded_api* api, char* why,
                                                   std::size_t why_bytes);
#define PW_EMBEDDED_START_NAME "pw_embedded_start"

}  // extern "C"
