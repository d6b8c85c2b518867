// SPDX-License-Identifier: Apache-2.0
// A source file's text as UTF-8, whatever encoding the file has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw::cli {

struct SourceText {
  std::string text;        // UTF-8 (or the file's own 8-bit bytes), without a byte-order mark
  bool converted = false;  // the compiler could not read the file as it is
};

// Decodes UTF-16 (with a byte-order mark, or plainly recognisable), drops a UTF-8 byte-order mark, and drops the Ctrl-Z
// that ends some DOS-era files. Lone surrogates become U+FFFD. Line ends stay as they are.
[[nodiscard]] SourceText decode_source(std::string_view bytes);

// Reads a whole file; nothing if it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path);

// Writes a whole file, with its folders; throws CliError if that fails.
void write_file(const std::string& path, std::string_view content);

}  // namespace pw::cli
