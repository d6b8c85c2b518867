// SPDX-License-Identifier: Apache-2.0
// I/O of the thread pool of Windows Vista: completions of a file become callbacks.
#include <utility>

#include "win32_api/application_threads.h"
#include "win32_api/pool_object.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

class PoolIo final : public PoolObject {
public:
    PoolIo(PoolEnvironment environment, void* context, PTP_WIN32_IO_CALLBACK callback)
        : PoolObject(std::move(environment), context), callback_(callback) {}

    void expect() {
        const std::lock_guard<std::mutex> lock(lock_);
        ++expected_;
    }
    void expect_not() {
        const std::lock_guard<std::mutex> lock(lock_);
        if (expected_ != 0) --expected_;
        came_.notify_all();
    }
    void completed(void* overlapped, ULONG error, ULONG_PTR bytes) {
        static_cast<void>(queue([=, this](PTP_CALLBACK_INSTANCE instance) {
            callback_(instance, context(), overlapped, error, bytes, reinterpret_cast<PTP_IO>(static_cast<PoolObject*>(this)));
        }));
        expect_not();  // after it is queued: who waits sees either
    }
    // What was started and has not come is waited for, too, unless what is pending is to be dropped.
    void wait_for_all(bool cancel_pending) {
        if (!cancel_pending) {
            std::unique_lock<std::mutex> lock(lock_);
            came_.wait(lock, [this] { return expected_ == 0; });
        }
        wait_for_callbacks(cancel_pending);
    }

private:
    const PTP_WIN32_IO_CALLBACK callback_;
    std::mutex lock_;
    std::condition_variable came_;
    unsigned expected_ = 0;  // guarded by lock_
};

// One port and one thread for all objects; the key is the object.
DWORD WINAPI completion_main(LPVOID port) {
    while (true) {
        DWORD bytes = 0;
        ULONG_PTR key = 0;
        LPOVERLAPPED overlapped = nullptr;
        const BOOL done = GetQueuedCompletionStatus(static_cast<HANDLE>(port), &bytes, &key, &overlapped, INFINITE);
        if (!done && overlapped == nullptr) return 0;
        const DWORD error = done ? static_cast<DWORD>(ERROR_SUCCESS) : GetLastError();
        const auto object = PoolObjects::find(reinterpret_cast<PoolObject*>(key));
        // A completion after CloseThreadpoolIo is nobody's.
        if (object) static_cast<PoolIo&>(*object).completed(overlapped, error, bytes);
    }
}

HANDLE completion_port() {
    static const HANDLE port = [] {
        const HANDLE made = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
        const HANDLE thread = made == nullptr ? nullptr
                                              : start_thread({.routine = completion_main, .parameter = made, .stack_bytes = 0,
                                                              .flags = 0}, nullptr);
        if (thread != nullptr) CloseHandle(thread);
        return made;
    }();
    return port;
}

}  // namespace

PTP_IO WINAPI CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON settings) {
    PoolEnvironment environment;
    if (callback == nullptr || !environment.take(settings)) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    const auto io = std::make_shared<PoolIo>(std::move(environment), context, callback);
    const auto handle = pool_handle<PTP_IO>(io);
    if (CreateIoCompletionPort(file, completion_port(), reinterpret_cast<ULONG_PTR>(handle), 0) == nullptr) {
        close_pool_object(*io);
        return nullptr;
    }
    return handle;
}

void WINAPI StartThreadpoolIo(PTP_IO io) { pool_object<PoolIo>(io).expect(); }
void WINAPI CancelThreadpoolIo(PTP_IO io) { pool_object<PoolIo>(io).expect_not(); }
void WINAPI WaitForThreadpoolIoCallbacks(PTP_IO io, BOOL cancel) { pool_object<PoolIo>(io).wait_for_all(cancel != FALSE); }
void WINAPI CloseThreadpoolIo(PTP_IO io) { close_pool_object(pool_object<PoolIo>(io)); }
