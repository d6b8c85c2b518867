// SPDX-License-Identifier: Apache-2.0
#include "platform/process_spawn.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pw::platform {
namespace {

SpawnRequest shell(const std::string& script) {
  SpawnRequest request;
  request.program = "/bin/sh";
  request.arguments = {"sh", "-c", script};
  return request;
}

std::string contents(const std::string& path) {
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(ProcessSpawn, ReportsTheExitCode) {
  ChildProcess child;
  ASSERT_EQ(child.start(shell("exit 7")), 0);
  const ExitStatus status = child.wait();
  EXPECT_FALSE(status.signaled);
  EXPECT_EQ(status.shell_code(), 7);
}

TEST(ProcessSpawn, ReportsASignalTheWayAShellDoes) {
  ChildProcess child;
  ASSERT_EQ(child.start(shell("kill -KILL $$")), 0);
  const ExitStatus status = child.wait();
  EXPECT_TRUE(status.signaled);
  EXPECT_EQ(status.shell_code(), 128 + SIGKILL);
}

TEST(ProcessSpawn, SaysWhyAProgramCannotBeStarted) {
  ChildProcess child;
  SpawnRequest request;
  request.program = "/nonexistent/program";
  request.arguments = {"program"};
  EXPECT_EQ(child.start(request), ENOENT);
  EXPECT_FALSE(child.running());
}

TEST(ProcessSpawn, RedirectsOutputAndReplacesEnvironmentVariables) {
  const std::string folder = make_private_directory(::testing::TempDir() + "pw");
  ASSERT_FALSE(folder.empty());
  SpawnRequest request = shell("echo out; echo \"$HOME-$PW_NEW\" >&2");
  request.stdout_file = folder + "/out";
  request.stderr_file = folder + "/err";
  request.environment = {{"HOME", "replaced"}, {"PW_NEW", "added"}};
  ChildProcess child;
  ASSERT_EQ(child.start(request), 0);
  EXPECT_EQ(child.wait().shell_code(), 0);
  EXPECT_EQ(contents(folder + "/out"), "out\n");
  EXPECT_EQ(contents(folder + "/err"), "replaced-added\n");
  std::filesystem::remove_all(folder);
}

TEST(ProcessSpawn, ReadsLinesFromAnInheritedPipeUpToItsEnd) {
  LinePipe pipe;
  ASSERT_EQ(pipe.open(), 0);
  SpawnRequest request = shell("printf 'one\\ntwo' >&" + std::to_string(pipe.write_end()));
  request.inherited_descriptors = {pipe.write_end()};
  ChildProcess child;
  ASSERT_EQ(child.start(request), 0);
  pipe.close_write_end();
  std::string line;
  EXPECT_EQ(pipe.read_line(60000, line), LinePipe::ReadOutcome::Line);
  EXPECT_EQ(line, "one");
  EXPECT_EQ(pipe.read_line(60000, line), LinePipe::ReadOutcome::Line);
  EXPECT_EQ(line, "two");
  EXPECT_EQ(pipe.read_line(60000, line), LinePipe::ReadOutcome::EndOfFile);
}

TEST(ProcessSpawn, LimitsTheWaitForAChildThatDoesNotEnd) {
  ChildProcess child;
  ASSERT_EQ(child.start(shell("exec cat /dev/zero > /dev/null")), 0);
  ExitStatus status;
  EXPECT_FALSE(child.wait_for(0, status));
  child.send_signal(SIGKILL);
  EXPECT_TRUE(child.wait_for(60000, status));
  EXPECT_TRUE(status.signaled);
}

TEST(ProcessSpawn, PassesASignalThatWasSentToUsOnToTheChild) {
  LinePipe pipe;
  ASSERT_EQ(pipe.open(), 0);
  SpawnRequest request = shell("echo up >&" + std::to_string(pipe.write_end()) + "; exec cat /dev/zero > /dev/null");
  request.inherited_descriptors = {pipe.write_end()};
  SignalForwarder forwarder;
  ChildProcess child;
  ASSERT_EQ(child.start(request), 0);
  std::string line;
  ASSERT_EQ(pipe.read_line(60000, line), LinePipe::ReadOutcome::Line);
  raise(SIGTERM);  // before there is a target: kept, then passed on
  forwarder.set_target(child.pid());
  EXPECT_EQ(child.wait().shell_code(), 128 + SIGTERM);
  EXPECT_EQ(forwarder.received(), SIGTERM);
}

TEST(ProcessSpawn, MakesDirectoriesThatOnlyTheirOwnerMayEnter) {
  const std::string folder = make_private_directory(::testing::TempDir() + "pw");
  ASSERT_FALSE(folder.empty());
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace pw::platform
