// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "cli/cc/long_words.h"
#include "cli/cc/number_suffixes.h"
#include "cli/cc/source_text.h"
#include "cli/cli_error.h"

namespace pw::cli {
namespace {

std::string quoted_for_line_marker(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string absolute_path(const std::string& path) {
  // Not canonical: a symbolic link is the path that the user knows. But "dir/.." through a link means the link's target.
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (path.find("..") == std::string::npos) return absolute.lexically_normal().string();
  const std::filesystem::path real = std::filesystem::canonical(absolute, error);
  return error ? absolute.lexically_normal().string() : real.string();
}

}  // namespace

SourceTree::SourceTree(IncludeSearchPath search, std::string temporary_root, bool long_has_32_bits)
    : resolver_(std::move(search)), temporary_root_(std::move(temporary_root)), long_has_32_bits_(long_has_32_bits) {}

std::string SourceTree::copy_root(SourceLanguage language) const {
  return temporary_root_ + (language == SourceLanguage::C ? "/c" : "/cxx");
}

SourceTree::File* SourceTree::scan(const std::string& display, HeaderOwner owner, SourceLanguage language,
                                   bool is_source) {
  const std::string absolute = absolute_path(display);
  const std::string copy_path = copy_root(language) + absolute;
  if (const auto known = files_.find(copy_path); known != files_.end()) return known->second.get();
  const std::optional<std::string> bytes = read_file(display);
  if (!bytes) return nullptr;

  auto owned = std::make_unique<File>();
  File& file = *owned;
  files_.emplace(copy_path, std::move(owned));  // before the includes: they may lead back here
  SourceText source = decode_source(*bytes);
  file.display = display;
  file.absolute = absolute;
  file.copy_path = copy_path;
  file.owner = owner;
  file.language = language;
  file.text = std::move(source.text);
  file.needs_copy = source.converted;
  if (is_source) {
    file.entry = scan_entry_points(file.text, language, file.edits);
  }
  if (language == SourceLanguage::C) file.functions = scan_c_functions(file.text);
  replace_number_suffixes(file.text, file.edits);
  if (long_has_32_bits_) replace_long(file.text, file.edits);
  scan_includes(file);
  file.needs_copy = file.needs_copy || !file.edits.empty();
  return &file;
}

void SourceTree::scan_includes(File& file) {
  for (IncludeDirective& include : find_includes(file.text)) {
    const std::optional<ResolvedInclude> found = resolver_.resolve(include, file.display);
    if (!found) continue;
    if (found->owner == HeaderOwner::User || found->owner == HeaderOwner::UserSystem) {
      // A header of a system directory counts as one whatever it includes.
      const HeaderOwner owner = file.owner == HeaderOwner::UserSystem ? file.owner : found->owner;
      File* header = scan(found->path, owner, file.language, false);
      if (header == nullptr) continue;
      if (found->spelling != include.name) file.needs_copy = true;
      file.includes.push_back({include, header});
    } else if (found->spelling != include.name) {
      const bool angled = !include.quoted || found->owner == HeaderOwner::Partywall;
      file.edits.replace(include.offset, include.length,
                         angled ? "<" + found->spelling + ">" : "\"" + found->spelling + "\"");
    }
  }
}

void SourceTree::collect(File* file, std::vector<File*>& reached) {
  if (std::find(reached.begin(), reached.end(), file) != reached.end()) return;
  reached.push_back(file);
  for (const UserInclude& include : file->includes) collect(include.file, reached);
}

void SourceTree::write_copy(File& file, const std::set<std::string>& plain_declarations, const SehMacros& macros) {
  if (std::exchange(file.copied, true)) return;
  for (const UserInclude& include : file.includes) {
    file.edits.replace(include.directive.offset, include.directive.length, "\"" + include.file->copy_path + "\"");
  }
  for (const InlineFunction& function : file.functions.inline_functions) {
    if (!plain_declarations.contains(function.name)) file.edits.replace(function.offset, 0, "static ");
  }
  std::string copy = file.owner == HeaderOwner::UserSystem ? "#pragma GCC system_header\n" : "";
  copy += "#line 1 \"" + quoted_for_line_marker(file.display) + "\"\n";
  const std::string edited = file.edits.apply(file.text);
  copy += macros.partial ? edited : run_seh_step(edited, file.language, macros);
  write_file(file.copy_path, copy);
}

PreparedSource SourceTree::finish(File& root) {
  std::vector<File*> reached;
  collect(&root, reached);
  std::set<std::string> plain;
  for (const File* file : reached) {
    plain.insert(file->functions.plain_declarations.begin(), file->functions.plain_declarations.end());
  }
  std::vector<std::string_view> texts;
  for (auto file = reached.rbegin(); file != reached.rend(); ++file) texts.push_back((*file)->text);
  const SehMacros macros = find_macros_with_seh(texts, root.language);
  const bool needs_copies = std::any_of(reached.begin(), reached.end(), [&plain, &macros](const File* file) {
    const auto& inlines = file->functions.inline_functions;
    const bool has_seh = !macros.partial && run_seh_step(file->text, file->language, macros) != file->text;
    return file->needs_copy || has_seh || std::any_of(inlines.begin(), inlines.end(), [&plain](const InlineFunction& function) {
             return !plain.contains(function.name);
           });
  });
  PreparedSource prepared{root.display, needs_copies, root.entry.entry_renames, macros.partial};
  if (needs_copies) {
    for (File* file : reached) write_copy(*file, plain, macros);
    prepared.path = root.copy_path;
  }
  return prepared;
}

PreparedSource SourceTree::prepare(const std::string& source, SourceLanguage language) {
  File* root = scan(source, HeaderOwner::User, language, true);
  if (root == nullptr) throw CliError(1, source, "no such file, or it cannot be read", "check the path");
  return finish(*root);
}

std::string SourceTree::prepare_forced_include(const std::string& name, SourceLanguage language) {
  IncludeDirective directive;
  directive.name = name;
  directive.quoted = true;
  const std::optional<ResolvedInclude> found = resolver_.resolve(directive, "");
  if (!found) return name;
  if (found->owner == HeaderOwner::Partywall || found->owner == HeaderOwner::System) return found->spelling;
  File* root = scan(found->path, found->owner, language, false);
  return root == nullptr ? name : finish(*root).path;
}

std::string SourceTree::restore_paths(std::string_view text) const {
  std::string out;
  for (;;) {
    const std::size_t at = text.find(temporary_root_ + "/c");
    if (at == std::string_view::npos) break;
    out += text.substr(0, at);
    text.remove_prefix(at);
    const File* best = nullptr;
    for (const auto& [copy_path, file] : files_) {
      const bool matches = text.substr(0, copy_path.size()) == copy_path;
      if (matches && (best == nullptr || copy_path.size() > best->copy_path.size())) best = file.get();
    }
    if (best != nullptr) {
      out += best->display;
      text.remove_prefix(best->copy_path.size());
    } else {
      const bool cxx = text.substr(temporary_root_.size(), 4) == "/cxx";
      text.remove_prefix(temporary_root_.size() + (cxx ? 4 : 2));
    }
  }
  out += text;
  return out;
}

}  // namespace pw::cli
