// SPDX-License-Identifier: Apache-2.0
// A folder below the system's temporary one that goes with its owner.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "cli/cli_error.h"
#include "platform/process_spawn.h"

namespace pw::cli {

class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& prefix) {
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
    path_ = platform::make_private_directory((parent / prefix).string());
    if (path_.empty()) throw CliError(125, parent.string(), "no temporary folder can be made there", "set TMPDIR");
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace pw::cli
