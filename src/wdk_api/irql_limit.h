// SPDX-License-Identifier: Apache-2.0
// The IRQL up to which a routine may be called, where the routine itself has no reason to look.
#pragma once

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/thread.h"

namespace pw::wdk {

// Bug check IRQL_NOT_LESS_OR_EQUAL (as NT, whose pageable code faults there), with the routine's caller as the place.
__attribute__((always_inline)) inline void require_irql_at_most(KIRQL highest) {
    const KIRQL irql = ke::current_irql();
    if (irql <= highest) [[likely]] return;
    ke::bug_check(ke::irql_not_less_or_equal, 0, irql, 8, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
}

}  // namespace pw::wdk
