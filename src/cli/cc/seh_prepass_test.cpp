// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/seh_prepass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace pw::cli {
namespace {

const SehPrepassOptions as_c{.cplusplus = false, .macros = {}};
const SehPrepassOptions as_cxx{.cplusplus = true, .macros = {}};

std::string c(std::string_view source) { return rewrite_seh(source, as_c); }
std::string cxx(std::string_view source) { return rewrite_seh(source, as_cxx); }

// The result without what a function's head and body get, for tests of the rest.
std::string without_marks(std::string text) {
  for (const std::string_view mark : {"_PW_SEH_FUNCTION ", " _PW_SEH_BODY_END", " _PW_SEH_BODY"}) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.erase(at, mark.size());
  }
  return text;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(SehPrepass, LeavesOtherTextAlone) {
  const std::string plain = "int main(void) { entry(); retry: return 0; }\n";
  EXPECT_EQ(c(plain), plain);
  const std::string quoted = "// __try {\nconst char* s = \"__try { } __except (1) { }\"; /* __finally { } */ char x = '__try';\n";
  EXPECT_EQ(c(quoted), quoted);
  const std::string raw = "auto s = R\"x(__try { } )\" __except(1) { })x\";\n";
  EXPECT_EQ(cxx(raw), raw);
}

TEST(SehPrepass, RewritesExcept) {
  EXPECT_EQ(c("void f(void) { __try { a(); } __except (g(1)) { b(); } }"),
            "_PW_SEH_FUNCTION void f(void) { _PW_SEH_BODY _PW_SEH_TRY_EXCEPT { a(); } _PW_SEH_EXCEPT (g(1)) _PW_SEH_HANDLER "
            "{ b(); } _PW_SEH_END } _PW_SEH_BODY_END");
}

TEST(SehPrepass, RewritesFinallyAndLeave) {
  EXPECT_EQ(without_marks(c("void f(void) { __try { if (x) __leave; } __finally { b(); } }")),
            "void f(void) { _PW_SEH_TRY { if (x) _PW_SEH_LEAVE; } _PW_SEH_FINALLY { b(); } _PW_SEH_FINALLY_END }");
}

TEST(SehPrepass, NestsInBodyFilterHandlerAndFinally) {
  EXPECT_EQ(without_marks(c("int f(void) { _try { _try { } _finally { } } _except (1) { __try { } __except (0) { } } }")),
            "int f(void) { _PW_SEH_TRY_EXCEPT { _PW_SEH_TRY { } _PW_SEH_FINALLY { } _PW_SEH_FINALLY_END } _PW_SEH_EXCEPT (1) "
            "_PW_SEH_HANDLER { _PW_SEH_TRY_EXCEPT { } _PW_SEH_EXCEPT (0) _PW_SEH_HANDLER { } _PW_SEH_END } _PW_SEH_END }");
}

TEST(SehPrepass, ClosesAdjacentBlocksWithoutSpaces) {
  EXPECT_EQ(without_marks(c("int f(void) { __try{a;}__except(1){b;}__try{c;}__finally{d;}}")),
            "int f(void) { _PW_SEH_TRY_EXCEPT{a;}_PW_SEH_EXCEPT(1) _PW_SEH_HANDLER{b;} _PW_SEH_END_PW_SEH_TRY{c;}"
            "_PW_SEH_FINALLY{d;} _PW_SEH_FINALLY_END}");
}

TEST(SehPrepass, KeepsEveryLineInItsPlace) {
  const std::string source =
      "int f(void)\r\n{\r\n  __try\r\n  {\r\n    x();\r\n  }\r\n  __except (g(1,\r\n  2))\r\n  {\r\n  }\r\n}\r\n#define A __try { \\\r\n x; } "
      "__finally \\\r\n { }\r\n";
  const std::string result = c(source);
  EXPECT_NE(result, source);
  EXPECT_EQ(std::count(result.begin(), result.end(), '\n'), std::count(source.begin(), source.end(), '\n'));
  EXPECT_TRUE(has(result, "#define A _PW_SEH_TRY { \\\r\n x; } _PW_SEH_FINALLY \\\r\n { } _PW_SEH_FINALLY_END\r\n"));
}

TEST(SehPrepass, TakesPlainWordsInCOnlyWhereTheyCannotBeIdentifiers) {
  EXPECT_EQ(without_marks(c("int f(void) { try { leave; } finally { } try { } except(1) { } }")),
            "int f(void) { _PW_SEH_TRY { _PW_SEH_LEAVE; } _PW_SEH_FINALLY { } _PW_SEH_FINALLY_END _PW_SEH_TRY_EXCEPT { } "
            "_PW_SEH_EXCEPT(1) _PW_SEH_HANDLER { } _PW_SEH_END }");
  const std::string names = "struct s { int leave, try; } ; int f(int finally) { int leave = finally; leave = 1; except(leave); return leave; }";
  EXPECT_EQ(c(names), names);
}

TEST(SehPrepass, LeavesTheLanguagesOwnTryBlocksAlone) {
  const std::string own = "void f() { try { g(); } catch (...) { } int leave; }";
  EXPECT_EQ(cxx(own), own);
  // libstdc++ has replaced __try by try before the pre-pass saw it.
  EXPECT_TRUE(has(cxx("void f() { try { g(); } __except (1) { } try { } catch (int) { } }"),
                  "_PW_SEH_TRY_EXCEPT { g(); } _PW_SEH_EXCEPT (1) _PW_SEH_HANDLER { } _PW_SEH_END try { } catch (int) { }"));
}

TEST(SehPrepass, PutsTheAttributeBehindWhatMustComeFirst) {
  const std::string body = " { __try { } __finally { } }";
  EXPECT_TRUE(cxx("template <class T, int N = (3 > 2)> static T f(T x)" + body).starts_with("template <class T, int N = (3 > 2)> _PW_SEH_FUNCTION static T f"));
  EXPECT_TRUE(cxx("extern \"C\" int f(int x)" + body).starts_with("extern \"C\" _PW_SEH_FUNCTION int f"));
  EXPECT_TRUE(cxx("[[nodiscard]] int f(int x)" + body).starts_with("[[nodiscard]] _PW_SEH_FUNCTION int f"));
  EXPECT_TRUE(c("_Use_decl_annotations_ _IRQL_requires_max_(APC_LEVEL) NTSTATUS f(_In_ int x)" + body)
                  .starts_with("_Use_decl_annotations_ _IRQL_requires_max_(APC_LEVEL) _PW_SEH_FUNCTION NTSTATUS f"));
  EXPECT_TRUE(c("DECLARE_SOMETHING(x)\nint f(int x)" + body).starts_with("DECLARE_SOMETHING(x)\n_PW_SEH_FUNCTION int f"));
  EXPECT_TRUE(c("struct s* f(struct s* x)" + body).starts_with("_PW_SEH_FUNCTION struct s* f"));
  EXPECT_TRUE(c("EXTERN_C_START int f(void)" + body).starts_with("EXTERN_C_START _PW_SEH_FUNCTION int f"));
  EXPECT_TRUE(c("int f(a, b) int a; char* b;" + body).starts_with("_PW_SEH_FUNCTION int f(a, b)"));
  EXPECT_TRUE(c("int x;\n#pragma alloc_text(PAGE, f)\nint f(void)" + body).starts_with("int x;\n#pragma alloc_text(PAGE, f)\n_PW_SEH_FUNCTION int f"));
  EXPECT_TRUE(has(c("static int a[] = {1, 2}; int f(void)" + body), "}; _PW_SEH_FUNCTION int f(void)"));
}

TEST(SehPrepass, MarksTheInnermostFunction) {
  const std::string in_class = cxx("class A : B<(1)> { public: A() : x{1}, y(2) { __try { } __finally { } } int g() const { return 1; } int x, y; };");
  EXPECT_TRUE(has(in_class, "public: _PW_SEH_FUNCTION A() : x{1}, y(2) { _PW_SEH_BODY"));
  EXPECT_TRUE(has(in_class, "int g() const { return 1; }"));
  const std::string lambda = cxx("int f() { auto g = [&](int x) mutable -> int { __try { } __finally { } }; h([] { __try { } __finally { } }); return a[0]; }");
  EXPECT_TRUE(has(lambda, "int f() { auto g = [&](int x) _PW_SEH_LAMBDA_FIRST mutable _PW_SEH_LAMBDA_LAST -> int { _PW_SEH_MARK"));
  EXPECT_TRUE(has(lambda, "h([]() _PW_SEH_LAMBDA_FIRST _PW_SEH_LAMBDA_LAST { _PW_SEH_MARK"));
  EXPECT_FALSE(has(lambda, "_PW_SEH_FUNCTION"));
  EXPECT_EQ(c("int f(void) { return 1; } int g(void) { __try { } __finally { } } int h(void) { return 2; }"),
            "int f(void) { return 1; } _PW_SEH_FUNCTION int g(void) { _PW_SEH_BODY _PW_SEH_TRY { } _PW_SEH_FINALLY { } "
            "_PW_SEH_FINALLY_END } _PW_SEH_BODY_END int h(void) { return 2; }");
}

TEST(SehPrepass, ReplacesForceinlineOnSuchAFunction) {
  EXPECT_TRUE(c("FORCEINLINE int f(void) { __try { } __finally { } }").starts_with("_PW_SEH_FUNCTION _PW_SEH_INLINE int f"));
  EXPECT_TRUE(c("static __forceinline int f(void) { __try { } __finally { } }").starts_with("_PW_SEH_FUNCTION static inline int f"));
}

TEST(SehPrepass, FollowsEveryBranchOfAnIf) {
  const std::string heads = c("#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n__try { } __finally { } }\nint g(void) { }\n");
  EXPECT_TRUE(has(heads, "#ifdef A\n_PW_SEH_FUNCTION int f(int a) { _PW_SEH_BODY\n#else\n_PW_SEH_FUNCTION int f(void) { _PW_SEH_BODY\n#endif"));
  EXPECT_TRUE(has(heads, "\nint g(void) { }"));
  EXPECT_TRUE(c("static int f(int a,\n#if A\nint b)\n#else\nint c)\n#endif\n{ __try { } __finally { } }").starts_with("_PW_SEH_FUNCTION static"));
  const std::string clauses = without_marks(c("int f(void) { __try { }\n#if A\n__except (1)\n#else\n__except (2)\n#endif\n{ } }"));
  EXPECT_EQ(clauses,
            "int f(void) { _PW_SEH_TRY_EXCEPT { }\n#if A\n_PW_SEH_EXCEPT (1) _PW_SEH_HANDLER\n#else\n_PW_SEH_EXCEPT (2) "
            "_PW_SEH_HANDLER\n#endif\n{ } _PW_SEH_END }");
  const std::string both = without_marks(c("int f(void) { __try { }\n#if A\n__except (1) { }\n#else\n__finally { }\n#endif\n}"));
  EXPECT_TRUE(has(both, "{ _PW_SEH_TRY { }\n#if A\n_PW_SEH_EXCEPT (1) _PW_SEH_HANDLER { } _PW_SEH_END\n#else\n_PW_SEH_FINALLY { } _PW_SEH_FINALLY_END"));
  const std::string optional = without_marks(c("int f(void) {\n#ifdef S\n__try {\n#endif\nx();\n#ifdef S\n} __except (1) { }\n#endif\n}"));
  EXPECT_TRUE(has(optional, "#ifdef S\n_PW_SEH_TRY_EXCEPT {\n#endif\nx();\n#ifdef S\n} _PW_SEH_EXCEPT (1) _PW_SEH_HANDLER { } _PW_SEH_END\n#endif"));
}

TEST(SehPrepass, SkipsDisabledText) {
  const std::string result = c("#if 0\nint it's { { __try {\n#else\nint f(void) { __try { } __finally { } }\n#endif\nint g(void) { }\n");
  EXPECT_TRUE(has(result, "#if 0\nint it's { { __try {\n#else\n_PW_SEH_FUNCTION int f"));
  EXPECT_TRUE(has(result, "\nint g(void) { }\n"));
}

TEST(SehPrepass, MarksFunctionsThatUseAMacroWithAConstruct) {
  const std::string result = c("#define SAFE(x) __try { x; } __except (1) { }\n#define ALSO(x) SAFE(x)\nint f(void) { ALSO(y) }\nint g(void) { }\n");
  EXPECT_TRUE(has(result, "_PW_SEH_FUNCTION int f(void)"));
  EXPECT_TRUE(has(result, "\nint g(void)"));
  SehPrepassOptions options = as_c;
  options.macros.insert("FROM_A_HEADER");
  EXPECT_TRUE(rewrite_seh("int f(void) { FROM_A_HEADER }", options).starts_with("_PW_SEH_FUNCTION int f"));
}

TEST(SehPrepass, NamesTheMacrosThatExpandToConstructs) {
  const auto found = find_seh_macros("#define A(x) B(x)\n#define B(x) __try { x; } __finally { }\n#define C 1\n#define try_it 2\n", as_c);
  EXPECT_EQ(found, (std::set<std::string, std::less<>>{"A", "B"}));
  EXPECT_TRUE(find_seh_macros("int __try_not;\n", as_c).empty());
}

TEST(SehPrepass, KnowsMacrosWithPartsOfAConstruct) {
  EXPECT_TRUE(has_partial_seh_macros("#define TRY __try {\n", as_c));
  EXPECT_TRUE(has_partial_seh_macros("#define EXCEPT } __except (1) {\n", as_c));
  EXPECT_TRUE(has_partial_seh_macros("#define MY_TRY __try\n", as_c));
  EXPECT_FALSE(has_partial_seh_macros("#define SAFE(x) __try { x; } __except (1) { }\n", as_c));
  EXPECT_FALSE(has_partial_seh_macros("int f(void) { __try { } __finally { } }\n", as_c));
  // Left for the pass after the preprocessor.
  const std::string split = "#define TRY __try {\n#define END } __except (1) { }\nint f(void) { TRY x(); END }\n";
  EXPECT_TRUE(has(c(split), "#define TRY __try {\n#define END } __except (1) { }\n"));
}

TEST(SehPrepass, SurvivesUnfinishedText) {
  for (const std::string_view text : {"__try", "__try {", "int f(void) { __try { }", "__except (", "} } __finally {", "__try { } __except",
                                      "__try { } __except (1", "#define X __try", "#if\n__try {\n#else", "\"__try", "/* __try", "__leave",
                                      "#endif\n__try { } __finally { }", "int f( { __try { } __finally { } }", ")]} __try { } __except (1) { }"}) {
    EXPECT_GE(c(text).size(), text.size()) << text;
    EXPECT_GE(cxx(text).size(), text.size()) << text;
  }
}

}  // namespace
}  // namespace pw::cli
