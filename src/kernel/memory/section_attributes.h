// SPDX-License-Identifier: Apache-2.0
// What is right about the SEC_ attributes of a new section.
#pragma once

#include <cstdint>

#include "base/status.h"

namespace pw::mm {

// STATUS_INVALID_PARAMETER_6 for unknown bits and wrong combinations; for what is not there: STATUS_PRIVILEGE_NOT_HELD
// (SEC_LARGE_PAGES), STATUS_INVALID_FILE_FOR_SECTION and STATUS_INVALID_IMAGE_FORMAT (SEC_IMAGE), STATUS_NOT_SUPPORTED.
[[nodiscard]] Status check_section_attributes(std::uint32_t attributes, bool has_file);

}  // namespace pw::mm
