// SPDX-License-Identifier: Apache-2.0
// Waits of the thread pool of Windows Vista.
#include <utility>

#include "win32_api/file_time.h"
#include "win32_api/pool_object.h"
#include "win32_api/wait_threads.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

class PoolWait final : public PoolObject {
public:
    PoolWait(PoolEnvironment environment, void* context, PTP_WAIT_CALLBACK callback)
        : PoolObject(std::move(environment), context), callback_(callback) {}

    // One callback for each call with a handle; null: none any more. Returns whether an earlier one was given up.
    bool set(HANDLE object, const FILETIME* timeout) {
        const std::lock_guard<std::mutex> lock(lock_);
        const bool was_set = stop_locked();
        if (object == nullptr) return was_set;
        const std::uint64_t timeout_ms = timeout == nullptr ? 0 : milliseconds_until(*timeout);
        wait_ = WaitThreads::instance().start(object, timeout == nullptr ? nullptr : &timeout_ms,
                                              [self = std::weak_ptr(shared_from_this())](DWORD result) {
                                                  const auto alive = self.lock();
                                                  if (alive) static_cast<PoolWait&>(*alive).ended(result);
                                              });
        // Nobody can wait for it: the callback says so.
        if (!wait_) ended(WAIT_FAILED);
        return was_set;
    }
    void stop() override {
        const std::lock_guard<std::mutex> lock(lock_);
        stop_locked();
    }

private:
    bool stop_locked() {
        const auto wait = std::exchange(wait_, nullptr);
        return wait && WaitThreads::instance().stop(wait);
    }
    void ended(DWORD result) {
        static_cast<void>(queue([this, result](PTP_CALLBACK_INSTANCE instance) {
            callback_(instance, context(), reinterpret_cast<PTP_WAIT>(static_cast<PoolObject*>(this)), result);
        }));
    }

    const PTP_WAIT_CALLBACK callback_;
    std::mutex lock_;
    std::shared_ptr<WaitThreads::Wait> wait_;  // guarded by lock_
};

}  // namespace

PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON settings) {
    PoolEnvironment environment;
    if (callback == nullptr || !environment.take(settings)) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    return pool_handle<PTP_WAIT>(std::make_shared<PoolWait>(std::move(environment), context, callback));
}

BOOL WINAPI SetThreadpoolWaitEx(PTP_WAIT wait, HANDLE object, PFILETIME timeout, PVOID) {
    return pool_object<PoolWait>(wait).set(object, timeout);
}
void WINAPI SetThreadpoolWait(PTP_WAIT wait, HANDLE object, PFILETIME timeout) {
    SetThreadpoolWaitEx(wait, object, timeout, nullptr);
}
void WINAPI WaitForThreadpoolWaitCallbacks(PTP_WAIT wait, BOOL cancel) {
    pool_object<PoolWait>(wait).wait_for_callbacks(cancel != FALSE);
}
void WINAPI CloseThreadpoolWait(PTP_WAIT wait) { close_pool_object(pool_object<PoolWait>(wait)); }
