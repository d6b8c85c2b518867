// SPDX-License-Identifier: Apache-2.0
// What drivers are told of a new process: paths as they open them, command lines as Windows programs take them apart.
#include "kernel/processes/creation.h"

#include <gtest/gtest.h>

namespace pw::ps {
namespace {

TEST(ProcessCreation, APathIsOneOfDriveZ) {
    EXPECT_EQ(nt_path_of("/usr/bin/tool"), u"\\??\\Z:\\usr\\bin\\tool");
    EXPECT_EQ(nt_path_of("/tmp/gr\xC3\xBC\xC3\x9F"), u"\\??\\Z:\\tmp\\gr\u00FC\u00DF");
    EXPECT_EQ(nt_path_of(""), u"");
}

TEST(ProcessCreation, ArgumentsAreQuotedOnlyWhereTheyNeedIt) {
    EXPECT_EQ(command_line_of({}), u"");
    EXPECT_EQ(command_line_of({"tool", "-x", "plain"}), u"tool -x plain");
    EXPECT_EQ(command_line_of({"tool", "two words", ""}), u"tool \"two words\" \"\"");
    EXPECT_EQ(command_line_of({"C:\\dir\\tool"}), u"C:\\dir\\tool");
}

// The rules of CommandLineToArgvW: 2n backslashes and a quotation mark are n and the mark's meaning, 2n+1 are n and a mark.
TEST(ProcessCreation, BackslashesCountBeforeQuotationMarksOnly) {
    EXPECT_EQ(command_line_of({"a\"b"}), u"\"a\\\"b\"");
    EXPECT_EQ(command_line_of({"a\\\"b"}), u"\"a\\\\\\\"b\"");
    EXPECT_EQ(command_line_of({"with space\\"}), u"\"with space\\\\\"");
    EXPECT_EQ(command_line_of({"a\\b c"}), u"\"a\\b c\"");
}

}  // namespace
}  // namespace pw::ps
