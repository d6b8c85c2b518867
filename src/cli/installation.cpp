// SPDX-License-Identifier: Apache-2.0
#include "cli/installation.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

#include "cli/cli_error.h"

namespace pw::cli {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string first_existing(std::initializer_list<fs::path> paths) {
  for (const fs::path& path : paths) {
    if (is_there(path)) return path.string();
  }
  return paths.begin()->string();
}

// The source tree that a build tree was configured from.
std::optional<fs::path> source_tree_of(const fs::path& build_tree) {
  std::ifstream cache(build_tree / "CMakeCache.txt");
  constexpr std::string_view key = "CMAKE_HOME_DIRECTORY:INTERNAL=";
  for (std::string line; std::getline(cache, line);) {
    if (line.compare(0, key.size(), key) == 0) return line.substr(key.size());
  }
  return std::nullopt;
}

std::optional<Installation> installed_at(const fs::path& prefix) {
  const fs::path include = prefix / "include" / "partywall";
  if (!is_there(include / "shared") || !is_there(include / "wdk")) return std::nullopt;
  Installation found;
  found.include_root = include.string();
  // Where GNUInstallDirs puts libraries, on Debian (below /usr) and elsewhere.
  found.library_directory = first_existing({prefix / "lib" / "partywall", prefix / "lib" / "x86_64-linux-gnu" / "partywall",
                                            prefix / "lib64" / "partywall"});
  found.share_directory = (prefix / "share" / "partywall").string();
  found.bench_directory = found.library_directory + "/bench";
  found.host_program = first_existing({prefix / "libexec" / "partywall" / "partywall-host",
                                       prefix / "lib" / "partywall" / "partywall-host", prefix / "bin" / "partywall-host"});
  return found;
}

std::optional<Installation> built_at(const fs::path& build_tree) {
  std::optional<fs::path> source = source_tree_of(build_tree);
#ifdef PW_SOURCE_DIRECTORY
  if (!source && is_there(build_tree / "bin" / "partywall")) source = PW_SOURCE_DIRECTORY;
#endif
  if (!source || !is_there(*source / "include" / "shared")) return std::nullopt;
  Installation found;
  found.include_root = (*source / "include").string();
  found.library_directory = (build_tree / "lib").string();
  found.bench_directory = (build_tree / "bench" / "suite").string();
  found.share_directory = (*source / "share").string();
  found.host_program = (build_tree / "bin" / "partywall-host").string();
  return found;
}

std::optional<Installation> at_root(const fs::path& root) {
  std::optional<Installation> found = installed_at(root);
  return found ? found : built_at(root);
}

}  // namespace

Installation Installation::locate() {
  if (const char* root = std::getenv("PARTYWALL_ROOT"); root != nullptr && *root != '\0') {
    if (auto found = at_root(root)) return *found;
    throw CliError(1, root, "PARTYWALL_ROOT names no installation of Partywall",
                   "set it to an installation prefix or a build tree, or unset it");
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path root = program.parent_path().parent_path();
  if (auto found = at_root(root)) return *found;
  throw CliError(1, program.string(), "Partywall's headers are not where they belong beside this program",
                 "install it again, or set PARTYWALL_ROOT to its prefix");
}

std::vector<std::string> Installation::driver_includes() const {
  std::vector<std::string> directories;
  // The C++ library's headers, with the SAL names out of their way.
  if (is_there(include_root + "/shared/cxx")) directories.push_back(include_root + "/shared/cxx");
  if (is_there(include_root + "/shared/crt")) directories.push_back(include_root + "/shared/crt");
  directories.push_back(include_root + "/shared");
  directories.push_back(include_root);  // <partywall/ring.h>
  directories.push_back(include_root + "/wdk");
  directories.push_back(include_root + "/win32");
  return directories;
}

std::vector<std::string> Installation::application_includes() const {
  std::vector<std::string> directories = driver_includes();
  std::swap(directories[directories.size() - 2], directories[directories.size() - 1]);
  return directories;
}

std::string Installation::library(const std::string& name) const { return library_directory + "/lib" + name + ".so"; }

}  // namespace pw::cli
