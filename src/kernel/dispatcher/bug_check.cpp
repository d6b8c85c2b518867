// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/bug_check.h"

#include <algorithm>
#include <atomic>
#include <cinttypes>
#include <cstdarg>
#include <cstdio>

#include "base/trace_ring.h"
#include "kernel/dispatcher/bug_check_callbacks.h"
#include "kernel/dispatcher/bug_check_names.h"
#include "kernel/dispatcher/driver_on_stack.h"
#include "kernel/dispatcher/thread.h"
#include "platform/backtrace.h"
#include "platform/process_end.h"
#include "platform/threads.h"

namespace pw::ke {
namespace {

constexpr int exit_code = 3;
constexpr std::size_t trace_lines = 24;
constexpr int stack_lines = 48;

std::atomic<BugCheckAction> current_action{nullptr};
BugCheckHooks hooks;
// 0: no report yet; else the OS thread that writes it or wrote it.
std::atomic<std::uint32_t> reporter{0};

// Kept for the action. Static: there is one reporter, and an action that leaves by longjmp frees nothing.
char report_text[32 * 1024];

// Text that goes to standard error line by line, so that what is known stands there even if a later part fails.
class Writer {
public:
    __attribute__((format(printf, 2, 3))) void line(const char* format, ...) {
        char* const start = report_text + used_;
        const std::size_t space = sizeof report_text - used_;
        if (space < 2) return;
        va_list arguments;
        va_start(arguments, format);
        const int wanted = std::vsnprintf(start, space - 1, format, arguments);
        va_end(arguments);
        if (wanted < 0) return;
        std::size_t length = std::min(static_cast<std::size_t>(wanted), space - 2);
        start[length++] = '\n';
        start[length] = '\0';
        used_ += length;
        platform::write_standard_error(start, length);
    }

private:
    std::size_t used_ = 0;
};

[[gnu::noinline]] void write_stack(Writer& out, const BugCheckContext* context) {
    const void* addresses[stack_lines];
    int count;
    bool first_is_return_address = false;
    if (context && context->instruction && context->frame_pointer) {
        count = platform::capture_backtrace_from(context->instruction, context->frame_pointer, addresses, stack_lines);
    } else {
        count = platform::capture_backtrace(addresses, stack_lines, 3);  // from the caller of bug_check()
        first_is_return_address = true;
    }
    out.line("  stack:");
    platform::Symbolizer symbolizer;
    for (int i = 0; i < count; ++i) {
        const platform::SourcePlace place = symbolizer.find(addresses[i], first_is_return_address || i != 0);
        std::string where = place.function.empty() ? "?" : place.function;
        if (!place.file.empty()) where += " at " + place.file + ":" + std::to_string(place.line);
        out.line("    #%-2d %p %s (%s+0x%" PRIx64 ")", i, addresses[i], where.c_str(), place.module.c_str(), place.module_offset);
    }
}

// Without a faulting instruction: the driver whose code is the innermost on the stack.
[[gnu::noinline]] void write_driver_on_stack(Writer& out) {
    const void* addresses[stack_lines];
    const int count = platform::capture_backtrace(addresses, stack_lines, 3);
    for (int i = 0; i < count; ++i) {
        const std::string driver = hooks.driver_of(addresses[i]);
        if (driver.empty()) continue;
        out.line("  driver: %s", driver.c_str());
        return;
    }
}

void write_lines(Writer& out, const char* text) {
    while (*text) {
        const char* end = text;
        while (*end && *end != '\n') ++end;
        out.line("  %.*s", static_cast<int>(end - text), text);
        text = *end ? end + 1 : end;
    }
}

void write_trace(Writer& out) {
    TraceEvent events[trace_lines];
    const std::size_t count = read_trace(events, trace_lines);
    if (count == 0) return;
    out.line("  last events:");
    for (std::size_t i = 0; i < count; ++i) {
        const TraceEvent& event = events[i];
        out.line("    %" PRIu64 " %s 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64, event.id, event.name, event.arguments[0],
                 event.arguments[1], event.arguments[2]);
    }
}

void write_callbacks(Writer& out) {
    Thread* const thread = Thread::current();
    const KIRQL irql = thread ? thread->pretend_irql(HIGH_LEVEL) : KIRQL{HIGH_LEVEL};
    run_bug_check_callbacks([](void* writer, const char* line) { static_cast<Writer*>(writer)->line("%s", line); }, &out);
    if (thread) thread->pretend_irql(irql);
}

[[gnu::noinline]] void write_report(Writer& out, const BugCheckReport& report, const BugCheckContext* context) {
    const BugCheckDescription* description = describe_bug_check(report.code);
    out.line("\n*** STOP: 0x%08X %s (0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ")", report.code,
             description ? description->name : "UNKNOWN", std::uint64_t{report.parameters[0]}, std::uint64_t{report.parameters[1]},
             std::uint64_t{report.parameters[2]}, std::uint64_t{report.parameters[3]});
    for (int i = 0; i < 4; ++i) {
        const char* meaning = description ? description->parameters[i] : nullptr;
        if (meaning) out.line("  parameter %d: 0x%016" PRIx64 "  %s", i + 1, std::uint64_t{report.parameters[i]}, meaning);
    }
    if (context && context->detail) out.line("  %s", context->detail);
    if (const Thread* thread = Thread::current()) {
        out.line("  thread %p (OS thread %u), IRQL %u, processor %u%s", static_cast<const void*>(thread), platform::os_thread_id(),
                 unsigned{thread->irql()}, thread->processor_number(), thread->in_dpc() ? ", in a DPC" : "");
    } else {
        out.line("  OS thread %u, not in a kernel", platform::os_thread_id());
    }
    if (context && context->fault_address) out.line("  memory touched: %p", context->fault_address);
    if (hooks.current_process) out.line("  process: %s", hooks.current_process().c_str());
    if (hooks.driver_of && context && context->instruction) {
        const std::string driver = hooks.driver_of(context->instruction);
        if (!driver.empty()) out.line("  driver: %s", driver.c_str());
    } else if (hooks.driver_of) {
        write_driver_on_stack(out);
    }
    if (context && context->history) write_lines(out, context->history(context->history_subject).c_str());
    if (hooks.details) out.line("  %s", hooks.details().c_str());
    write_trace(out);
    if (!hooks.without_stack) write_stack(out, context);
    // Last: a callback that faults ends the process, and what stands above has been printed.
    write_callbacks(out);
    out.line("*** end of bug check");
}

}  // namespace

void set_bug_check_hooks(const BugCheckHooks& new_hooks) { hooks = new_hooks; }

std::string driver_on_stack() {
    if (!hooks.driver_of) return {};
    const void* addresses[stack_lines];
    const int count = platform::capture_backtrace(addresses, stack_lines, 1);
    for (int i = 0; i < count; ++i) {
        if (std::string driver = hooks.driver_of(addresses[i]); !driver.empty()) return driver;
    }
    return {};
}

BugCheckAction set_bug_check_action(BugCheckAction action) { return current_action.exchange(action); }

void forget_bug_check() { reporter.store(0); }

void bug_check(ULONG code, ULONG_PTR parameter1, ULONG_PTR parameter2, ULONG_PTR parameter3, ULONG_PTR parameter4,
               const BugCheckContext* context) {
    const std::uint32_t self = platform::os_thread_id();
    std::uint32_t first = 0;
    if (!reporter.compare_exchange_strong(first, self)) {
        // A fault while reporting: what has been printed must do.
        if (first == self) platform::end_process(exit_code);
        platform::park_for_ever();
    }
    BugCheckReport report;
    report.code = code;
    report.parameters[0] = parameter1;
    report.parameters[1] = parameter2;
    report.parameters[2] = parameter3;
    report.parameters[3] = parameter4;
    Writer out;
    write_report(out, report, context);
    report.text = report_text;
    if (const BugCheckAction action = current_action.load()) action(report);
    platform::end_process(exit_code);
}

const char* bug_check_name(ULONG code) {
    const BugCheckDescription* description = describe_bug_check(code);
    return description ? description->name : "UNKNOWN";
}

}  // namespace pw::ke
