// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/job_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <system_error>
#include <thread>

#include "cli/cc/source_text.h"
#include "cli/cli_error.h"

namespace pw::cli {

std::string command_text(const std::vector<std::string>& command) {
  std::string text;
  for (const std::string& word : command) {
    if (!text.empty()) text += ' ';
    const bool plain = !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                               "0123456789_-+=./,:@%") == std::string::npos;
    if (plain) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  }
  return text;
}

int JobRunner::run_one(Job& job, std::size_t number) const {
  platform::SpawnRequest request;
  request.program = job.command.front();
  request.arguments = job.command;
  request.environment = {{"LC_ALL", "C"}};  // the linker's words are read, see link_report.h
  request.stdin_file = job.standard_input;
  request.stdout_file = fmt::format("{}/job-{}.out", folder_, number);
  request.stderr_file = fmt::format("{}/job-{}.err", folder_, number);
  platform::ChildProcess child;
  if (const int error = child.start(request); error != 0) return error;
  job.status = child.wait();
  job.output = read_file(request.stdout_file).value_or("");
  job.errors = read_file(request.stderr_file).value_or("");
  return 0;
}

void JobRunner::run(std::vector<Job>& jobs) {
  std::atomic<std::size_t> next{0};
  std::vector<int> failures(jobs.size(), 0);
  const auto work = [&] {
    for (std::size_t number = next++; number < jobs.size(); number = next++) {
      failures[number] = run_one(jobs[number], number);
    }
  };
  if (echo_) {
    for (const Job& job : jobs) fmt::print(stderr, "{}\n", command_text(job.command));
  }
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min<std::size_t>(parallel_, jobs.size()); ++i) helpers.emplace_back(work);
  work();
  helpers.clear();
  for (std::size_t number = 0; number < jobs.size(); ++number) {
    if (failures[number] == 0) continue;
    throw CliError(127, jobs[number].command.front(),
                   "cannot be started: " + std::generic_category().message(failures[number]));
  }
}

}  // namespace pw::cli
