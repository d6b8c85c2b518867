// SPDX-License-Identifier: Apache-2.0
// PW_IRQL_LIMIT: the first statement of a façade whose routine has a documented highest IRQL (irql_table.h).
#pragma once

#include "kernel/dispatcher/thread.h"
#include "wdk_api/irql_table.h"

namespace pw::wdk {

// At DISPATCH_LEVEL and above: bug check IRQL_NOT_LESS_OR_EQUAL (as NT, whose pageable code or data faults there), with
// `caller` as the place. A routine for PASSIVE_LEVEL called at APC_LEVEL goes on in NT, until it waits for what only an APC
// brings: with the verifier a bug check 0xC4, without it a line of the report, once per routine.
[[gnu::cold, gnu::noinline]] void irql_too_high(const char* routine, KIRQL highest, KIRQL irql, const void* caller);

__attribute__((always_inline)) inline void check_irql(const char* routine, KIRQL highest) {
    const KIRQL irql = ke::current_irql();
    if (irql > highest) [[unlikely]] irql_too_high(routine, highest, irql, __builtin_return_address(0));
}

}  // namespace pw::wdk

#define PW_IRQL_LIMIT(Routine) ::pw::wdk::check_irql(#Routine, ::pw::wdk::documented_irql::Routine)
// Where the limit depends on an argument.
#define PW_IRQL_AT_MOST(Routine, Highest) ::pw::wdk::check_irql(#Routine, Highest)
