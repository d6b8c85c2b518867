// SPDX-License-Identifier: Apache-2.0
// Requests that a driver does not complete: waiting for them, and naming them for people.
#include <cstdio>
#include <sstream>
#include <vector>

#include "kernel/io/io_manager.h"
#include "kernel/io/pinned_request.h"

namespace pw::io {
namespace {

constexpr std::int64_t patience_100ns = 20'000'000;

// Documented major functions, IRP_MJ_CREATE = 0 and on.
const char* major_name(UCHAR major) {
    static constexpr const char* names[] = {
        "IRP_MJ_CREATE", "IRP_MJ_CREATE_NAMED_PIPE", "IRP_MJ_CLOSE", "IRP_MJ_READ", "IRP_MJ_WRITE",
        "IRP_MJ_QUERY_INFORMATION", "IRP_MJ_SET_INFORMATION", "IRP_MJ_QUERY_EA", "IRP_MJ_SET_EA", "IRP_MJ_FLUSH_BUFFERS",
        "IRP_MJ_QUERY_VOLUME_INFORMATION", "IRP_MJ_SET_VOLUME_INFORMATION", "IRP_MJ_DIRECTORY_CONTROL",
        "IRP_MJ_FILE_SYSTEM_CONTROL", "IRP_MJ_DEVICE_CONTROL", "IRP_MJ_INTERNAL_DEVICE_CONTROL", "IRP_MJ_SHUTDOWN",
        "IRP_MJ_LOCK_CONTROL", "IRP_MJ_CLEANUP", "IRP_MJ_CREATE_MAILSLOT", "IRP_MJ_QUERY_SECURITY", "IRP_MJ_SET_SECURITY",
        "IRP_MJ_POWER", "IRP_MJ_SYSTEM_CONTROL", "IRP_MJ_DEVICE_CHANGE", "IRP_MJ_QUERY_QUOTA", "IRP_MJ_SET_QUOTA",
        "IRP_MJ_PNP"};
    return major < std::size(names) ? names[major] : "IRP_MJ_?";
}

// "IRP 0x…: IRP_MJ_DEVICE_CONTROL, code 0x00222010, driver Foo, thread 44, cancelled". The request
// is pinned.
std::string describe(Request& request) {
    PIRP irp = request.irp();
    // What the I/O manager sent: the topmost location.
    const IO_STACK_LOCATION& top = reinterpret_cast<PIO_STACK_LOCATION>(irp + 1)[irp->StackCount - 1];
    const bool has_code = top.MajorFunction == IRP_MJ_DEVICE_CONTROL || top.MajorFunction == IRP_MJ_INTERNAL_DEVICE_CONTROL;
    char code[32] = "";
    if (has_code) {
        std::snprintf(code, sizeof code, ", code 0x%08x",
                      static_cast<unsigned>(top.Parameters.DeviceIoControl.IoControlCode));
    }
    const std::string driver =
        request.file ? request.file->device().driver().display_name() : std::string("(built by a driver)");
    char text[256];
    std::snprintf(text, sizeof text, "IRP %p: %s%s, driver %s, thread %u%s%s", static_cast<void*>(irp),
                  major_name(top.MajorFunction), code, driver.c_str(), static_cast<unsigned>(request.thread->id()),
                  irp->Cancel ? ", cancelled" : "",
                  irp->Cancel && !irp->CancelRoutine ? " (no cancel routine left)" : "");
    return text;
}

}  // namespace

void IoManager::await_completion(Request& request) {
    // The process ends: its requests were cancelled, perhaps before this one was on the list.
    if (request.thread->termination_requested()) cancel_thread_requests(*request.thread);
    const PIO_STACK_LOCATION top = reinterpret_cast<PIO_STACK_LOCATION>(request.irp() + 1) + request.irp()->StackCount - 1;
    if (top->MajorFunction == IRP_MJ_CLEANUP || top->MajorFunction == IRP_MJ_CLOSE) {
        // Nobody but us sees this one: the handle is gone and the process may be, too.
        LARGE_INTEGER patience;
        patience.QuadPart = -patience_100ns;
        if (dispatcher_.wait(request.done.Header, KernelMode, false, &patience) != Status(STATUS_TIMEOUT)) return;
        diagnostics_.report(DeviceObject::from_nt(top->FileObject->DeviceObject)->driver().display_name(),
                            std::string(major_name(top->MajorFunction)) + " is pending for two seconds: the process that "
                            "closed its handle waits for it");
    }
    dispatcher_.wait(request.done.Header, KernelMode, false, nullptr).ignore();
}

void IoManager::describe_pending(ps::Process& process, const std::function<void(const std::string&)>& line) {
    std::vector<Ref<ps::Thread>> threads;
    process.for_each_thread([&](ps::Thread& thread) { threads.emplace_back(&thread); });
    process.for_each_lingering_thread([&](ps::Thread& thread) { threads.emplace_back(&thread); });
    for (const Ref<ps::Thread>& thread : threads) {
        for (const PinnedRequest& pinned : pin_requests(*thread, [](Request&) { return true; })) {
            line(describe(*Request::of(pinned.irp())));
            if (!request_observer_) continue;
            std::istringstream history(request_observer_->describe(pinned.irp()));
            for (std::string event; std::getline(history, event);) line("  " + event);
        }
    }
}

}  // namespace pw::io
