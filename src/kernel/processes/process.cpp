// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/process.h"

#include "kernel/objects/object_manager.h"
#include "kernel/processes/process_manager.h"
#include "kernel/processes/thread.h"
#include "kernel/security/assign.h"

namespace pw::ps {
namespace {

Ref<const se::SharedDescriptor> default_descriptor(const se::Token& token, const ob::ObjectType& type) {
    return se::SharedDescriptor::create(se::assign_descriptor(nullptr, token, type.generic_mapping, true).value());
}

}  // namespace

Ref<se::Token> Process::make_token(ob::ObjectManager& objects, std::uint32_t process_id, const Identity& identity) {
    if (process_id == system_process_id) return se::Token::create_system(objects);
    return se::Token::create(objects, {.user_id = identity.user_id,
                                       .group_id = identity.group_id,
                                       .groups = identity.groups,
                                       .is_elevated = identity.is_elevated});
}

Process::Process(ProcessManager& processes, ob::ObjectManager& objects, std::uint32_t id, std::string image_name,
                 Identity identity, Ref<se::Token> token, const ProcessLimits& limits)
    : Object(objects, ob::process_type, &nt_.body),
      processes_(processes),
      nt_(this),
      id_(id),
      image_name_(std::move(image_name)),
      identity_(std::move(identity)),
      token_(std::move(token)),
      thread_security_(default_descriptor(*token_, ob::thread_type)),
      limits_(limits),
      handles_(limits.max_handles) {
    objects.set_security(*this, default_descriptor(*token_, ob::process_type));
    own_completions.Flink = own_completions.Blink = &own_completions;
    ke::Dispatcher::initialize_notification_header(nt_.body.Header, ke::ObjectKind::process);
}

Process::~Process() = default;

namespace {

constexpr std::uint64_t has_exit_code = std::uint64_t{1} << 32;
constexpr std::uint32_t still_active = 0x103;

}  // namespace

std::uint32_t Process::exit_code() const {
    if (state() != ProcessState::gone) return still_active;
    const std::uint64_t code = exit_code_.load();
    // A process that was killed by the machine, and whose parent is not one of ours to tell.
    return code & has_exit_code ? static_cast<std::uint32_t>(code) : 1;
}

void Process::set_exit_code(std::uint32_t code) {
    std::uint64_t none = 0;
    exit_code_.compare_exchange_strong(none, code | has_exit_code);
}

void Process::set_killer(ProcessKiller* killer) {
    MutexLock lock(lock_);
    killer_ = killer;
}

bool Process::kill() {
    MutexLock lock(lock_);
    if (!killer_) return false;
    killer_->kill_process();
    return true;
}

void Process::add_lingering_thread(Ref<Thread> thread) {
    std::vector<Ref<Thread>> done;  // dropped without the lock
    MutexLock lock(lock_);
    for (Ref<Thread>& other : lingering_threads_) {
        MutexLock irp_lock(other->irp_lock);
        if (IsListEmpty(&other->irp_list)) done.push_back(std::move(other));
    }
    std::erase_if(lingering_threads_, [](const Ref<Thread>& other) { return !other; });
    lingering_threads_.push_back(std::move(thread));
}

void Process::forget_lingering_threads() {
    std::vector<Ref<Thread>> done;
    MutexLock lock(lock_);
    done.swap(lingering_threads_);
}

ke::Activity Process::activity() {
    MutexLock lock(lock_);
    ke::Activity sum = ended_threads_;
    for (Thread* thread : threads_) sum += thread->activity().read();
    return sum;
}

}  // namespace pw::ps
