// SPDX-License-Identifier: Apache-2.0
// Process: one process object: identity, handles, address space, threads, and how far its end has come.
#pragma once

#include <nt/ps.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/objects/handle_table.h"
#include "kernel/objects/object.h"
#include "kernel/processes/creation.h"
#include "kernel/processes/bodies.h"
#include "kernel/processes/process_limits.h"
#include "kernel/security/token.h"

namespace pw::mm {
class AddressSpace;
}

namespace pw::ps {

class Process;
class ProcessManager;
class Thread;

// Who a process acts for. uid -> S-1-22-1-uid, gid -> S-1-22-2-gid (design D9).
struct Identity {
    std::uint32_t user_id = 0;
    std::uint32_t group_id = 0;
    std::vector<std::uint32_t> groups;
    bool is_elevated = false;  // root, or the user whom the host belongs to: Administrators and SYSTEM as well
};

// Alive: may open handles and start requests. Terminating: requests are being cancelled, handles closed. Gone: signalled.
enum class ProcessState : std::uint8_t { alive, terminating, gone };

// The transport's way to end a client's process.
class ProcessKiller {
public:
    // Under the process's lock: short, and calls nothing of ours.
    virtual void kill_process() = 0;

protected:
    ~ProcessKiller() = default;
};

class Process final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::process_type; }

    [[nodiscard]] std::uint32_t id() const { return id_.load(std::memory_order_relaxed); }
    // A process that was announced before it ran gets its number.
    void set_id(std::uint32_t id) { id_.store(id, std::memory_order_relaxed); }
    [[nodiscard]] const std::string& image_name() const { return image_name_; }
    // How it came to be. Set before the process runs; what nobody asked for is not filled in.
    [[nodiscard]] const ProcessCreation& creation() const { return creation_; }
    void set_creation(ProcessCreation creation) { creation_ = std::move(creation); }
    [[nodiscard]] const Identity& identity() const { return identity_; }
    // The primary token; the process keeps it.
    [[nodiscard]] se::Token& token() const { return *token_; }
    // What its threads get as descriptor.
    [[nodiscard]] const Ref<const se::SharedDescriptor>& thread_security() const { return thread_security_; }
    [[nodiscard]] ProcessManager& processes() const { return processes_; }
    [[nodiscard]] ob::HandleTable& handles() { return handles_; }
    [[nodiscard]] ProcessState state() const { return state_.load(std::memory_order_acquire); }
    [[nodiscard]] bool is_system() const { return id() == system_process_id; }

    // The memory of the process. Set once, before the process is visible; the memory manager owns it (composition root).
    [[nodiscard]] mm::AddressSpace& address_space() const { return *address_space_; }
    [[nodiscard]] bool has_address_space() const { return address_space_ != nullptr; }
    void set_address_space(mm::AddressSpace* space) { address_space_ = space; }

    [[nodiscard]] PEPROCESS nt() { return &nt_.body; }
    [[nodiscard]] static Process* from_nt(PEPROCESS process) { return ob::object_cast<Process>(ob::Object::from_body(process)); }

    // Threads, in order of creation. The callback runs under the process lock.
    template <typename Visit>
    void for_each_thread(Visit visit) {
        MutexLock lock(lock_);
        for (Thread* thread : threads_) visit(*thread);
    }
    // Threads that have exited while requests of theirs were pending; for reports, and for what rundown waits for.
    void add_lingering_thread(Ref<Thread> thread);
    void forget_lingering_threads();
    template <typename Visit>
    void for_each_lingering_thread(Visit visit) {
        MutexLock lock(lock_);
        for (const Ref<Thread>& thread : lingering_threads_) visit(*thread);
    }
    [[nodiscard]] std::size_t thread_count() {
        MutexLock lock(lock_);
        return threads_.size();
    }

    // What the threads of the process have done, the ended ones included. Takes the process lock.
    [[nodiscard]] ke::Activity activity();
    // What GetExitCodeProcess gives. The first code stays.
    [[nodiscard]] std::uint32_t exit_code() const;
    void set_exit_code(std::uint32_t code);
    // Its parent will report how it ended; until then the end is not signalled (ProcessManager::report_exit).
    void set_exit_code_awaited(bool awaited) { exit_code_awaited_.store(awaited); }

    // Who can end the client's process at once; null: nobody. PASSIVE_LEVEL.
    void set_killer(ProcessKiller* killer);
    // False: the process has no connection now.
    [[nodiscard]] bool kill();
    // Set once, when the process is made.
    [[nodiscard]] const ProcessLimits& limits() const { return limits_; }

    // Life cycle, driven by ProcessManager.
    void set_terminating() { state_.store(ProcessState::terminating, std::memory_order_release); }

    // Names that objects have got from this process and still have (a quota).
    const std::shared_ptr<std::atomic<std::uint32_t>> named_object_count = std::make_shared<std::atomic<std::uint32_t>>(0);
    // Whether somebody was told that the process stays terminating.
    std::atomic<bool> unfinished_reported{false};

    // Requests that this process has started and that are not yet finally completed (a quota, and what rundown waits for).
    std::atomic<std::uint32_t> pending_request_count{0};
    // Packets of completion ports that its requests and posts hold, queued or reserved (a quota).
    std::atomic<std::uint32_t> completion_packet_count{0};

    // Requests whose last stage may block on the client, and whether a worker of this process runs for them. The I/O
    // manager's, guarded by its completion lock.
    LIST_ENTRY own_completions;
    bool has_own_completion_worker = false;
    // Its end has been told to those who asked (notify.h).
    std::atomic<bool> exit_notified{false};

    static constexpr std::uint32_t system_process_id = 4;

private:
    friend class ProcessManager;
    friend class Thread;
    Process(ProcessManager& processes, ob::ObjectManager& objects, std::uint32_t id, std::string image_name, Identity identity,
            Ref<se::Token> token, const ProcessLimits& limits);
    // Null when memory is short.
    [[nodiscard]] static Ref<se::Token> make_token(ob::ObjectManager& objects, std::uint32_t process_id, const Identity& identity);
    ~Process() override;

    ProcessManager& processes_;
    ob::Body<_KPROCESS> nt_;
    std::atomic<std::uint32_t> id_;
    const std::string image_name_;
    ProcessCreation creation_;
    const Identity identity_;
    const Ref<se::Token> token_;
    Ref<const se::SharedDescriptor> thread_security_;
    const ProcessLimits limits_;
    mm::AddressSpace* address_space_ = nullptr;
    ob::HandleTable handles_;
    std::atomic<ProcessState> state_{ProcessState::alive};
    std::atomic<std::uint64_t> exit_code_{0};  // bit 32: there is one
    std::atomic<bool> exit_code_awaited_{false};
    Mutex lock_{LockRank::process};
    ke::Activity ended_threads_ PW_GUARDED_BY(lock_);
    ProcessKiller* killer_ PW_GUARDED_BY(lock_) = nullptr;
    std::vector<Thread*> threads_ PW_GUARDED_BY(lock_);  // no reference: a thread leaves the list when it exits
    std::vector<Ref<Thread>> lingering_threads_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::ps
