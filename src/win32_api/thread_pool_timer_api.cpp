// SPDX-License-Identifier: Apache-2.0
// Timers of the thread pool of Windows Vista.
#include <utility>

#include "win32_api/file_time.h"
#include "win32_api/pool_object.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

class PoolTimer final : public PoolObject {
public:
    PoolTimer(PoolEnvironment environment, void* context, PTP_TIMER_CALLBACK callback)
        : PoolObject(std::move(environment), context), callback_(callback) {}

    [[nodiscard]] bool start() {
        // The timers' thread holds no reference: an object that was closed expires no more.
        timer_ = PoolTimers::instance().create([self = std::weak_ptr(shared_from_this())] {
            if (const auto object = self.lock()) static_cast<PoolTimer&>(*object).expire();
        });
        return timer_ != nullptr;
    }
    bool set(const FILETIME* due, DWORD period_ms) {
        return due == nullptr ? PoolTimers::instance().stop(timer_)
                              : PoolTimers::instance().set(timer_, milliseconds_until(*due), period_ms);
    }
    [[nodiscard]] bool is_set() const { return PoolTimers::instance().is_set(timer_); }
    void stop() override { PoolTimers::instance().stop(timer_); }

private:
    void expire() {
        static_cast<void>(queue([this](PTP_CALLBACK_INSTANCE instance) {
            callback_(instance, context(), reinterpret_cast<PTP_TIMER>(static_cast<PoolObject*>(this)));
        }));
    }

    const PTP_TIMER_CALLBACK callback_;
    std::shared_ptr<PoolTimers::Timer> timer_;
};

}  // namespace

PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON settings) {
    PoolEnvironment environment;
    if (callback == nullptr || !environment.take(settings)) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    const auto timer = std::make_shared<PoolTimer>(std::move(environment), context, callback);
    if (!timer->start()) {
        fail(ERROR_NOT_ENOUGH_MEMORY);
        return nullptr;
    }
    return pool_handle<PTP_TIMER>(timer);
}

// The window is a permission to be late that is not used.
BOOL WINAPI SetThreadpoolTimerEx(PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD) {
    return pool_object<PoolTimer>(timer).set(due, period_ms);
}
void WINAPI SetThreadpoolTimer(PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD window_ms) {
    SetThreadpoolTimerEx(timer, due, period_ms, window_ms);
}
BOOL WINAPI IsThreadpoolTimerSet(PTP_TIMER timer) { return pool_object<PoolTimer>(timer).is_set(); }
void WINAPI WaitForThreadpoolTimerCallbacks(PTP_TIMER timer, BOOL cancel) {
    pool_object<PoolTimer>(timer).wait_for_callbacks(cancel != FALSE);
}
void WINAPI CloseThreadpoolTimer(PTP_TIMER timer) { close_pool_object(pool_object<PoolTimer>(timer)); }
