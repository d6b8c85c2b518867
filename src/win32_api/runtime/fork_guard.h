// SPDX-License-Identifier: Apache-2.0
// Gives the child of a fork private copies of the memory that its parent shares with the kernel, before fork() returns in
// the parent: else a write of the child would appear in the parent (design D4).
#pragma once

namespace pw::win32 {

// The allocator's own fork handlers; they run inside ours, so that its locks are held while the child copies the heap.
struct AllocatorForkHandlers {
    void (*prepare)() = nullptr;
    void (*parent)() = nullptr;
    void (*child)() = nullptr;
};
void set_allocator_fork_handlers(const AllocatorForkHandlers& handlers);

// Calls the C library's fork() on a stack that is private memory: until the child has its copies, parent and child would
// otherwise overwrite each other's frames on the arena's.
[[nodiscard]] int fork_on_private_stack(int (*real_fork)());

// Registers the handlers with the C library; more calls do nothing.
void install_fork_guard();

}  // namespace pw::win32
