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

// Parameter 1 of the two verifier bug checks.
enum Kind : ULONG_PTR {
    freed_no_irp = 0x01,
    freed_irp_of_thread = 0x02,
    called_with_no_irp = 0x03,
    called_no_device = 0x04,
    completed_above_dispatch_level = 0x0E,
    leaked_pool = 0x62,
    unnumbered = 0x200,
    called_with_cancel_routine = 0x203,
    freed_irp_in_use = 0x20B,
    inconsistent_status = 0x224,
    returned_without_completion = 0x226,
    pending_not_marked = 0x228,
    // From here on Partywall's own: what NT's documentation has no number for, or none that we could vouch for. 'PW' << 16.
    own_kinds = 0x50570000,
    own_irql_too_high,
};

struct Violation {
    ULONG code = 0;
    ULONG_PTR parameters[4] = {};
    std::string detail;                    // one line
    std::function<std::string()> history;  // further lines, asked for when the report has begun
};
// No lock held. Any IRQL.
[[noreturn]] void stop(Violation violation);

}  // namespace pw::verifier
