// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/function_heads.h"

#include <gtest/gtest.h>

namespace pw::cli {
namespace {

std::string rewritten(std::string_view source, SourceLanguage language = SourceLanguage::C) {
  TextEdits edits;
  static_cast<void>(scan_entry_points(source, language, edits));
  return edits.apply(source);
}

TEST(FunctionHeads, LeavesOrdinaryMainsUntouched) {
  for (const std::string source : {"int main(void) {}", "int main() {}", "int main(int argc, char **argv) {}",
                                   "extern \"C\" int main(int c, char* v[]) {}", "int __cdecl main(IN int argc) {}",
                                   "static int f(void) { return main(0); }", "int x = main(1);", "struct { int main; } s;"}) {
    EXPECT_EQ(rewritten(source), source);
    EXPECT_EQ(rewritten(source, SourceLanguage::Cxx), source);
  }
}

TEST(FunctionHeads, RenamesMainsThatCompilersRefuse) {
  EXPECT_EQ(rewritten("void main() {}"), "void pw_main_void() {}");
  EXPECT_EQ(rewritten("VOID __cdecl main(ULONG argc, PCHAR argv[])\n{\n}"),
            "VOID __cdecl pw_main_void(ULONG argc, PCHAR argv[])\n{\n}");
  EXPECT_EQ(rewritten("DWORD main(int argc, char** argv) {}"), "DWORD pw_main_value(int argc, char** argv) {}");
  EXPECT_EQ(rewritten("int f(void);\nvoid main() {}", SourceLanguage::Cxx),
            "int f(void);\nextern \"C\" void pw_main_void() {}");
}

TEST(FunctionHeads, JudgesEachBranchOfAConditionByItself) {
  EXPECT_EQ(rewritten("#ifdef A\nvoid main() {\n#else\nint main() {\n#endif\n}\nvoid main(void);"),
            "#ifdef A\nvoid pw_main_void() {\n#else\nint main() {\n#endif\n}\nvoid pw_main_void(void);");
}

TEST(FunctionHeads, GivesWideAndWindowsEntriesCLinkageInCxx) {
  EXPECT_EQ(rewritten("int wmain(int c, wchar_t** v) {}", SourceLanguage::Cxx),
            "extern \"C\" int wmain(int c, wchar_t** v) {}");
  EXPECT_EQ(rewritten("int WINAPI WinMain(HINSTANCE i, HINSTANCE p, LPSTR l, int s) {}", SourceLanguage::Cxx),
            "extern \"C\" int WINAPI WinMain(HINSTANCE i, HINSTANCE p, LPSTR l, int s) {}");
  EXPECT_EQ(rewritten("namespace x { class y; }\nextern \"C\" {\nvoid wmain() {}\n}", SourceLanguage::Cxx),
            "namespace x { class y; }\nextern \"C\" {\nextern \"C\" void pw_wmain_void() {}\n}");
}

TEST(FunctionHeads, DefinesWhatAVoidTmainBecomes) {
  TextEdits edits;
  const FunctionHeadFindings findings = scan_entry_points("void _tmain(int c, TCHAR** v) {}", SourceLanguage::C, edits);
  EXPECT_EQ(findings.entry_renames, (std::vector<std::string>{"main=pw_main_void", "wmain=pw_wmain_void"}));
  EXPECT_TRUE(findings.defines_entry);
}

TEST(FunctionHeads, TellsInlineFunctionsFromOthers) {
  const CFunctionHeads heads = scan_c_functions(
      "__inline int a(int x) { return x; }\nstatic inline int b(void) { return 1; }\nint c(void);\n"
      "FORCEINLINE\nVOID\nd(void)\n{\n}\n__declspec(noinline) int e(void) { return 2; }\nextern inline int f(void) {}\n");
  ASSERT_EQ(heads.inline_functions.size(), 2U);
  EXPECT_EQ(heads.inline_functions[0].name, "a");
  EXPECT_EQ(heads.inline_functions[0].offset, 0U);
  EXPECT_EQ(heads.inline_functions[1].name, "d");
  EXPECT_EQ(heads.plain_declarations, (std::vector<std::string>{"c", "e"}));
}

TEST(FunctionHeads, ReadsOldStyleDefinitionsAndUnfinishedText) {
  EXPECT_EQ(rewritten("main(argc, argv) int argc; char** argv; { }"), "main(argc, argv) int argc; char** argv; { }");
  for (const std::string source : {"void main(", "void main() {", "#if", "{", "}", "extern \"C\" {", "main", "void ("}) {
    EXPECT_GE(rewritten(source).size(), source.size());
  }
}

}  // namespace
}  // namespace pw::cli
