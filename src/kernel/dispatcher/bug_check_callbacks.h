// SPDX-License-Identifier: Apache-2.0
// Bug-check callbacks: routines of drivers that a bug check calls while it writes its report.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

// KeRegisterBugCheckCallback and the others: false when the record is registered already (or is not), or no record of this
// kind. The record and the routine stay where they are until it is deregistered. Any IRQL.
[[nodiscard]] bool register_bug_check_callback(KBUGCHECK_CALLBACK_RECORD& record, PKBUGCHECK_CALLBACK_ROUTINE routine, void* buffer,
                                               ULONG length_bytes, UCHAR* component);
bool deregister_bug_check_callback(KBUGCHECK_CALLBACK_RECORD& record);
[[nodiscard]] bool register_bug_check_reason_callback(KBUGCHECK_REASON_CALLBACK_RECORD& record,
                                                      PKBUGCHECK_REASON_CALLBACK_ROUTINE routine,
                                                      KBUGCHECK_CALLBACK_REASON reason, UCHAR* component);
bool deregister_bug_check_reason_callback(KBUGCHECK_REASON_CALLBACK_RECORD& record);
// What a driver's image left registered when it is unloaded. Returns how many.
unsigned forget_bug_check_callbacks(ULONG_PTR base, ULONG_PTR length_bytes);

// For the bug check: calls all of them, at HIGH_LEVEL, and hands each one's line of the report to `line`. What a callback
// left in its buffer, or gave as secondary dump data, is shown in part.
void run_bug_check_callbacks(void (*line)(void* context, const char* text), void* context);

}  // namespace pw::ke
