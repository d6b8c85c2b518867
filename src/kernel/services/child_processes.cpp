// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/child_processes.h"

#include <algorithm>
#include <utility>

#include "kernel/processes/process_manager.h"
#include "kernel/services/kernel.h"
#include "platform/peer_process.h"

namespace pw::nt {

ps::ProcessManager& ChildProcesses::processes() const { return kernel_.processes(); }

Result<ChildProcesses::Announced> ChildProcesses::announce(ps::Process& parent, const std::string& image_name,
                                                           bool inherits_handles, bool is_suspended) {
    {
        MutexLock lock(lock_);
        if (records_.size() >= max_announced) return STATUS_QUOTA_EXCEEDED;
    }
    Announced child;
    child.process = processes().create_process(0, image_name, parent.identity(), parent.limits());
    if (!child.process) return STATUS_INSUFFICIENT_RESOURCES;
    child.process->set_exit_code_awaited(true);
    child.process->set_creation({.parent_id = parent.id(),
                                 .creator_process_id = parent.id(),
                                 .creator_thread_id = ps::Thread::current()->id(),
                                 .image_path = {},
                                 .command_line = {}});
    const auto give_up = [&](Status status) -> Result<Announced> {
        child.process->handles().close_all();
        child.process->set_exit_code_awaited(false);
        processes().process_gone(*child.process);
        return status;
    };
    if (inherits_handles) {
        if (const Status status = child.process->handles().inherit(parent.handles()); status.is_failure()) return give_up(status);
    }
    auto thread = processes().create_thread(*child.process);
    if (!thread) return give_up(thread.status());
    child.thread = std::move(thread).value();
    if (is_suspended) static_cast<void>(child.thread->suspend());
    MutexLock lock(lock_);
    child.token = next_token_++;
    records_.push_back({.token = child.token, .process = child.process, .first_thread = child.thread, .parent = &parent});
    return child;
}

Status ChildProcesses::inherit(ps::Process& parent, std::uint32_t token, std::uint64_t handle) {
    Ref<ps::Process> child;
    {
        MutexLock lock(lock_);
        for (const Record& record : records_) {
            if (record.token == token && record.parent == &parent && !record.is_claimed) child = record.process;
        }
    }
    if (!child) return STATUS_INVALID_PARAMETER;
    return child->handles().inherit_one(parent.handles(), handle);
}

Status ChildProcesses::started(ps::Process& parent, std::uint32_t token, std::uint32_t process_id) {
    // The parent's word is not enough: a number of somebody else's would keep the record as long as that process runs.
    if (platform::parent_of_process(process_id) != parent.id()) return STATUS_INVALID_PARAMETER;
    MutexLock lock(lock_);
    for (Record& record : records_) {
        if (record.token != token || record.parent != &parent) continue;
        record.process_id = process_id;
        // It may have connected already; then its number is the system's word, not the parent's.
        if (!record.is_claimed) record.process->set_id(process_id);
        return STATUS_SUCCESS;
    }
    return STATUS_INVALID_PARAMETER;
}

Status ChildProcesses::ended(ps::Process& parent, std::uint32_t token, std::uint32_t exit_code) {
    Record record;
    {
        MutexLock lock(lock_);
        const auto found = std::find_if(records_.begin(), records_.end(), [&](const Record& each) {
            return each.token == token && each.parent == &parent;
        });
        if (found == records_.end()) return STATUS_INVALID_PARAMETER;
        record = std::move(*found);
        records_.erase(found);
    }
    if (record.is_claimed) {
        processes().report_exit(*record.process, exit_code);
    } else {
        finish_unclaimed(record, exit_code);
    }
    return STATUS_SUCCESS;
}

void ChildProcesses::finish_unclaimed(Record& record, std::uint32_t exit_code) {
    ps::Process& process = *record.process;
    process.set_terminating();
    if (record.first_thread) processes().exit_thread(*record.first_thread);
    process.handles().close_all();
    processes().report_exit(process, exit_code);
    processes().process_gone(process);
}

Ref<ps::Process> ChildProcesses::claim(std::uint32_t token, std::uint32_t user_id, std::uint32_t process_id) {
    Ref<ps::Process> process;
    MutexLock lock(lock_);
    for (auto it = records_.begin(); it != records_.end(); ++it) {
        if (it->token != token || it->is_claimed || it->process->identity().user_id != user_id) continue;
        if (it->process_id != 0 && it->process_id != process_id) continue;
        it->is_claimed = true;
        it->process->set_id(process_id);
        return it->process;
    }
    return process;
}

Ref<ps::Thread> ChildProcesses::take_first_thread(ps::Process& process) {
    Ref<ps::Thread> thread;
    MutexLock lock(lock_);
    for (auto it = records_.begin(); it != records_.end(); ++it) {
        if (it->process.get() != &process) continue;
        thread = std::move(it->first_thread);
        // Without a parent nothing is left to report.
        if (!it->parent) records_.erase(it);
        break;
    }
    return thread;
}

void ChildProcesses::parent_gone(ps::Process& parent) {
    std::vector<Ref<ps::Process>> orphans;
    std::vector<Record> never_started;
    {
        MutexLock lock(lock_);
        for (auto it = records_.begin(); it != records_.end();) {
            if (it->parent != &parent) {
                ++it;
                continue;
            }
            it->parent = nullptr;
            orphans.push_back(it->process);
            if (it->is_claimed && !it->first_thread) {
                it = records_.erase(it);
            } else if (!it->is_claimed && (it->process_id == 0 || !platform::process_runs(it->process_id))) {
                // Never started, or gone before it connected: nobody comes for it any more.
                never_started.push_back(std::move(*it));
                it = records_.erase(it);
            } else {
                ++it;
            }
        }
    }
    for (const Ref<ps::Process>& process : orphans) processes().exit_not_reported(*process);
    for (Record& record : never_started) finish_unclaimed(record, 1);
}

}  // namespace pw::nt
