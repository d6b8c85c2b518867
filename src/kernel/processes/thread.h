// SPDX-License-Identifier: Apache-2.0
// Thread: the thread object; the kernel half of an application's thread, or a system thread.
#pragma once

#include <nt/ps.h>

#include <atomic>
#include <cstdint>

#include "kernel/dispatcher/thread.h"
#include "kernel/objects/object.h"
#include "kernel/processes/bodies.h"
#include "kernel/processes/pinned_slot.h"
#include "kernel/processes/process.h"
#include "kernel/processes/user_apc.h"

namespace pw::ps {

class Thread final : public ob::Object, public ke::Thread {
public:
    static const ob::ObjectType& static_type() { return ob::thread_type; }

    // The current thread of this kernel's world, or null on an OS thread that no kernel knows.
    [[nodiscard]] static Thread* current() { return static_cast<Thread*>(ke::Thread::current()); }

    [[nodiscard]] std::uint32_t id() const { return id_; }
    // The process that the thread belongs to.
    [[nodiscard]] Process& owner() const { return *owner_; }
    // The process whose address space and handles count right now (KeStackAttachProcess changes it).
    [[nodiscard]] Process& process() const { return *attached_; }
    // Returns the process that was attached before.
    Process* attach(Process* process) {
        set_attached_apc_state(process != owner_.get());
        return std::exchange(attached_, process);
    }

    // Whether the thread runs kernel code now: system threads always, an application's thread during a system call. On the
    // thread itself. Returns the previous setting.
    [[nodiscard]] bool is_in_kernel() const { return in_kernel_; }
    bool set_in_kernel(bool in_kernel) { return std::exchange(in_kernel_, in_kernel); }

    [[nodiscard]] PETHREAD nt() { return &nt_.body; }
    [[nodiscard]] static Thread* from_nt(PETHREAD thread) { return ob::object_cast<Thread>(ob::Object::from_body(thread)); }

    [[nodiscard]] std::uint32_t exit_code() const { return exit_code_.load(std::memory_order_acquire); }
    void set_exit_code(std::uint32_t code) { exit_code_.store(code, std::memory_order_release); }
    [[nodiscard]] bool has_exited() const { return exited_.load(std::memory_order_acquire); }

    // The synchronous request that this thread has under way (io::Request), where cancellers find it; a request within
    // that one's dispatch routine goes to the list.
    PinnedSlot issued_request;
    // The other requests of this thread that are not finally completed, linked through IRP::ThreadListEntry. Guarded by
    // irp_lock.
    Mutex irp_lock{LockRank::cancel};
    LIST_ENTRY irp_list;

    // SuspendThread and ResumeThread: the count, and the wait of a thread that has not started. What the application runs of
    // the thread is stopped by the application's own half. suspend: the previous count, or STATUS_SUSPEND_COUNT_EXCEEDED.
    [[nodiscard]] Result<std::uint32_t> suspend();
    std::uint32_t resume();
    // On the thread itself: until the count is 0. STATUS_USER_APC: it shall end.
    [[nodiscard]] Status await_resume();
    // SetThreadPriority's value; informative.
    std::atomic<std::int32_t> relative_priority{0};

    // User-mode APCs; closed when the thread exits.
    UserApcQueue user_apcs{*this};

    // Opaque to this module: io's per-thread cache of request memory (io/irp_cache.h). Touched by the thread itself only.
    void* io_cache = nullptr;
    // IoSetTopLevelIrp: the driver's own, an IRP or a small value. Touched by the thread itself only.
    void* top_level_irp = nullptr;
    // Where a system thread starts; null for others.
    const void* start_routine = nullptr;
    // IoCreateSystemThread: let go when the thread ends, however it ends.
    Ref<ob::Object> kept_object;

private:
    friend class ProcessManager;
    Thread(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, Process& owner, std::uint32_t id);
    ~Thread() override;
    DISPATCHER_HEADER* waitable_header() override { return &nt_.body.Header; }

    ob::Body<_KTHREAD> nt_;
    const std::uint32_t id_;
    Ref<Process> owner_;
    Process* attached_;
    bool in_kernel_;
    Mutex suspend_lock_{LockRank::cancel};
    std::uint32_t suspend_count_ PW_GUARDED_BY(suspend_lock_) = 0;
    KEVENT resumed_;  // signalled while the count is 0
    std::atomic<std::uint32_t> exit_code_{0x103};  // STILL_ACTIVE
    std::atomic<bool> exited_{false};
};

}  // namespace pw::ps
