// SPDX-License-Identifier: Apache-2.0
// Processor features by their documented numbers (PF_XMMI_INSTRUCTIONS_AVAILABLE …).
#pragma once

namespace pw::ke {

// False for features that the processor lacks and for numbers that are not documented. Any IRQL.
[[nodiscard]] bool has_processor_feature(unsigned number);

}  // namespace pw::ke
