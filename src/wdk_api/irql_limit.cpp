// SPDX-License-Identifier: Apache-2.0
#include "wdk_api/irql_limit.h"

#include <atomic>
#include <cstdio>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/driver_on_stack.h"
#include "verifier/violation.h"
#include "wdk_api/current.h"

namespace pw::wdk {
namespace {

const char* name_of(KIRQL irql) {
    switch (irql) {
        case PASSIVE_LEVEL: return "PASSIVE_LEVEL";
        case APC_LEVEL: return "APC_LEVEL";
        case DISPATCH_LEVEL: return "DISPATCH_LEVEL";
        default: return "a device's level";
    }
}

// Whether this routine is not among those that were said already. `routine` is a literal. Full: says everything again.
bool is_first_time(const char* routine) {
    static std::atomic<const char*> said[64];
    for (auto& entry : said) {
        const char* expected = nullptr;
        if (entry.compare_exchange_strong(expected, routine)) return true;
        if (expected == routine) return false;
    }
    return true;
}

}  // namespace

void irql_too_high(const char* routine, KIRQL highest, KIRQL irql, const void* caller) {
    char detail[160];
    std::snprintf(detail, sizeof(detail), "%s may be called at IRQL <= %s (%u); it was called at IRQL %u", routine, name_of(highest),
                  unsigned{highest}, unsigned{irql});
    if (irql >= DISPATCH_LEVEL) {
        constexpr ULONG_PTR execute = 8;
        ke::BugCheckContext context;
        context.detail = detail;
        ke::bug_check(ke::irql_not_less_or_equal, 0, irql, execute, reinterpret_cast<ULONG_PTR>(caller), &context);
    }
    io::IoManager& io = current_kernel().io();
    if (io.request_observer()) {
        verifier::stop({.code = verifier::driver_verifier_detected_violation,
                        .parameters = {verifier::own_irql_too_high, irql, highest, reinterpret_cast<ULONG_PTR>(caller)},
                        .detail = detail,
                        .history = {}});
    }
    if (is_first_time(routine)) io.diagnostics().report(ke::driver_on_stack(), detail);
}

}  // namespace pw::wdk
