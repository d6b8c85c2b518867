// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/timer_services.h"

#include "kernel/objects/timer_object.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK timer_modify_state = 0x0002;

}  // namespace

NamedHandle create_timer(const Caller& caller, const ObjectName& name, ACCESS_MASK access, TIMER_TYPE type) {
    if (type != NotificationTimer && type != SynchronizationTimer) return {.status = STATUS_INVALID_PARAMETER_4};
    auto timer = ob::TimerObject::create(caller.kernel.objects(), caller.kernel.dispatcher(), type);
    if (!timer) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    return insert_and_open(caller, std::move(timer), name, access);
}

Status set_timer(const Caller& caller, std::uint64_t handle, LARGE_INTEGER due_time, LONG period_ms, bool* was_set) {
    if (period_ms < 0) return STATUS_INVALID_PARAMETER_6;
    PW_TRY_ASSIGN(auto timer, caller.reference_as<ob::TimerObject>(handle, timer_modify_state));
    *was_set = caller.kernel.dispatcher().set_timer(timer->nt(), due_time, static_cast<ULONG>(period_ms), nullptr);
    return STATUS_SUCCESS;
}

Status cancel_timer(const Caller& caller, std::uint64_t handle, bool* is_signalled) {
    PW_TRY_ASSIGN(auto timer, caller.reference_as<ob::TimerObject>(handle, timer_modify_state));
    caller.kernel.dispatcher().cancel_timer(timer->nt());
    *is_signalled = ke::Dispatcher::read_state(timer->nt().Header) != 0;
    return STATUS_SUCCESS;
}

}  // namespace pw::nt
