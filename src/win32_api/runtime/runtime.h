// SPDX-License-Identifier: Apache-2.0
// The client runtime: connects the program to its kernel before main, and gives each thread its port.
#pragma once

#include <cstdint>
#include <memory>

#include "base/status.h"
#include "win32_api/runtime/transport.h"

namespace pw::win32 {

// The calling thread's port; attaches the thread at its first call. Null when there is no kernel: the first time one line
// says why. no_port_status() is then what a call returns.
[[nodiscard]] ThreadPort* thread_port();
[[nodiscard]] Status no_port_status();

// In a new thread, before its first call: the token that PwCreateThread gave to its creator.
void set_thread_token(std::uint64_t token);
// The calling thread is done with the kernel; a later call would attach it anew.
void detach_thread();

// The kernel's handle of a file that this process opened (Transport::attach_file); NtClose closes it.
[[nodiscard]] Result<std::uint64_t> attach_file(int descriptor);

// The slot of this process; zeros when there is no kernel.
[[nodiscard]] ProcessSlot process_slot();
[[nodiscard]] bool is_connected();

// For the library's constructor and for tests: installs the transport that calls go through from now on.
void install_transport(std::unique_ptr<Transport> transport);
// Why there is no transport; printed at the first call.
void install_refusal(const char* reason, Status status);
// The process is about to end: later calls find no kernel, and say nothing about it.
void close_transport();
// In the child of a fork.
void forget_transport_in_forked_child();
// Tests only: takes the transport out again. No thread may be in a call.
std::unique_ptr<Transport> remove_transport();

}  // namespace pw::win32
