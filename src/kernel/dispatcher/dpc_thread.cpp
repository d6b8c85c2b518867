// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/dpc_thread.h"

#include "base/check.h"
#include "kernel/dispatcher/dispatcher.h"
#include "platform/futex.h"

namespace pw::ke {

WorkerBinding::WorkerBinding(Dispatcher& dispatcher) : host_(dispatcher.processors().worker_host()) {
    thread_ = host_ ? host_->attach_worker(dispatcher) : nullptr;
    if (!thread_) {
        host_ = nullptr;
        own_ = std::make_unique<Thread>(dispatcher);
        thread_ = own_.get();
    }
    previous_ = Thread::bind(thread_);
}

WorkerBinding::~WorkerBinding() {
    if (host_) host_->detach_worker(*thread_);
    Thread::bind(previous_);
}

namespace {

thread_local const Processor* threaded_worker_of = nullptr;

}  // namespace

bool ProcessorSet::DpcThread::is_current_threaded_worker(const Processor& processor) { return threaded_worker_of == &processor; }

ProcessorSet::DpcThread::DpcThread(Dispatcher& dispatcher, Processor& processor, bool threaded)
    : dispatcher_(dispatcher), processor_(processor), threaded_(threaded) {
    PW_CHECK(thread_.start(threaded ? "pw-threaded-dpc" : "pw-dpc", [this] { run(); }));
}

ProcessorSet::DpcThread::~DpcThread() {
    stop_.store(true, std::memory_order_release);
    wake();
    thread_.join();
}

void ProcessorSet::DpcThread::wake() {
    word_.fetch_add(1, std::memory_order_release);
    platform::futex_wake(&word_);
}

void ProcessorSet::DpcThread::run() {
    WorkerBinding worker(dispatcher_);
    worker.thread().set_affinity(KAFFINITY{1} << processor_.number());
    if (threaded_) threaded_worker_of = &processor_;
    std::uint32_t seen = 0;
    for (;;) {
        while (word_.load(std::memory_order_acquire) == seen) platform::futex_wait(&word_, seen);
        seen = word_.load(std::memory_order_acquire);
        if (stop_.load(std::memory_order_acquire)) return;
        if (threaded_) {
            dispatcher_.processors().run_threaded(worker.thread(), processor_);
        } else {
            dispatcher_.processors().service(processor_);
        }
    }
}

}  // namespace pw::ke
