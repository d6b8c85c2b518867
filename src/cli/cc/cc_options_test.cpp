// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/cc_options.h"

#include <gtest/gtest.h>

#include "cli/cli_error.h"

namespace pw::cli {
namespace {

CcOptions parse(const std::vector<std::string>& words) { return parse_cc_options(words, ProgramKind::Unknown, false); }

std::string items(const CcOptions& options) {
  std::string text;
  for (const CcInput& input : options.inputs) {
    text += (text.empty() ? "" : " ") + input.text + (input.language.empty() ? "" : "=" + input.language);
  }
  return text;
}

TEST(CcOptions, SplitsSourcesByLanguageAndKeepsTheOrderOfLinkItems) {
  const CcOptions options = parse({"--app", "a.c", "b.o", "-lfoo", "c.cpp", "-Wl,-x", "-L", "dir", "lib.a", "d.S"});
  EXPECT_EQ(items(options), "a.c=c b.o -lfoo c.cpp=c++ -Wl,-x -L dir lib.a d.S=assembler-with-cpp");
  EXPECT_EQ(options.kind, ProgramKind::Application);
}

TEST(CcOptions, TakesArgumentsJoinedOrSeparate) {
  const CcOptions options = parse({"-DA=1", "-D", "B", "-UC", "-Ix", "-I", "y", "-isystem", "z", "-oout", "-x", "c++", "f.c"});
  EXPECT_EQ(options.macros, (std::set<std::string>{"A", "B", "C"}));
  EXPECT_EQ(options.user_directories, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(options.system_directories, (std::vector<std::string>{"z"}));
  EXPECT_EQ(options.output, "out");
  EXPECT_EQ(items(options), "f.c=c++");
}

TEST(CcOptions, PassesUnknownFlagsToBothStepsAndWarningsToCompilingAlone) {
  const CcOptions options = parse({"-fsanitize=address", "-pthread", "-Wall", "-O2", "--param", "x=1", "a.c"});
  EXPECT_EQ(options.link_flags, (std::vector<std::string>{"-fsanitize=address", "-pthread", "-O2", "--param", "x=1"}));
  EXPECT_TRUE(options.has_flag("-Wall"));
  EXPECT_TRUE(options.has_sanitizer);
}

TEST(CcOptions, TakesADriverFromTheOutputsName) {
  EXPECT_EQ(parse({"a.c", "-o", "foo.SYS"}).kind, ProgramKind::Driver);
  EXPECT_EQ(parse({"a.c", "-o", "foo"}).kind, ProgramKind::Unknown);
}

TEST(CcOptions, IgnoresImportLibrariesAndResources) {
  const CcOptions options = parse({"a.c", "-lkernel32", "-l", "ntoskrnl", "Setupapi.lib", "a.rc", "-lm"});
  EXPECT_EQ(items(options), "a.c=c -lm");
  EXPECT_EQ(options.ignored, (std::vector<std::string>{"-lkernel32", "-lntoskrnl", "Setupapi.lib", "a.rc"}));
}

TEST(CcOptions, RefusesWhatItCannotUnderstand) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"-o"}, {"-D"}, {"-x", "fortran"}, {"-j", "many"}, {"-j0"}, {"@/nonexistent"}, {"-MF"}}) {
    EXPECT_THROW(static_cast<void>(parse(words)), CliError) << words.front();
  }
}

TEST(CcOptions, SplitsResponseFiles) {
  EXPECT_EQ(split_response_file("a \"b c\"\n'd\"e' f\\ g \"\"\r\n"),
            (std::vector<std::string>{"a", "b c", "d\"e", "f g", ""}));
}

}  // namespace
}  // namespace pw::cli
