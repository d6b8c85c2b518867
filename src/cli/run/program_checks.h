// SPDX-License-Identifier: Apache-2.0
// What must be true of driver files and applications before anything is started.
#pragma once

#include <string>

#include "platform/elf_image.h"

namespace pw::cli {

// Throws CliError (exit_bad_driver_file) if the file cannot be a driver.
void check_driver_file(const std::string& path);

// Finds the application as a shell does and returns its path. Throws CliError: exit_not_found, or exit_not_runnable if it
// is not executable or not built for Partywall. A script is let through: it may start such a program.
[[nodiscard]] std::string check_application(const std::string& name);

// The judgements themselves, on a parsed file; path is for the message.
void judge_driver(const std::string& path, const platform::ElfImage& image);
void judge_application(const std::string& path, const platform::ElfImage& image);

}  // namespace pw::cli
