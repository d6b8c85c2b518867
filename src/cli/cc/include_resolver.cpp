// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/include_resolver.h"

#include <algorithm>
#include <array>

namespace pw::cli {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string join(const std::string& directory, std::string_view name) {
  if (directory.empty() || name.empty()) return directory + std::string(name);
  return directory.back() == '/' ? directory + std::string(name) : directory + "/" + std::string(name);
}

// Headers that live in the compiler's own directory, which we do not know.
bool is_compiler_header(std::string_view name) {
  static constexpr std::array names = {"stdarg.h", "stddef.h", "stdint.h",    "stdbool.h",   "float.h",
                                       "limits.h", "iso646.h", "immintrin.h", "emmintrin.h", "x86intrin.h"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const std::multimap<std::string, std::string>& DirectoryIndex::listing(const std::string& directory) {
  const auto [at, added] = listings_.try_emplace(directory);
  if (added) {
    std::error_code error;
    const std::filesystem::path path = directory.empty() ? "." : directory;
    for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      at->second.emplace(lower(name), name);
    }
  }
  return at->second;
}

std::optional<std::string> DirectoryIndex::find(const std::string& directory, std::string_view relative, bool exact_only) {
  const std::size_t slash = relative.find('/');
  const std::string_view head = relative.substr(0, slash);
  const std::string_view tail = slash == std::string_view::npos ? std::string_view() : relative.substr(slash + 1);
  const auto descend = [&](std::string_view name) -> std::optional<std::string> {
    const std::string path = join(directory, name);
    if (slash != std::string_view::npos) return find(path, tail, exact_only);
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) ? std::optional(path) : std::nullopt;
  };
  if (head.empty() || head == "." || head == "..") {
    return head.empty() ? find(directory, tail, exact_only) : descend(head);
  }
  const auto& names = listing(directory);
  const auto [first, last] = names.equal_range(lower(head));
  for (auto at = first; at != last; ++at) {
    if (at->second != head) continue;
    if (auto found = descend(head)) return found;
  }
  for (auto at = first; at != last && !exact_only; ++at) {
    if (auto found = descend(at->second)) return found;
  }
  return std::nullopt;
}

std::optional<ResolvedInclude> IncludeResolver::search(const IncludeDirective& include, const std::string& name,
                                                       bool exact_only) {
  const auto look = [&](const std::vector<std::string>& directories,
                        HeaderOwner owner) -> std::optional<ResolvedInclude> {
    for (const std::string& directory : directories) {
      if (const auto path = index_.find(directory, name, exact_only)) {
        return ResolvedInclude{owner, *path, path->substr(path->size() - std::min(path->size(), name.size()))};
      }
    }
    return std::nullopt;
  };
  std::optional<ResolvedInclude> found;
  if (include.quoted) found = look(search_.quote, HeaderOwner::User);
  if (!found) found = look(search_.user, HeaderOwner::User);
  if (!found) found = look(search_.user_system, HeaderOwner::UserSystem);
  if (!found) found = look(search_.partywall, HeaderOwner::Partywall);
  if (!found) found = look(search_.system, HeaderOwner::System);
  if (!found && !include.quoted) {
    const std::string plain = exact_only ? name : lower(name);
    if (is_compiler_header(plain)) found = ResolvedInclude{HeaderOwner::System, plain, plain};
  }
  return found;
}

std::optional<ResolvedInclude> IncludeResolver::resolve(const IncludeDirective& include, const std::string& includer) {
  std::string name = include.name;
  std::replace(name.begin(), name.end(), '\\', '/');
  while (name.size() > 1 && name.compare(0, 2, "./") == 0) name.erase(0, 2);
  if (name.empty()) return std::nullopt;
  if (name.front() == '/') {
    const auto path = index_.find("/", std::string_view(name).substr(1), false);
    if (!path) return std::nullopt;
    return ResolvedInclude{HeaderOwner::User, *path, *path};
  }
  if (include.quoted) {
    const std::string directory = std::filesystem::path(includer).parent_path().string();
    if (const auto path = index_.find(directory, name, false)) {
      return ResolvedInclude{HeaderOwner::User, *path, path->substr(path->size() - std::min(path->size(), name.size()))};
    }
  }
  auto found = search(include, name, true);
  if (!found) found = search(include, name, false);
  return found;
}

}  // namespace pw::cli
