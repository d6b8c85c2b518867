// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/stack_expansion.h"

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/thread.h"
#include "platform/fresh_stack.h"

namespace pw::ke {
namespace {

// What a routine that was written for NT's stacks needs more here: our own frames and libc's are larger.
constexpr std::size_t headroom_bytes = 256 * 1024;

struct Call {
    PEXPAND_STACK_CALLOUT callout;
    void* parameter;
};

}  // namespace

Status call_on_expanded_stack(Thread& thread, PEXPAND_STACK_CALLOUT callout, void* parameter, std::size_t size_bytes) {
    const KIRQL irql = thread.irql();
    if (irql > DISPATCH_LEVEL) {
        bug_check(irql_not_less_or_equal, reinterpret_cast<ULONG_PTR>(parameter), irql, 0,
                  reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
    }
    if (size_bytes > MAXIMUM_EXPANSION_SIZE) return STATUS_INVALID_PARAMETER_3;
    Call call{callout, parameter};
    const auto run = [](void* context) {
        const Call& wanted = *static_cast<const Call*>(context);
        wanted.callout(wanted.parameter);
    };
    if (!platform::run_on_fresh_stack(size_bytes + headroom_bytes, run, &call)) return STATUS_NO_MEMORY;
    if (thread.irql() != irql) {
        bug_check(irql_unexpected_value, (ULONG_PTR{thread.irql()} << 16) | (ULONG_PTR{irql} << 8),
                  reinterpret_cast<ULONG_PTR>(callout), 1, 0);
    }
    return STATUS_SUCCESS;
}

}  // namespace pw::ke
