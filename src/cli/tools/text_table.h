// SPDX-License-Identifier: Apache-2.0
// TextTable: rows of text in columns, for people.
#pragma once

#include <string>
#include <vector>

namespace pw::cli {

class TextTable {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool is_empty() const { return rows_.empty(); }

  // The title line and the rows, each with a newline; no blanks at a line's end. `emphasise`: the title in bold.
  [[nodiscard]] std::string text(bool emphasise) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "4 KiB", "1.5 MiB", "17 B".
[[nodiscard]] std::string human_bytes(unsigned long long bytes);

}  // namespace pw::cli
