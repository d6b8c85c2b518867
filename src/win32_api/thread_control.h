// SPDX-License-Identifier: Apache-2.0
// ThreadControl: stopping, continuing and ending a thread of this process from another one.
//
// A thread is never stopped inside a system call (embedded, it would hold the kernel's locks): there it stops on its way out.
// Elsewhere it stops where it is, with whatever locks it holds, as on Windows.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "win32_api/runtime/transport.h"

namespace pw::win32 {

struct ThreadAttention {
    std::atomic<bool> is_in_call{false};  // the thread's own; its signal handler looks
    std::atomic<bool> is_asked{false};    // look at the control when the call is over
};
extern thread_local constinit ThreadAttention t_attention __attribute__((tls_model("initial-exec")));

class ThreadControl {
public:
    // Makes the calling thread controllable under its NT number; a second call does nothing. The port is deleted when the
    // thread is terminated.
    static void enlist(std::uint32_t thread_id, ThreadPort* port);
    // The calling thread ends by itself.
    static void delist();
    // Null: no thread of ours that can be controlled.
    [[nodiscard]] static std::shared_ptr<ThreadControl> find(std::uint32_t thread_id);

    void suspend();
    void resume();
    // The thread runs no more. Its port is deleted, which is its end for the kernel, and then `ended` called, on a thread of
    // the runtime's own. False when the system gives no thread.
    [[nodiscard]] bool terminate(void (*ended)(std::uint32_t exit_code), std::uint32_t exit_code);

    // On the thread itself: does what it is asked for. Async-signal-safe.
    static void obey();
    // The kernel says that the thread is to end: waits for whoever ends it.
    [[noreturn]] static void await_end();

    [[nodiscard]] std::uint32_t os_thread_id() const { return os_thread_id_; }

    ThreadControl(std::uint32_t os_thread_id, ThreadPort* port) : os_thread_id_(os_thread_id), port_(port) {}

private:
    enum State : std::uint32_t { running, suspended, terminated };
    static void reap(void* raw);

    const std::uint32_t os_thread_id_;
    ThreadPort* const port_;
    std::atomic<std::uint32_t> state_{running};
    std::atomic<std::uint32_t> is_parked_{0};
};

// The bounds of a system call, for the thread's own signal handler.
class CallScope {
public:
    CallScope() {
        t_attention.is_in_call.store(true, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    ~CallScope() {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        t_attention.is_in_call.store(false, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (t_attention.is_asked.load(std::memory_order_relaxed)) [[unlikely]] ThreadControl::obey();
    }
    CallScope(const CallScope&) = delete;
    CallScope& operator=(const CallScope&) = delete;
};

}  // namespace pw::win32
