// SPDX-License-Identifier: Apache-2.0
// Finds what a compiler for Linux takes otherwise than Microsoft's: unusual main functions, and C inline functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cc/text_edits.h"

namespace pw::cli {

enum class SourceLanguage { C, Cxx };

struct FunctionHeadFindings {
  // Macro definitions (name=value) for what a void _tmain becomes.
  std::vector<std::string> entry_renames;
  bool defines_entry = false;  // main, wmain, _tmain, WinMain, wWinMain or _tWinMain is defined here
};

// Names under which the start object knows the renamed entry points.
inline constexpr std::string_view entry_main_void = "pw_main_void";
inline constexpr std::string_view entry_main_value = "pw_main_value";
inline constexpr std::string_view entry_wmain_void = "pw_wmain_void";

// Scans for entry points. Adds the edits that rename those which a compiler would refuse, such as 'void main()' and
// 'VOID main(ULONG argc, PCHAR argv[])' (the start object calls them by the new name, which says whether there is a value),
// and that give them C linkage in C++. An ordinary 'int main' stays untouched.
[[nodiscard]] FunctionHeadFindings scan_entry_points(std::string_view source, SourceLanguage language, TextEdits& edits);

// A C function that is 'inline' without 'static' or 'extern'.
struct InlineFunction {
  std::string name;
  std::size_t offset = 0;  // of the word inline
};

struct CFunctionHeads {
  std::vector<InlineFunction> inline_functions;
  std::vector<std::string> plain_declarations;  // functions declared or defined without inline
};

// Microsoft's compiler emits an inline function wherever it is needed and lets the linker keep one. C99 leaves it undefined
// unless a declaration without 'inline' is in sight. So the wrapper makes it static where no such declaration is.
[[nodiscard]] CFunctionHeads scan_c_functions(std::string_view source);

}  // namespace pw::cli
