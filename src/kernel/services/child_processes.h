// SPDX-License-Identifier: Apache-2.0
// ChildProcesses: the processes that CreateProcess has announced: their objects and inherited handles are there before the
// new program connects, and their end is reported by the parent, who alone learns the exit code of a program that dies.
#pragma once

#include <string>
#include <vector>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/processes/process.h"
#include "kernel/processes/thread.h"

namespace pw::ps {
class ProcessManager;
}

namespace pw::nt {

class Kernel;

class ChildProcesses {
public:
    explicit ChildProcesses(Kernel& kernel) : kernel_(kernel) {}

    struct Announced {
        Ref<ps::Process> process;
        Ref<ps::Thread> thread;   // the main thread's object
        std::uint32_t token = 0;  // what the new program connects with
    };
    // A new process object of the parent's user, with its inheritable handles if asked for. STATUS_QUOTA_EXCEEDED.
    // PASSIVE_LEVEL, as everything here.
    [[nodiscard]] Result<Announced> announce(ps::Process& parent, const std::string& image_name, bool inherits_handles,
                                             bool is_suspended);
    // From the parent, before the program runs: one of its handles, under the same value. STATUS_INVALID_PARAMETER: not its child,
    // or no inheritable handle (a list of CreateProcess takes no other).
    [[nodiscard]] Status inherit(ps::Process& parent, std::uint32_t token, std::uint64_t handle);
    // From the parent: the system's number of the process, as soon as it runs. STATUS_INVALID_PARAMETER: not its child.
    [[nodiscard]] Status started(ps::Process& parent, std::uint32_t token, std::uint32_t process_id);
    // From the parent: the process has ended with this code, or was never started.
    [[nodiscard]] Status ended(ps::Process& parent, std::uint32_t token, std::uint32_t exit_code);

    // A client connects: the process object that was announced for it. Null when the token is nobody's, or another user's.
    [[nodiscard]] Ref<ps::Process> claim(std::uint32_t token, std::uint32_t user_id, std::uint32_t process_id);
    // The thread object that was announced for the first thread that attaches; null for later ones.
    [[nodiscard]] Ref<ps::Thread> take_first_thread(ps::Process& process);
    // The parent is gone: nobody will report its children's ends any more.
    void parent_gone(ps::Process& parent);

    static constexpr std::size_t max_announced = 1024;

private:
    struct Record {
        std::uint32_t token = 0;
        Ref<ps::Process> process;
        Ref<ps::Thread> first_thread;
        ps::Process* parent = nullptr;  // null: gone
        std::uint32_t process_id = 0;
        bool is_claimed = false;
    };
    // The end of a process that never connected.
    void finish_unclaimed(Record& record, std::uint32_t exit_code);

    [[nodiscard]] ps::ProcessManager& processes() const;

    Kernel& kernel_;
    Mutex lock_{LockRank::connection};
    std::vector<Record> records_ PW_GUARDED_BY(lock_);
    std::uint32_t next_token_ PW_GUARDED_BY(lock_) = 1;
};

}  // namespace pw::nt
