// SPDX-License-Identifier: Apache-2.0
// Kernel: one whole kernel, its rooms wired together; a process may hold several.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "base/result.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/files/host_volume.h"
#include "kernel/io/io_manager.h"
#include "kernel/io/service_control.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/objects/object_manager.h"
#include "kernel/processes/process_manager.h"
#include "kernel/registry/registry.h"
#include "kernel/services/child_processes.h"
#include "kernel/services/kernel_port.h"

namespace pw::nt {

struct KernelOptions {
    io::DriverLoader* loader = nullptr;                        // outlives the kernel
    std::function<void(const std::string& line)> report;       // diagnostics for people, one line each
    // DbgPrint: what a driver says; `caller` lies in its image. Any thread, IRQL <= DISPATCH_LEVEL.
    std::function<void(const void* caller, std::string_view text)> debug_print;
    std::uint32_t virtual_processors = 0;                      // 0: as many as the machine has
    ps::ProcessLimits process_limits;                          // of each client
    std::string registry_path;                                 // a file that keeps the registry; empty: none
    // How long a process may stay terminating before somebody is told which requests a driver keeps.
    std::uint64_t rundown_patience_ns = 2'000'000'000;
};

class Kernel final : public KernelPort {
public:
    [[nodiscard]] static Result<std::unique_ptr<Kernel>> create(const KernelOptions& options);
    // Every process has been run down, every driver stopped (stop_drivers()).
    ~Kernel();

    [[nodiscard]] ke::Dispatcher& dispatcher() { return *dispatcher_; }
    [[nodiscard]] ob::ObjectManager& objects() { return *objects_; }
    [[nodiscard]] cm::Registry& registry() { return *registry_; }
    [[nodiscard]] ps::ProcessManager& processes() { return *processes_; }
    [[nodiscard]] mm::MemoryManager& memory() { return *memory_; }
    [[nodiscard]] io::IoManager& io() { return *io_; }
    [[nodiscard]] fs::HostVolume& host_volume() { return *host_volume_; }
    [[nodiscard]] io::ServiceControl& service_control() { return *service_control_; }

    // Writes the registry's file, where the host keeps one. The file's status.
    [[nodiscard]] Status flush_registry();

    void report(const std::string& line) const { options_.report(line); }
    // The same line once in this kernel's life: what is not there, said when it is first missed.
    void report_once(const std::string& line);
    void debug_print(const void* caller, std::string_view text) const { options_.debug_print(caller, text); }

    // Binds the calling OS thread to a thread object of the System process for the scope of a block.
    class SystemThreadScope {
    public:
        explicit SystemThreadScope(Kernel& kernel);
        ~SystemThreadScope();
        SystemThreadScope(const SystemThreadScope&) = delete;
        SystemThreadScope& operator=(const SystemThreadScope&) = delete;

    private:
        struct State;
        std::unique_ptr<State> state_;
    };

    // Loads a driver's file and runs DriverEntry. `error` says in one line what went wrong.
    // `service_name` empty: the file's name without its ending.
    [[nodiscard]] Status load_driver(const std::string& path, std::string_view service_name, std::string* error);
    // Unloads all drivers, last loaded first, and ends the kernel's workers.
    void stop();

    // KernelPort
    Result<ps::Process*> attach_process(const ClientIdentity& identity, mm::MappingClient& mapping, mm::ClientMemory* memory,
                                        SlotInfo* slot) override;
    Result<ps::Thread*> attach_thread(ps::Process& process, std::uint64_t token) override;
    Status dispatch(ps::Thread& thread, CallFrame& frame) override;
    void set_apc_doorbell(ps::Thread& thread, void (*ring)(void*), void* context) override;
    void deliver_kernel_apcs(ps::Thread& thread) override;
    void detach_thread(ps::Thread& thread) override;
    Result<std::uint64_t> attach_file(ps::Process& process, platform::Descriptor descriptor) override;
    bool touch_guard_page(ps::Process& process, std::uint64_t address) override;
    void begin_rundown(ps::Process& process) override;
    [[nodiscard]] std::uint64_t rundown_patience_ns() const override { return options_.rundown_patience_ns; }
    void report_unfinished(ps::Process& process) override;
    bool finish_rundown(ps::Process& process) override;

    [[nodiscard]] ChildProcesses& children() { return children_; }
    // Whether clients are other processes: then they can have children that are clients, too.
    [[nodiscard]] bool has_remote_clients() const { return has_remote_clients_.load(std::memory_order_relaxed); }

    // The descriptor of a process's general heap, for punching holes; the kernel's, valid while the process lives.
    [[nodiscard]] static int arena_descriptor(ps::Process& process);
    // PwCreateThread: the token that the new thread attaches with.
    [[nodiscard]] Result<std::uint64_t> announce_thread(ps::Process& process, Ref<ps::Thread>* thread);

private:
    explicit Kernel(const KernelOptions& options);
    Status start();
    // \\Device\\PhysicalMemory.
    Status make_physical_memory_section();

    class Diagnostics;
    class KernelScope;
    const KernelOptions options_;
    std::unique_ptr<Diagnostics> diagnostics_;
    std::unique_ptr<ke::Dispatcher> dispatcher_;
    std::unique_ptr<ob::ObjectManager> objects_;
    std::unique_ptr<cm::Registry> registry_;
    std::unique_ptr<ps::ProcessManager> processes_;
    std::unique_ptr<mm::MemoryManager> memory_;
    Ref<mm::AddressSpace> system_space_;
    mm::EmbeddedMappingClient system_mapping_;
    std::unique_ptr<io::IoManager> io_;
    std::unique_ptr<fs::HostVolume> host_volume_;
    std::unique_ptr<io::ServiceControl> service_control_;

    ChildProcesses children_{*this};
    std::atomic<bool> has_remote_clients_{false};

    Mutex reported_lock_{LockRank::leaf};
    std::set<std::string> reported_ PW_GUARDED_BY(reported_lock_);

    Mutex announced_lock_{LockRank::connection};
    struct AnnouncedThread {
        std::uint64_t token;
        Ref<ps::Thread> thread;
    };
    std::vector<AnnouncedThread> announced_ PW_GUARDED_BY(announced_lock_);
    std::uint64_t next_token_ PW_GUARDED_BY(announced_lock_) = 1;
};

}  // namespace pw::nt
