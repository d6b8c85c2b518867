// SPDX-License-Identifier: Apache-2.0
// UserApcQueue: the user-mode APCs of one thread. The kernel keeps them; the application's half of the thread takes and
// runs them when an alertable wait has ended with STATUS_USER_APC.
#pragma once

#include <nt/ke_types.h>

#include <cstdint>

#include "base/lock.h"
#include "base/status.h"

namespace pw::ke {
class Thread;
}

namespace pw::ps {

// How the routine is to be called: routine(argument 0, 1, 2); routine(argument 0); routine(argument 0, low and high half of
// a time in arguments 1 and 2).
enum class UserApcKind : std::uint32_t { native = 0, function = 1, timer = 2 };

struct UserApc {
    UserApcKind kind = UserApcKind::native;
    std::uint64_t routine = 0;  // an address in the thread's process; the kernel only keeps it
    std::uint64_t arguments[3] = {};
};

// Something that can stand in a queue, once at a time. Its owner decides what becomes of it afterwards.
class QueuedUserApc {
public:
    UserApc apc;
    const void* tag = nullptr;  // what extract() finds it by

protected:
    QueuedUserApc() = default;
    virtual ~QueuedUserApc() = default;

private:
    friend class UserApcQueue;
    // It is out of the queue and shall run now: what is to be called goes to *call. False: nothing. On its thread, no lock
    // held. Leaves as below unless something else is said.
    virtual bool taken(UserApc* call) {
        *call = apc;
        left_queue();
        return true;
    }
    // It is out of the queue, taken, removed or run down, and will not be touched again. No lock is held.
    virtual void left_queue() = 0;
    LIST_ENTRY link_{};
    bool is_queued_ = false;  // guarded by the lock of the queue that it is used with
};

class UserApcQueue {
public:
    explicit UserApcQueue(ke::Thread& thread);
    // Closed by then.
    ~UserApcQueue();
    UserApcQueue(const UserApcQueue&) = delete;
    UserApcQueue& operator=(const UserApcQueue&) = delete;

    // QueueUserAPC's way: memory of its own. STATUS_UNSUCCESSFUL when the thread has ended, STATUS_QUOTA_EXCEEDED.
    // PASSIVE_LEVEL.
    [[nodiscard]] Status queue(const UserApc& apc);
    // False: it stands in the queue already, or the thread has ended; left_queue() is not called then. IRQL <= DISPATCH_LEVEL.
    [[nodiscard]] bool insert(QueuedUserApc& entry);
    // Takes it out. False: it was not there; then it is being taken at this moment or has been.
    [[nodiscard]] bool remove(QueuedUserApc& entry);
    // Takes out the entry with this tag and gives it back to its owner; left_queue() is not called. Null: none is there.
    [[nodiscard]] QueuedUserApc* extract(const void* tag);
    // The oldest one. On the thread itself.
    [[nodiscard]] bool take(UserApc* apc);
    // The thread ends: drops what is there, refuses what comes.
    void close();

    static constexpr std::uint32_t max_own_entries = 16384;

private:
    class Own;

    ke::Thread& thread_;
    Mutex lock_{LockRank::cancel};
    LIST_ENTRY entries_ PW_GUARDED_BY(lock_);
    std::uint32_t own_count_ PW_GUARDED_BY(lock_) = 0;
    bool is_closed_ PW_GUARDED_BY(lock_) = false;
};

}  // namespace pw::ps
