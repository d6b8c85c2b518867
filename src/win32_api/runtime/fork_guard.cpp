// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/fork_guard.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/console_line.h"
#include "platform/private_copy.h"
#include "win32_api/runtime/arena_pages.h"
#include "win32_api/runtime/program_image.h"
#include "win32_api/runtime/runtime.h"

// The C library's registration; pthread_atfork itself may be our own, which collects the allocator's handlers.
extern "C" int __register_atfork(void (*prepare)(), void (*parent)(), void (*child)(), void* dso);
extern "C" void* __dso_handle;

namespace pw::win32 {
namespace {

// Other libraries' fork handlers run there, too.
constexpr std::size_t fork_stack_bytes = 256 * 1024;

constinit AllocatorForkHandlers allocator;
constinit bool installed = false;
// Of the fork under way; the C library runs one at a time.
constinit int done_pipe[2] = {-1, -1};
constinit ProcessSlot slot_at_fork;

bool copy_range(std::uint64_t address, std::uint64_t length_bytes, void*) {
    const std::uint64_t arena_end = slot_at_fork.arena_base + slot_at_fork.arena_bytes;
    // The arena is copied through its descriptor: most of it has never been touched.
    if (address >= slot_at_fork.arena_base && address < arena_end && slot_at_fork.arena_descriptor >= 0) return true;
    return platform::make_private(address, length_bytes, -1, 0);
}

void make_child_private() {
    bool ok = true;
    if (slot_at_fork.arena_bytes != 0 && slot_at_fork.arena_descriptor >= 0) {
        ok = platform::make_private(slot_at_fork.arena_base, slot_at_fork.arena_bytes, slot_at_fork.arena_descriptor, 0);
    }
    ok = ok && platform::for_each_shared_writable(slot_at_fork.base, slot_at_fork.base + slot_at_fork.length_bytes,
                                                  copy_range, nullptr);
    const ImageRange data = adopted_program_data();
    if (data.length_bytes != 0) {
        ok = ok && platform::make_private(data.base, data.length_bytes, -1, 0);
    }
    if (ok) return;
    // Going on would change the parent's memory.
    platform::write_console_line("partywall: a forked child cannot get its own memory (out of memory?): it ends");
    ::_exit(127);
}

void close_end(int end) {
    ::close(done_pipe[end]);
    done_pipe[end] = -1;
}

void before_fork() {
    slot_at_fork = process_slot();
    const char here = 0;
    if (slot_at_fork.length_bytes != 0 && arena_pages().contains(&here)) {
        // Parent and child would run on the same pages of the stack until the child has its copy.
        platform::write_console_line(
            "partywall: a process that uses Partywall can fork only by fork(), not by daemon(), forkpty() or the like");
        std::abort();
    }
    if (slot_at_fork.length_bytes != 0 && ::pipe2(done_pipe, O_CLOEXEC) != 0) done_pipe[0] = done_pipe[1] = -1;
    if (allocator.prepare != nullptr) allocator.prepare();
}

void after_fork_in_parent() {
    const int saved = errno;
    if (done_pipe[1] >= 0) {
        close_end(1);
        // Ends when the child is done, or dead; at once when the fork failed.
        char nothing = 0;
        while (::read(done_pipe[0], &nothing, 1) < 0 && errno == EINTR) {
        }
        close_end(0);
    }
    if (allocator.parent != nullptr) allocator.parent();
    errno = saved;
}

void after_fork_in_child() {
    if (slot_at_fork.length_bytes != 0) {
        if (done_pipe[1] < 0) {
            // Without the pipe the parent does not wait, and the copy may hold what it wrote since.
            platform::write_console_line("partywall: no pipe for a forked child: its memory may be inconsistent");
        }
        make_child_private();
        arena_pages().become_private();
        if (done_pipe[1] >= 0) {
            close_end(1);
            close_end(0);
        }
    }
    if (allocator.child != nullptr) allocator.child();
    forget_transport_in_forked_child();
}

}  // namespace

void set_allocator_fork_handlers(const AllocatorForkHandlers& handlers) { allocator = handlers; }

int fork_on_private_stack(int (*real_fork)()) {
    if (!arena_pages().is_open()) return real_fork();
    struct Call {
        int (*function)();
        int result;
    } call{real_fork, -1};
    void* const stack = ::mmap(nullptr, fork_stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        errno = ENOMEM;
        return -1;
    }
    pw_call_on_stack(
        [](void* context) {
            auto* const to_do = static_cast<Call*>(context);
            to_do->result = to_do->function();
        },
        &call, static_cast<std::byte*>(stack) + fork_stack_bytes);
    const int saved = errno;
    ::munmap(stack, fork_stack_bytes);
    errno = saved;
    return call.result;
}

void install_fork_guard() {
    if (installed) return;
    installed = true;
    __register_atfork(before_fork, after_fork_in_parent, after_fork_in_child, &__dso_handle);
}

}  // namespace pw::win32
