// SPDX-License-Identifier: Apache-2.0
// What a driver that was unloaded must not leave behind, because it would run code that is no longer there.
#include <chrono>
#include <cstdio>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/io/io_manager.h"
#include "platform/threads.h"

namespace pw::io {
namespace {

constexpr ULONG driver_unloaded_without_cancelling_pending_operations = 0xCE;
constexpr ULONG execute_access = 8;
// A routine whose end the driver has waited for may have a few instructions to go.
constexpr std::uint64_t grace_ns = 2'000'000'000;

[[noreturn]] void stop_for_leftover(const DriverObject& driver, const void* object, const void* routine, const char* what) {
    static char detail[256];
    std::snprintf(detail, sizeof(detail), "driver %s was unloaded and left a %s behind", driver.display_name().c_str(), what);
    ke::BugCheckContext context;
    context.detail = detail;
    context.instruction = routine;
    ke::bug_check(driver_unloaded_without_cancelling_pending_operations, reinterpret_cast<ULONG_PTR>(routine), execute_access,
                  reinterpret_cast<ULONG_PTR>(object), 0, &context);
}

// A system thread that started in the image and has not ended; null when there is none.
Ref<ps::Thread> find_thread_in(ps::ProcessManager& processes, std::uint64_t base, std::uint64_t length_bytes) {
    Ref<ps::Thread> found;
    processes.for_each_process([&](ps::Process& process) {
        process.for_each_thread([&](ps::Thread& thread) {
            if (reinterpret_cast<std::uint64_t>(thread.start_routine) - base < length_bytes) found = Ref<ps::Thread>(&thread);
        });
    });
    return found;
}

}  // namespace

void IoManager::check_leftovers(DriverObject& driver) {
    const DriverImage* image = driver.image();
    if (!image || image->length_bytes() == 0) return;
    const std::uint64_t base = image->base();
    const std::uint64_t length_bytes = image->length_bytes();
    if (const KTIMER* timer = dispatcher_.find_timer_in(base, length_bytes)) {
        stop_for_leftover(driver, timer, timer->Dpc ? reinterpret_cast<const void*>(timer->Dpc->DeferredRoutine) : nullptr,
                          "timer that is still set (KeCancelTimer)");
    }
    if (const void* notify = processes_.notify().find_in(base, length_bytes)) {
        stop_for_leftover(driver, nullptr, notify, "process, thread or image notify routine registered");
    }
    const void* routine = nullptr;
    if (!work_queue_.wait_for_image(base, length_bytes, grace_ns, &routine)) {
        stop_for_leftover(driver, nullptr, routine, "work item that is queued or running");
    }
    if (Ref<ps::Thread> thread = find_thread_in(processes_, base, length_bytes)) {
        LARGE_INTEGER timeout;
        timeout.QuadPart = -static_cast<LONGLONG>(grace_ns / 100);
        if (dispatcher_.wait(thread->nt()->Header, KernelMode, false, &timeout) != Status(STATUS_SUCCESS)) {
            stop_for_leftover(driver, thread->nt(), thread->start_routine, "system thread that has not ended");
        }
    }
}

}  // namespace pw::io
