// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/link_report.h"

#include <gtest/gtest.h>

#include "cli/cc/known_functions.h"

namespace pw::cli {
namespace {

std::string summary(std::string_view output) {
  const LinkReport report = parse_link_output(output);
  std::string text;
  for (const MissingFunction& missing : report.missing) text += missing.name + " @ " + missing.first_use + "\n";
  return text + (report.other.empty() ? "" : "other: " + report.other);
}

TEST(LinkReport, ReadsGnuLdWithDebugInformation) {
  EXPECT_EQ(summary("/usr/bin/ld: /tmp/x.o: in function `f':\n"
                    "/src/a.c:12: undefined reference to `IoFoo'\n"
                    "/usr/bin/ld: /src/a.c:13: undefined reference to `Bar'\n"
                    "/usr/bin/ld: /src/b.c:1: undefined reference to `IoFoo'\n"
                    "/usr/bin/ld: /src/b.c:1: more undefined references to `IoFoo' follow\n"
                    "collect2: error: ld returned 1 exit status\n"),
            "IoFoo @ /src/a.c:12\nBar @ /src/a.c:13\n");
}

TEST(LinkReport, ReadsGnuLdWithoutDebugInformation) {
  EXPECT_EQ(summary("/usr/bin/ld: /tmp/x.o: in function `f':\na.c:(.text+0x5): undefined reference to `g'\n"
                    "/usr/bin/ld: /tmp/y.o:(.data+0x0): undefined reference to `table'\n"
                    "/usr/bin/ld: /tmp/z.o: in function `h': a.c:(.text+0x9): undefined reference to `operator new(unsigned long)'\n"),
            "g @ in function f of a.c\ntable @ y.o\noperator new(unsigned long) @ in function h of a.c\n");
}

TEST(LinkReport, ReadsLld) {
  EXPECT_EQ(summary("ld.lld: error: undefined symbol: IoFoo\n>>> referenced by a.c:12 (/src/a.c:12)\n"
                    ">>>               /tmp/a.o:(f)\n>>> referenced 3 more times\n\n"
                    "ld.lld: error: undefined symbol: ns::g(int)\n>>> referenced by b.cpp\n>>>               /tmp/b.o:(h)\n"
                    "clang: error: linker command failed with exit code 1 (use -v to see invocation)\n"),
            "IoFoo @ /src/a.c:12\nns::g(int) @ b.cpp\n");
}

TEST(LinkReport, ReadsGoldAndMold) {
  EXPECT_EQ(summary("/src/a.c:7: error: undefined reference to 'g'\n"), "g @ /src/a.c:7\n");
  EXPECT_EQ(summary("mold: error: undefined symbol: g\n>>> referenced by a.c:7\n>>>               /tmp/a.o:(f)\n"),
            "g @ a.c:7\n");
  EXPECT_EQ(summary("mold: undefined symbol: /tmp/a.o: g\n"), "g @ a.o\n");
}

TEST(LinkReport, KeepsEveryOtherMessage) {
  const char* twice = "/usr/bin/ld: /tmp/b.o: in function `twice':\n/src/b.c:1: multiple definition of `twice'; /src/a.c:1: "
                      "first defined here\n";
  EXPECT_EQ(summary(std::string(twice) + "/usr/bin/ld: /src/b.c:2: undefined reference to `g'\n"),
            std::string("g @ /src/b.c:2\nother: ") + twice);
  EXPECT_EQ(summary("/usr/bin/ld: cannot find -lfoo: No such file\ncollect2: error: ld returned 1 exit status\n"),
            "other: /usr/bin/ld: cannot find -lfoo: No such file\ncollect2: error: ld returned 1 exit status\n");
  EXPECT_EQ(summary(""), "");
}

TEST(KnownFunctions, KnowsBothFormsAndIgnoresComments) {
  const KnownFunctions known = KnownFunctions::from_text("# list\nIoFoo\r\nCreateThing # why\nOpenThingW\n");
  EXPECT_TRUE(known.contains("IoFoo"));
  EXPECT_TRUE(known.contains("IoFoo(int)"));
  EXPECT_TRUE(known.contains("CreateThingA"));
  EXPECT_TRUE(known.contains("CreateThingW"));
  EXPECT_TRUE(known.contains("OpenThing"));
  EXPECT_FALSE(known.contains("IoBar"));
  EXPECT_FALSE(known.contains(""));
  EXPECT_FALSE(known.contains("# list"));
}

}  // namespace
}  // namespace pw::cli
