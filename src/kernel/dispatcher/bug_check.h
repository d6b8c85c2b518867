// SPDX-License-Identifier: Apache-2.0
// Bug checks: the driver did what cannot be continued. Reports it on standard error under NT's names, then acts.
#pragma once

#include <nt/ke_types.h>

#include <string>

namespace pw::ke {

// What the reporter knows beyond the four parameters. All fields may be empty.
struct BugCheckContext {
    const void* fault_address = nullptr;  // the memory that was touched
    const void* instruction = nullptr;    // where; the stack is taken from `frame_pointer` when both are given
    const void* frame_pointer = nullptr;
    const char* detail = nullptr;         // one more line for the report
    // What led here, in lines: asked for when the report has begun, since it may take its time.
    std::string (*history)(const void* subject) = nullptr;
    const void* history_subject = nullptr;
};

struct BugCheckReport {
    ULONG code = 0;
    ULONG_PTR parameters[4] = {};
    const char* text = "";  // the report as printed; static memory
};

// The rest of the kernel, asked while a report is written. Set by the composition root; every function may be null.
struct BugCheckHooks {
    // The name and id of the current process, "transfer_app (1234)"; empty if there is none.
    std::string (*current_process)() = nullptr;
    // The driver whose image contains the address; empty if none does.
    std::string (*driver_of)(const void* address) = nullptr;
    // More lines: the current request, the device.
    std::string (*details)() = nullptr;
    // For tests that write hundreds of reports: naming the functions on a stack takes most of one's time.
    bool without_stack = false;
};
void set_bug_check_hooks(const BugCheckHooks& hooks);

// What happens after the report; when it returns, or by default, the process ends with _exit(3). Tests may leave by
// longjmp after calling forget_bug_check(). Returns the previous action.
using BugCheckAction = void (*)(const BugCheckReport& report);
BugCheckAction set_bug_check_action(BugCheckAction action);
// A report was written and the process goes on (tests only): allows the next one.
void forget_bug_check();

// Any thread, any IRQL. Only the first caller reports; others wait for the end of the process. Takes no kernel lock.
[[noreturn]] void bug_check(ULONG code, ULONG_PTR parameter1 = 0, ULONG_PTR parameter2 = 0, ULONG_PTR parameter3 = 0,
                            ULONG_PTR parameter4 = 0, const BugCheckContext* context = nullptr);

// NT's name of a code, "UNKNOWN" if it is not in the table.
[[nodiscard]] const char* bug_check_name(ULONG code);

}  // namespace pw::ke
