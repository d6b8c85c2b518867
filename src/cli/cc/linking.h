// SPDX-License-Identifier: Apache-2.0
// The link step of 'partywall cc', with its report of functions that do not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/cc/cc_options.h"
#include "cli/cc/command_lines.h"
#include "cli/cc/job_runner.h"
#include "cli/cc/link_report.h"
#include "cli/cc/source_tree.h"
#include "platform/elf_image.h"

namespace pw::cli {

// An object that this call compiled, and the source it came from.
struct CompiledObject {
  std::string object;
  std::string source;
};

class Linking {
 public:
  Linking(const CcOptions& options, const CommandLines& lines, const Installation& installation, const SourceTree& tree,
          std::string folder, JobRunner& runner);

  // items are the link's inputs in order. Returns the exit code; messages are written to standard error.
  [[nodiscard]] int run(std::vector<std::string> items, const std::vector<CompiledObject>& compiled);

 private:
  void check_libraries() const;
  void read_objects(const std::vector<std::string>& items);
  [[nodiscard]] bool defined(std::string_view name) const;
  [[nodiscard]] bool needed(std::string_view name) const;
  [[nodiscard]] bool undefined_matches(std::initializer_list<std::string_view> prefixes) const;
  void add_support(std::vector<std::string>& items, const std::string& source);
  [[nodiscard]] int report(const Job& job, const std::vector<CompiledObject>& compiled) const;
  [[nodiscard]] std::string readable_place(const MissingFunction& missing, const std::vector<CompiledObject>& compiled) const;
  [[nodiscard]] int check_driver_entry() const;

  CcOptions options_;  // with the output's name filled in
  const CommandLines& lines_;
  const Installation& installation_;
  const SourceTree& tree_;
  std::string folder_;
  JobRunner& runner_;
  std::vector<platform::ElfImage> objects_;
};

}  // namespace pw::cli
