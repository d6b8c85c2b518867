// SPDX-License-Identifier: Apache-2.0
// Finds the file that an #include means the way Windows would: any case, backslashes as separators.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cc/include_directives.h"

namespace pw::cli {

// Directory listings by lower-case name, read once.
class DirectoryIndex {
 public:
  // The path directory/relative with the spelling that the disk has, or nothing. An exact name wins over others that differ
  // in case; with exact_only no other is looked for.
  [[nodiscard]] std::optional<std::string> find(const std::string& directory, std::string_view relative, bool exact_only);

 private:
  const std::multimap<std::string, std::string>& listing(const std::string& directory);
  std::map<std::string, std::multimap<std::string, std::string>> listings_;
};

// Whose file an include names.
enum class HeaderOwner { User, UserSystem, Partywall, System };

struct ResolvedInclude {
  HeaderOwner owner = HeaderOwner::User;
  std::string path;      // as a compiler would name it: the directory as given, joined with the name on disk
  std::string spelling;  // the name part alone, with the case on disk and forward slashes
};

struct IncludeSearchPath {
  std::vector<std::string> quote;        // -iquote, for "name" only
  std::vector<std::string> user;         // -I
  std::vector<std::string> user_system;  // -isystem
  std::vector<std::string> partywall;    // ours
  std::vector<std::string> system;       // the C library's
};

class IncludeResolver {
 public:
  explicit IncludeResolver(IncludeSearchPath search) : search_(std::move(search)) {}

  // Looks for the file in the compiler's order. The includer's own directory is searched without regard to case at once; the
  // other directories first for the exact name, so that <string.h> never becomes a user's String.h, then in any case.
  // Nothing if no directory has it: the compiler then reports it, or finds it through a macro.
  [[nodiscard]] std::optional<ResolvedInclude> resolve(const IncludeDirective& include, const std::string& includer);

 private:
  std::optional<ResolvedInclude> search(const IncludeDirective& include, const std::string& name, bool exact_only);

  IncludeSearchPath search_;
  DirectoryIndex index_;
};

}  // namespace pw::cli
