// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/thread.h"

#include <new>

#include "kernel/objects/object_manager.h"
#include "kernel/processes/process_manager.h"

namespace pw::ps {

Thread::Thread(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, Process& owner,
               std::uint32_t id)
    : Object(objects, ob::thread_type, &nt_.body), ke::Thread(dispatcher), nt_(this), id_(id), owner_(&owner), attached_(&owner), in_kernel_(owner.is_system()) {
    objects.set_security(*this, owner.thread_security());
    InitializeListHead(&irp_list);
    ke::Dispatcher::initialize_notification_header(nt_.body.Header);
    set_nt_body(nt_.body);
    ke::Dispatcher::initialize_event(resumed_, NotificationEvent, true);
}

Thread::~Thread() {
    // A cached request of a thread that ended without a last look at it (io/request.cpp).
    if (io_cache) ::operator delete(io_cache, std::align_val_t{16});
}

Result<std::uint32_t> Thread::suspend() {
    constexpr std::uint32_t maximum_suspend_count = 127;
    MutexLock lock(suspend_lock_);
    if (suspend_count_ >= maximum_suspend_count) return STATUS_SUSPEND_COUNT_EXCEEDED;
    if (suspend_count_ == 0) ke::Thread::dispatcher().clear_event(resumed_);
    return suspend_count_++;
}

std::uint32_t Thread::resume() {
    MutexLock lock(suspend_lock_);
    if (suspend_count_ == 0) return 0;
    if (suspend_count_ == 1) ke::Thread::dispatcher().set_event(resumed_);
    return suspend_count_--;
}

Status Thread::await_resume() { return ke::Thread::dispatcher().wait(resumed_.Header, UserMode, false, nullptr); }

}  // namespace pw::ps
