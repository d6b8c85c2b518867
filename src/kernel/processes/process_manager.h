// SPDX-License-Identifier: Apache-2.0
// ProcessManager: the processes and threads of one kernel, from creation to exit; system threads.
#pragma once

#include <nt/ps.h>

#include <atomic>
#include <functional>
#include <unordered_map>
#include <vector>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/processes/notify.h"
#include "kernel/processes/process.h"
#include "kernel/processes/thread.h"

namespace pw::nt {
class Kernel;
}

namespace pw::ps {

// Also how the dispatcher's own OS threads become threads of the System process (ke::WorkerHost).
class ProcessManager final : public ke::WorkerHost {
public:
    ProcessManager(ob::ObjectManager& objects, ke::Dispatcher& dispatcher);
    ~ProcessManager();

    [[nodiscard]] ob::ObjectManager& objects() const { return objects_; }
    [[nodiscard]] ke::Dispatcher& dispatcher() const { return dispatcher_; }
    // The process that system threads, kernel handles and the driver host's own threads belong to.
    [[nodiscard]] Process& system_process() { return *system_process_; }

    // A process object for a client. process_id is the client's own; 0 picks a number. Returned with one reference; null when
    // memory is short.
    [[nodiscard]] Ref<Process> create_process(std::uint32_t process_id, std::string image_name, Identity identity,
                                              const ProcessLimits& limits = {});
    // Who is told of processes, threads and images.
    [[nodiscard]] NotifyRoutines& notify() { return notify_; }
    [[nodiscard]] Ref<Process> find_process(std::uint32_t process_id);
    // What the processes that are gone have done, all together.
    [[nodiscard]] ke::Activity activity_of_gone_processes();
    template <typename Visit>
    void for_each_process(Visit visit);

    // A thread object, with one reference. Bind it (ke::Thread::Binding) on the OS thread that is to run as it.
    // STATUS_PROCESS_IS_TERMINATING, STATUS_QUOTA_EXCEEDED (its limits), STATUS_INSUFFICIENT_RESOURCES. PASSIVE_LEVEL.
    [[nodiscard]] Result<Ref<Thread>> create_thread(Process& process);
    [[nodiscard]] Ref<Thread> find_thread(std::uint32_t thread_id);
    // Exit: abandons mutants, signals the thread object, leaves the process's list. On the thread itself.
    void exit_thread(Thread& thread);

    // PsCreateSystemThread: starts an OS thread in `process` that runs routine(context) at PASSIVE_LEVEL.
    [[nodiscard]] Result<Ref<Thread>> create_system_thread(Process& process, PKSTART_ROUTINE routine, PVOID context);
    // PsTerminateSystemThread: ends the calling system thread; does not return on success.
    [[nodiscard]] Status terminate_system_thread(NTSTATUS exit_status);
    // Blocks until every system thread has ended (driver unload, kernel shutdown). A thread that never ends is the
    // driver's bug; `on_slow` is called once when it takes longer than two seconds.
    void join_system_threads(const std::function<void(std::size_t)>& on_slow);

    // ke::WorkerHost
    ke::Thread* attach_worker(ke::Dispatcher& dispatcher) override;
    void detach_worker(ke::Thread& thread) override;

    // The kernel that this belongs to, for the façades; opaque here.
    void set_kernel(nt::Kernel* kernel) { kernel_ = kernel; }
    [[nodiscard]] nt::Kernel* kernel() const { return kernel_; }

    // How a process has ended, from its parent; a process that has been run down is then signalled.
    void report_exit(Process& process, std::uint32_t exit_code);
    // Nobody will report.
    void exit_not_reported(Process& process);
    // After rundown: signals the process object and forgets it. The last reference may be elsewhere.
    void process_gone(Process& process);

private:
    void signal_when_over(Process& process);
    struct SystemThreadStart;
    static thread_local SystemThreadStart* current_start;
    static void system_thread_main(SystemThreadStart* start);

    ob::ObjectManager& objects_;
    ke::Dispatcher& dispatcher_;
    Mutex lock_{LockRank::host};
    std::vector<Process*> process_list_ PW_GUARDED_BY(lock_);
    ke::Activity gone_processes_ PW_GUARDED_BY(lock_);
    std::unordered_map<std::uint32_t, Thread*> threads_by_id_ PW_GUARDED_BY(lock_);
    NotifyRoutines notify_;
    std::atomic<std::uint32_t> next_id_{8};
    std::atomic<std::uint32_t> live_system_threads_{0};
    Ref<Process> system_process_;
    nt::Kernel* kernel_ = nullptr;
};

template <typename Visit>
void ProcessManager::for_each_process(Visit visit) {
    std::vector<Ref<Process>> snapshot;
    {
        MutexLock lock(lock_);
        for (Process* process : process_list_) snapshot.emplace_back(process);
    }
    for (const Ref<Process>& process : snapshot) visit(*process);
}

}  // namespace pw::ps
