// SPDX-License-Identifier: Apache-2.0
#include "verifier/violation.h"

#include "kernel/dispatcher/bug_check.h"

namespace pw::verifier {

void stop(Violation violation) {
    if (is_own(violation.parameters[0])) violation.detail += own_kind_note;
    ke::BugCheckContext context;
    context.detail = violation.detail.c_str();
    context.history = [](const void* subject) {
        const auto& history = static_cast<const Violation*>(subject)->history;
        return history ? history() : std::string();
    };
    context.history_subject = &violation;
    const ULONG_PTR* p = violation.parameters;
    ke::bug_check(violation.code, p[0], p[1], p[2], p[3], &context);
}

}  // namespace pw::verifier
