// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/thread.h"

#include "kernel/objects/object_manager.h"
#include "kernel/processes/process_manager.h"

namespace pw::ps {

Thread::Thread(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, Process& owner,
               std::uint32_t id)
    : Object(objects, ob::thread_type, &nt_.body), ke::Thread(dispatcher), nt_(this), id_(id), owner_(&owner), attached_(&owner), in_kernel_(owner.is_system()) {
    objects.set_security(*this, owner.thread_security());
    InitializeListHead(&irp_list);
    ke::Dispatcher::initialize_notification_header(nt_.body.Header);
}

Thread::~Thread() = default;

}  // namespace pw::ps
