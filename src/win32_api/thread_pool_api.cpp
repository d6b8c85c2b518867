// SPDX-License-Identifier: Apache-2.0
// The thread pool of Windows Vista: pools, cleanup groups, work, simple callbacks, and what a callback may ask for.
#include <utility>

#include "win32_api/pool_object.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

class Work final : public PoolObject {
public:
    Work(PoolEnvironment environment, void* context, PTP_WORK_CALLBACK callback)
        : PoolObject(std::move(environment), context), callback_(callback) {}
    void submit() {
        // It never fails for the caller: without a thread of its own the callback waits for another one.
        static_cast<void>(queue([this](PTP_CALLBACK_INSTANCE instance) {
            callback_(instance, context(), reinterpret_cast<PTP_WORK>(static_cast<PoolObject*>(this)));
        }));
    }

private:
    const PTP_WORK_CALLBACK callback_;
};

// Lives until its one callback has run; a cleanup group may cancel it before.
class Simple final : public PoolObject {
public:
    Simple(PoolEnvironment environment, void* context, PTP_SIMPLE_CALLBACK callback)
        : PoolObject(std::move(environment), context), callback_(callback) {}
    [[nodiscard]] bool submit() {
        return queue([this](PTP_CALLBACK_INSTANCE instance) {
            // From here on it is no member of its group that could be cancelled; its end is waited for nevertheless.
            callback_(instance, context());
            close_pool_object(*this);
        });
    }

private:
    const PTP_SIMPLE_CALLBACK callback_;
};

constexpr SIZE_T default_stack_reserve = 8u << 20;

}  // namespace

// --- Pools ---

PTP_POOL WINAPI CreateThreadpool(PVOID reserved) {
    if (reserved != nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    auto pool = std::make_unique<_TP_POOL>();
    pool->pool = ThreadPool::create();
    pool->stack = {.StackReserve = default_stack_reserve, .StackCommit = 0};
    return pool.release();
}

void WINAPI SetThreadpoolThreadMaximum(PTP_POOL pool, DWORD threads) { pool->pool->set_maximum(threads); }

BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL pool, DWORD threads) {
    return pool->pool->set_minimum(threads) ? TRUE : fail(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI SetThreadpoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information) {
    if (information == nullptr || information->StackReserve < information->StackCommit) return fail(ERROR_INVALID_PARAMETER);
    const std::lock_guard<std::mutex> lock(pool->lock);
    pool->stack = *information;
    pool->pool->set_stack_bytes(information->StackReserve);
    return TRUE;
}

BOOL WINAPI QueryThreadpoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information) {
    if (information == nullptr) return fail(ERROR_INVALID_PARAMETER);
    const std::lock_guard<std::mutex> lock(pool->lock);
    *information = pool->stack;
    return TRUE;
}

// "If there are outstanding work, I/O, timer, or wait objects bound to the pool, they still run": they hold the threads.
void WINAPI CloseThreadpool(PTP_POOL pool) { delete pool; }

// --- Cleanup groups ---

PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(void) { return new _TP_CLEANUP_GROUP; }

void WINAPI CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP group, BOOL cancel_pending, PVOID cleanup_context) {
    std::vector<std::shared_ptr<PoolObject>> members;
    {
        const std::lock_guard<std::mutex> lock(group->lock);
        members.swap(group->members);
    }
    // First nothing new comes, then what is there ends: a callback may submit another member's.
    for (const auto& member : members) member->stop();
    for (const auto& member : members) {
        // Null: it was closed, or was a simple callback that has returned, since the list was taken.
        const bool was_open = PoolObjects::close(member.get()) != nullptr;
        member->wait_for_callbacks(cancel_pending != FALSE);
        const PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancel = member->environment().cancel;
        if (was_open && cancel_pending && cancel != nullptr) cancel(member->context(), cleanup_context);
    }
}

// The group has no members any more, as documented.
void WINAPI CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP group) { delete group; }

// --- Within a callback ---

void WINAPI SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE event) { instance->event = event; }
void WINAPI ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE semaphore, DWORD count) {
    instance->semaphore = semaphore;
    instance->semaphore_count = count;
}
void WINAPI ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE mutex) { instance->mutex = mutex; }
void WINAPI LeaveCriticalSectionWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, PRTL_CRITICAL_SECTION section) {
    instance->critical_section = section;
}
void WINAPI FreeLibraryWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HMODULE library) { instance->library = library; }

BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance) {
    return instance->object.environment().pool().expect_long_callback();
}

void WINAPI DisassociateCurrentThreadFromCallback(PTP_CALLBACK_INSTANCE instance) { instance->disassociate(); }

// --- Simple callbacks and work ---

BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON settings) {
    PoolEnvironment environment;
    if (callback == nullptr || !environment.take(settings)) return fail(ERROR_INVALID_PARAMETER);
    const auto simple = std::make_shared<Simple>(std::move(environment), context, callback);
    PoolObjects::add(simple);
    if (simple->submit()) return TRUE;
    close_pool_object(*simple);
    return fail(ERROR_NOT_ENOUGH_MEMORY);
}

PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON settings) {
    PoolEnvironment environment;
    if (callback == nullptr || !environment.take(settings)) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    return pool_handle<PTP_WORK>(std::make_shared<Work>(std::move(environment), context, callback));
}

void WINAPI SubmitThreadpoolWork(PTP_WORK work) { pool_object<Work>(work).submit(); }
void WINAPI WaitForThreadpoolWorkCallbacks(PTP_WORK work, BOOL cancel) { pool_object<Work>(work).wait_for_callbacks(cancel != FALSE); }
void WINAPI CloseThreadpoolWork(PTP_WORK work) { close_pool_object(pool_object<Work>(work)); }
