// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/process_manager.h"

#include <algorithm>
#include <csetjmp>
#include <memory>
#include <new>

#include "exceptions/exceptions.h"
#include "platform/threads.h"

namespace pw::ps {

struct ProcessManager::SystemThreadStart {
    ProcessManager* manager;
    Ref<Thread> thread;
    PKSTART_ROUTINE routine;
    PVOID context;
    jmp_buf exit;  // where PsTerminateSystemThread goes
};

thread_local ProcessManager::SystemThreadStart* ProcessManager::current_start = nullptr;

ProcessManager::ProcessManager(ob::ObjectManager& objects, ke::Dispatcher& dispatcher)
    : objects_(objects), dispatcher_(dispatcher) {
    dispatcher_.set_worker_host(this);
    system_process_ = create_process(Process::system_process_id, "System", Identity{});
    PW_CHECK(system_process_);
}

ProcessManager::~ProcessManager() {
    MutexLock lock(lock_);
    PW_CHECK(live_system_threads_.load() == 0);
}

Ref<Process> ProcessManager::create_process(std::uint32_t process_id, std::string image_name, Identity identity,
                                           const ProcessLimits& limits) {
    if (process_id == 0) process_id = next_id_.fetch_add(4);
    auto token = Process::make_token(objects_, process_id, identity);
    if (!token) return {};
    auto process = Ref<Process>::adopt(
        new (std::nothrow) Process(*this, objects_, process_id, std::move(image_name), std::move(identity), std::move(token), limits));
    if (!process) return process;
    MutexLock lock(lock_);
    process_list_.push_back(process.get());
    return process;
}

Ref<Process> ProcessManager::find_process(std::uint32_t process_id) {
    MutexLock lock(lock_);
    for (Process* process : process_list_) {
        if (process->id() == process_id) return Ref<Process>(process);
    }
    return {};
}

Result<Ref<Thread>> ProcessManager::create_thread(Process& process) {
    const std::uint32_t id = next_id_.fetch_add(4);
    auto thread = Ref<Thread>::adopt(new (std::nothrow) Thread(objects_, dispatcher_, process, id));
    if (!thread) return STATUS_INSUFFICIENT_RESOURCES;
    MutexLock lock(lock_);
    {
        MutexLock process_lock(process.lock_);
        if (process.state() != ProcessState::alive) return STATUS_PROCESS_IS_TERMINATING;
        // The System process's threads are the drivers' and the host's own.
        if (!process.is_system() && process.threads_.size() >= process.limits().max_threads) return STATUS_QUOTA_EXCEEDED;
        process.threads_.push_back(thread.get());
    }
    threads_by_id_.emplace(id, thread.get());
    return thread;
}

ke::Activity ProcessManager::activity_of_gone_processes() {
    MutexLock lock(lock_);
    return gone_processes_;
}

Ref<Thread> ProcessManager::find_thread(std::uint32_t thread_id) {
    MutexLock lock(lock_);
    const auto found = threads_by_id_.find(thread_id);
    return found == threads_by_id_.end() ? Ref<Thread>() : Ref<Thread>(found->second);
}

void ProcessManager::exit_thread(Thread& thread) {
    if (thread.exited_.exchange(true)) return;
    {
        MutexLock lock(lock_);
        threads_by_id_.erase(thread.id());
        Process& owner = thread.owner();
        MutexLock process_lock(owner.lock_);
        std::erase(owner.threads_, &thread);
        owner.ended_threads_ += thread.activity().read();
    }
    if (thread.exit_code() == 0x103) thread.set_exit_code(0);
    thread.user_apcs.close();
    while (KAPC* apc = dispatcher_.close_kernel_apcs(thread)) {
        if (apc->RundownRoutine) apc->RundownRoutine(apc);
    }
    dispatcher_.abandon_mutants(thread);
    thread.kept_object.reset();
    dispatcher_.leave_queue(thread);
    dispatcher_.signal_notification(thread.nt()->Header);
}

Result<Ref<Thread>> ProcessManager::create_system_thread(Process& process, PKSTART_ROUTINE routine, PVOID context) {
    PW_TRY_ASSIGN(Ref<Thread> thread, create_thread(process));
    thread->start_routine = reinterpret_cast<const void*>(routine);
    auto* start = new (std::nothrow) SystemThreadStart{this, thread, routine, context, {}};
    if (!start) {
        exit_thread(*thread);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    notify_.thread_created(*thread);
    live_system_threads_.fetch_add(1);
    const bool started = platform::start_detached_thread(
        "pw-system", [](void* argument) { system_thread_main(static_cast<SystemThreadStart*>(argument)); }, start);
    if (!started) {
        delete start;
        exit_thread(*thread);
        if (live_system_threads_.fetch_sub(1) == 1) platform::wake_waiters(live_system_threads_);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    return thread;
}

void ProcessManager::system_thread_main(SystemThreadStart* raw_start) {
    ProcessManager& manager = *raw_start->manager;
    {
        std::unique_ptr<SystemThreadStart> start(raw_start);
        pw_faults_thread_attach();
        ke::Thread::Binding binding(*start->thread);
        current_start = start.get();
        if (setjmp(start->exit) == 0) start->routine(start->context);
        start->thread->deliver_kernel_apcs();
        // A routine that returns ends its thread, as PsTerminateSystemThread(STATUS_SUCCESS) would.
        current_start = nullptr;
        manager.notify_.thread_exited(*start->thread);
        manager.exit_thread(*start->thread);
    }
    if (manager.live_system_threads_.fetch_sub(1) == 1) platform::wake_waiters(manager.live_system_threads_);
}

Status ProcessManager::terminate_system_thread(NTSTATUS exit_status) {
    SystemThreadStart* start = current_start;
    if (!start) return STATUS_INVALID_PARAMETER;
    start->thread->set_exit_code(static_cast<std::uint32_t>(exit_status));
    // As in NT nothing between here and the thread's start is unwound: the driver's frames just end.
    longjmp(start->exit, 1);
}

void ProcessManager::join_system_threads(const std::function<void(std::size_t)>& on_slow) {
    bool reported = false;
    while (const std::uint32_t live = live_system_threads_.load()) {
        if (!reported && !platform::wait_while_equal(live_system_threads_, live, 2'000'000'000)) {
            on_slow(live);
            reported = true;
            continue;
        }
        if (reported) platform::wait_while_equal(live_system_threads_, live);
    }
}

ke::Thread* ProcessManager::attach_worker(ke::Dispatcher&) {
    pw_faults_thread_attach();
    auto thread = create_thread(*system_process_);
    return thread ? std::move(thread).value().leak() : nullptr;
}

void ProcessManager::detach_worker(ke::Thread& worker) {
    auto& thread = static_cast<Thread&>(worker);
    exit_thread(thread);
    thread.release();
}

void ProcessManager::process_gone(Process& process) {
    {
        MutexLock lock(lock_);
        std::erase(process_list_, &process);
        gone_processes_ += process.activity();
    }
    process.state_.store(ProcessState::gone);
    signal_when_over(process);
}

void ProcessManager::report_exit(Process& process, std::uint32_t exit_code) {
    process.set_exit_code(exit_code);
    exit_not_reported(process);
}

void ProcessManager::exit_not_reported(Process& process) {
    process.set_exit_code_awaited(false);
    signal_when_over(process);
}

// Run down and reported: whoever comes second signals. An exit code that the process has told itself is not waited for.
void ProcessManager::signal_when_over(Process& process) {
    if (process.state_.load() != ProcessState::gone) return;
    if (process.exit_code_awaited_.load() && process.exit_code_.load() == 0) return;
    dispatcher_.signal_notification(process.nt()->Header);
}

}  // namespace pw::ps
