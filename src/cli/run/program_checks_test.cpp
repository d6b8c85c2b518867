// SPDX-License-Identifier: Apache-2.0
#include "cli/run/program_checks.h"

#include <gtest/gtest.h>

#include <functional>

#include "cli/cli_error.h"
#include "cli/run/exit_codes.h"
#include "cli/run/host_process.h"

namespace pw::cli {
namespace {

using platform::ElfImage;
using platform::ElfProblem;

int code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const CliError& error) {
    return error.exit_code();
  }
  return 0;
}

ElfImage shared_object() {
  ElfImage image;
  image.type = ElfImage::Type::Shared;
  return image;
}

TEST(ProgramChecks, ADriverIsASharedObjectThatExportsDriverEntry) {
  ElfImage image = shared_object();
  EXPECT_EQ(code_of([&] { judge_driver("a.sys", image); }), exit_bad_driver_file);
  image.exports.push_back({"DriverEntry", false, false});
  EXPECT_EQ(code_of([&] { judge_driver("a.sys", image); }), exit_bad_driver_file);
  image.exports.back().defined = true;
  EXPECT_EQ(code_of([&] { judge_driver("a.sys", image); }), 0);
  image.type = ElfImage::Type::Relocatable;
  EXPECT_EQ(code_of([&] { judge_driver("a.sys", image); }), exit_bad_driver_file);
}

TEST(ProgramChecks, AnApplicationIsAProgramThatNeedsOurLibrary) {
  ElfImage image = shared_object();
  image.needed = {"libpartywall-win32.so"};
  EXPECT_EQ(code_of([&] { judge_application("a", image); }), exit_not_runnable);
  image.has_interpreter = true;
  EXPECT_EQ(code_of([&] { judge_application("a", image); }), 0);
  image.needed = {"libc.so.6"};
  EXPECT_EQ(code_of([&] { judge_application("a", image); }), exit_not_runnable);
}

TEST(ProgramChecks, EveryProblemOfAFileIsRefused) {
  for (const ElfProblem problem :
       {ElfProblem::CannotRead, ElfProblem::NotElf, ElfProblem::WrongMachine, ElfProblem::Damaged}) {
    ElfImage image;
    image.problem = problem;
    EXPECT_EQ(code_of([&] { judge_driver("a.sys", image); }), exit_bad_driver_file);
    EXPECT_EQ(code_of([&] { judge_application("a", image); }), exit_not_runnable);
  }
}

TEST(HostProcess, JudgesTheReadyLine) {
  std::string kind;
  EXPECT_EQ(judge_ready_line(R"({"ready":true})", kind), "");
  EXPECT_EQ(judge_ready_line(R"({"error":"no","kind":"driver_entry"})", kind), "no");
  EXPECT_EQ(kind, "driver_entry");
  for (const char* line : {"", "{", "true", "[]", R"({"ready":false})", R"({"ready":"yes"})", R"({"error":3})"}) {
    EXPECT_NE(judge_ready_line(line, kind), "") << line;
  }
}

TEST(HostProcess, JudgesItsEnd) {
  EXPECT_EQ(judge_host_end({false, 0}), 0);
  EXPECT_EQ(judge_host_end({false, host_exit_bug_check}), exit_bug_check);
  EXPECT_EQ(judge_host_end({false, 1}), exit_host_lost);
  EXPECT_EQ(judge_host_end({true, 11}), exit_host_lost);
}

}  // namespace
}  // namespace pw::cli
