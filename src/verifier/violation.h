// SPDX-License-Identifier: Apache-2.0
// How a rule ends: a bug check whose report says what was wrong and what led to it.
#pragma once

#include <nt/ke_types.h>

#include <functional>
#include <string>

namespace pw::verifier {

constexpr ULONG multiple_irp_complete_requests = 0x44;
constexpr ULONG driver_verifier_detected_violation = 0xC4;
constexpr ULONG driver_verifier_iomanager_violation = 0xC9;

// Parameter 1 of the two verifier bug checks: the numbers of Microsoft's pages "Bug Check 0xC4" and "Bug Check 0xC9" where there is
// one that we are sure of, else our own.
enum Kind : ULONG_PTR {
    freed_no_irp = 0x01,
    freed_irp_of_thread = 0x02,
    called_with_no_irp = 0x03,
    called_no_device = 0x04,
    completed_above_dispatch_level = 0x0E,
    leaked_pool = 0x62,
    // From here on Partywall's own: what NT's documentation has no number for, or none that we could vouch for. 'PW' << 16.
    own_kinds = 0x50570000,
    own_irql_too_high,
    own_called_with_cancel_routine,
    own_freed_irp_in_use,
    own_inconsistent_status,
    own_returned_without_completion,
    own_pending_not_marked,
    own_marked_pending,
};
inline constexpr const char* own_kind_note = " (parameter 1 is Partywall's own)";
[[nodiscard]] constexpr bool is_own(ULONG_PTR kind) { return kind > own_kinds && kind <= own_marked_pending; }

struct Violation {
    ULONG code = 0;
    ULONG_PTR parameters[4] = {};
    std::string detail;                    // one line
    std::function<std::string()> history;  // further lines, asked for when the report has begun
};
// No lock held. Any IRQL.
[[noreturn]] void stop(Violation violation);

}  // namespace pw::verifier
