// SPDX-License-Identifier: Apache-2.0
#include "verifier/violation.h"

#include "kernel/dispatcher/bug_check.h"

namespace pw::verifier {

void stop(Violation violation) {
    // Kept beyond this frame: an action may leave by longjmp, and the text belongs to the report.
    static Violation reported;
    reported = std::move(violation);
    ke::BugCheckContext context;
    context.detail = reported.detail.c_str();
    context.history = reported.history.c_str();
    const ULONG_PTR* p = reported.parameters;
    ke::bug_check(reported.code, p[0], p[1], p[2], p[3], &context);
}

}  // namespace pw::verifier
