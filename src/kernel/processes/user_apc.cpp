// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/user_apc.h"

#include <new>

#include "base/check.h"
#include "kernel/dispatcher/thread.h"

namespace pw::ps {

class UserApcQueue::Own final : public QueuedUserApc {
public:
    explicit Own(UserApcQueue& queue, const UserApc& what) : queue_(queue) { apc = what; }
    ~Own() override = default;

private:
    void left_queue() override {
        {
            MutexLock lock(queue_.lock_);
            --queue_.own_count_;
        }
        delete this;
    }
    UserApcQueue& queue_;
};

UserApcQueue::UserApcQueue(ke::Thread& thread) : thread_(thread) {
    MutexLock lock(lock_);
    InitializeListHead(&entries_);
}

UserApcQueue::~UserApcQueue() { close(); }

Status UserApcQueue::queue(const UserApc& apc) {
    auto* entry = new (std::nothrow) Own(*this, apc);
    if (!entry) return STATUS_NO_MEMORY;
    {
        MutexLock lock(lock_);
        if (own_count_ < max_own_entries && !is_closed_) {
            ++own_count_;
            InsertTailList(&entries_, &entry->link_);
            entry->is_queued_ = true;
            thread_.set_user_apc_pending(true);
            return STATUS_SUCCESS;
        }
    }
    delete entry;
    MutexLock lock(lock_);
    return is_closed_ ? STATUS_UNSUCCESSFUL : STATUS_QUOTA_EXCEEDED;
}

bool UserApcQueue::insert(QueuedUserApc& entry) {
    MutexLock lock(lock_);
    if (is_closed_ || entry.is_queued_) return false;
    InsertTailList(&entries_, &entry.link_);
    entry.is_queued_ = true;
    // Under our lock, so that a take() in between cannot leave the mark wrong.
    thread_.set_user_apc_pending(true);
    return true;
}

bool UserApcQueue::remove(QueuedUserApc& entry) {
    {
        MutexLock lock(lock_);
        if (!entry.is_queued_) return false;
        RemoveEntryList(&entry.link_);
        entry.is_queued_ = false;
        if (IsListEmpty(&entries_)) thread_.set_user_apc_pending(false);
    }
    entry.left_queue();
    return true;
}

QueuedUserApc* UserApcQueue::extract(const void* tag) {
    MutexLock lock(lock_);
    for (LIST_ENTRY* link = entries_.Flink; link != &entries_; link = link->Flink) {
        QueuedUserApc* const entry = CONTAINING_RECORD(link, QueuedUserApc, link_);
        if (entry->tag != tag) continue;
        RemoveEntryList(link);
        entry->is_queued_ = false;
        if (IsListEmpty(&entries_)) thread_.set_user_apc_pending(false);
        return entry;
    }
    return nullptr;
}

bool UserApcQueue::take(UserApc* apc) {
    while (true) {
        QueuedUserApc* entry = nullptr;
        {
            MutexLock lock(lock_);
            if (IsListEmpty(&entries_)) return false;
            entry = CONTAINING_RECORD(RemoveHeadList(&entries_), QueuedUserApc, link_);
            entry->is_queued_ = false;
            if (IsListEmpty(&entries_)) thread_.set_user_apc_pending(false);
        }
        if (entry->taken(apc)) return true;
    }
}

void UserApcQueue::close() {
    while (true) {
        QueuedUserApc* entry = nullptr;
        {
            MutexLock lock(lock_);
            is_closed_ = true;
            if (IsListEmpty(&entries_)) return;
            entry = CONTAINING_RECORD(RemoveHeadList(&entries_), QueuedUserApc, link_);
            entry->is_queued_ = false;
        }
        entry->left_queue();
    }
}

}  // namespace pw::ps
