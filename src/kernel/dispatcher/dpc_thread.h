// SPDX-License-Identifier: Apache-2.0
// The dispatcher's own OS threads: WorkerBinding makes one a kernel thread, DpcThread serves one processor's DPC queue.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "kernel/dispatcher/processor_set.h"
#include "kernel/dispatcher/thread.h"
#include "platform/joined_thread.h"

namespace pw::ke {

// While it lives, the calling OS thread runs as a kernel thread of the dispatcher.
class WorkerBinding {
public:
    explicit WorkerBinding(Dispatcher& dispatcher);
    ~WorkerBinding();
    WorkerBinding(const WorkerBinding&) = delete;
    WorkerBinding& operator=(const WorkerBinding&) = delete;

    [[nodiscard]] Thread& thread() const { return *thread_; }

private:
    WorkerHost* host_;
    std::unique_ptr<Thread> own_;  // when the host made none
    Thread* thread_;
    Thread* previous_;
};

class ProcessorSet::DpcThread {
public:
    // threaded: runs the processor's threaded DPCs, at PASSIVE_LEVEL; else its DPCs when nobody else does.
    DpcThread(Dispatcher& dispatcher, Processor& processor, bool threaded);
    ~DpcThread();
    DpcThread(const DpcThread&) = delete;
    DpcThread& operator=(const DpcThread&) = delete;

    void wake();
    // The calling thread runs this processor's threaded DPCs.
    [[nodiscard]] static bool is_current_threaded_worker(const Processor& processor);

private:
    void run();

    Dispatcher& dispatcher_;
    Processor& processor_;
    const bool threaded_;
    std::atomic<std::uint32_t> word_{0};  // bumped to wake the thread
    std::atomic<bool> stop_{false};
    platform::JoinedThread thread_;
};

}  // namespace pw::ke
