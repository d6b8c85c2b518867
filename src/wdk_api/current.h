// SPDX-License-Identifier: Apache-2.0
// What the façades mean by "the current kernel": the only place that looks it up.
#pragma once

#include "kernel/services/caller.h"
#include "kernel/services/kernel.h"

namespace pw::wdk {

// The kernel that threads without one of their own belong to (a driver's std::thread, a signal handler …). Set by the
// composition root, taken away with null.
void set_default_kernel(nt::Kernel* kernel);

// The calling thread; one that no kernel made becomes a thread of the default kernel's System process.
[[nodiscard]] ps::Thread& current_thread();
// The kernel that the calling thread belongs to.
[[nodiscard]] nt::Kernel& current_kernel();

[[nodiscard]] inline ke::Dispatcher& dispatcher() { return current_thread().dispatcher(); }
// The memory room of the kernel that the calling thread belongs to.
[[nodiscard]] mm::MemoryManager& memory_manager();
// The address space of the process in whose context the thread runs; nullptr in the System process.
[[nodiscard]] mm::AddressSpace* current_address_space();

// The object with this body. What is no object is the driver's error: bug check REFERENCE_BY_POINTER (0x18).
[[nodiscard]] ob::Object* object_or_bug_check(void* body);
// PsCreateSystemThread, decoded.
[[nodiscard]] Status create_system_thread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                          HANDLE process_handle, PCLIENT_ID client_id, PKSTART_ROUTINE routine, PVOID context);

// The caller of a Zw routine: kernel mode, whatever the previous mode was.
[[nodiscard]] nt::Caller kernel_caller();

}  // namespace pw::wdk
