// SPDX-License-Identifier: Apache-2.0
#include "platform/process_spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>

extern char** environ;

namespace pw::platform {
namespace {

// posix_spawn's two attribute objects, destroyed on every path.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

std::vector<std::string> merged_environment(const std::vector<std::pair<std::string, std::string>>& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string variable = *entry;
    const std::string name = variable.substr(0, variable.find('='));
    bool replaced = false;
    for (const auto& [changed, value] : changes) replaced = replaced || changed == name;
    if (!replaced) result.push_back(variable);
  }
  for (const auto& [name, value] : changes) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> as_pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

ExitStatus decode(int raw) {
  if (WIFSIGNALED(raw)) return {true, WTERMSIG(raw)};
  return {false, WEXITSTATUS(raw)};
}

int remaining_ms(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

constexpr int forwarded_signals[] = {SIGINT, SIGTERM, SIGHUP};
struct sigaction previous_actions[3];
std::atomic<int> forward_target{0};
std::atomic<int> first_signal{0};
std::atomic<int> undelivered_signal{0};

void forward_signal(int signal_number, siginfo_t* info, void*) {
  const int saved_errno = errno;
  int none = 0;
  first_signal.compare_exchange_strong(none, signal_number);
  const int target = forward_target.load();
  // A signal from the kernel came from the terminal, whose whole foreground group has it already.
  const bool from_terminal = info->si_code == SI_KERNEL;
  if (target > 0 && !from_terminal) kill(target, signal_number);
  if (target == 0) undelivered_signal.store(signal_number);
  errno = saved_errno;
}

}  // namespace

ChildProcess::~ChildProcess() {
  if (running()) wait();
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    if (running()) wait();
    pid_ = std::exchange(other.pid_, -1);
  }
  return *this;
}

int ChildProcess::start(const SpawnRequest& request) {
  SpawnPlan plan;
  const auto redirect = [&plan](int descriptor, const std::string& file, int flags) {
    if (file.empty()) return 0;
    return posix_spawn_file_actions_addopen(&plan.actions, descriptor, file.c_str(), flags, 0600);
  };
  int error = redirect(STDIN_FILENO, request.stdin_file, O_RDONLY);
  const int output = O_WRONLY | O_CREAT | (request.append_output ? O_APPEND : O_TRUNC);
  if (error == 0) error = redirect(STDOUT_FILENO, request.stdout_file, output);
  if (error == 0) error = redirect(STDERR_FILENO, request.stderr_file, output);
  for (const int descriptor : request.inherited_descriptors) {
    // Duplicating a descriptor onto itself clears close-on-exec for the child alone.
    if (error == 0) error = posix_spawn_file_actions_adddup2(&plan.actions, descriptor, descriptor);
  }
  if (error != 0) return error;

  // exec resets our own signal handlers; what our caller ignores (nohup) stays ignored.
  short flags = POSIX_SPAWN_SETSIGMASK;
  sigset_t mask;
  sigemptyset(&mask);
  posix_spawnattr_setsigmask(&plan.attributes, &mask);
  if (request.own_process_group) {
    flags = static_cast<short>(flags | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&plan.attributes, 0);
  }
  if (request.own_session) flags = static_cast<short>(flags | POSIX_SPAWN_SETSID);
  posix_spawnattr_setflags(&plan.attributes, flags);

  std::vector<std::string> arguments = request.arguments;
  std::vector<std::string> environment = merged_environment(request.environment);
  const std::vector<char*> argv = as_pointers(arguments);
  const std::vector<char*> envp = as_pointers(environment);
  pid_t pid = -1;
  error = posix_spawn(&pid, request.program.c_str(), &plan.actions, &plan.attributes, argv.data(), envp.data());
  if (error == 0) pid_ = pid;
  return error;
}

void ChildProcess::send_signal(int signal_number) const {
  if (pid_ > 0) kill(pid_, signal_number);
}

ExitStatus ChildProcess::wait() {
  int raw = 0;
  while (pid_ > 0 && waitpid(pid_, &raw, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return decode(raw);
}

bool ChildProcess::wait_for(int timeout_ms, ExitStatus& status) {
  if (!running()) return true;
  // A pidfd becomes readable when the process ends: a wait with a limit and without polling.
  const int process_descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  pollfd entry = {process_descriptor, POLLIN, 0};
  int ready = -1;
  do {
    ready = poll(&entry, 1, remaining_ms(deadline));
  } while (ready < 0 && errno == EINTR);
  if (process_descriptor >= 0) close(process_descriptor);
  if (ready <= 0) return false;
  status = wait();
  return true;
}

int replace_process(const std::string& program, const std::vector<std::string>& arguments,
                    const std::vector<std::pair<std::string, std::string>>& environment) {
  std::vector<std::string> variables = merged_environment(environment);
  const std::vector<char*> envp = as_pointers(variables);
  std::vector<std::string> copies = arguments;
  const std::vector<char*> argv = as_pointers(copies);
  execve(program.c_str(), argv.data(), envp.data());
  return errno;
}

LinePipe::~LinePipe() {
  close_write_end();
  if (read_end_ >= 0) close(read_end_);
}

int LinePipe::open() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  read_end_ = ends[0];
  write_end_ = ends[1];
  return 0;
}

void LinePipe::close_write_end() {
  if (write_end_ >= 0) close(std::exchange(write_end_, -1));
}

LinePipe::ReadOutcome LinePipe::read_line(int timeout_ms, std::string& line) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  for (;;) {
    const std::size_t end = pending_.find('\n');
    if (end != std::string::npos) {
      line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return ReadOutcome::Line;
    }
    pollfd entry = {read_end_, POLLIN, 0};
    const int ready = poll(&entry, 1, remaining_ms(deadline));
    if (ready < 0) return ReadOutcome::Interrupted;
    if (ready == 0) return ReadOutcome::TimedOut;
    char buffer[4096];
    const ssize_t count = read(read_end_, buffer, sizeof buffer);
    if (count > 0) {
      pending_.append(buffer, static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      if (pending_.empty()) return ReadOutcome::EndOfFile;
      line = std::exchange(pending_, {});
      return ReadOutcome::Line;
    }
  }
}

SignalForwarder::SignalForwarder() {
  forward_target = 0;
  first_signal = 0;
  undelivered_signal = 0;
  struct sigaction action = {};
  action.sa_sigaction = forward_signal;
  action.sa_flags = SA_SIGINFO;
  for (std::size_t i = 0; i < std::size(forwarded_signals); ++i) {
    sigaction(forwarded_signals[i], nullptr, &previous_actions[i]);
    if (previous_actions[i].sa_handler != SIG_IGN) sigaction(forwarded_signals[i], &action, nullptr);
  }
}

SignalForwarder::~SignalForwarder() {
  for (std::size_t i = 0; i < std::size(forwarded_signals); ++i) {
    sigaction(forwarded_signals[i], &previous_actions[i], nullptr);
  }
}

void SignalForwarder::set_target(int pid) {
  forward_target = pid;
  const int signal_number = pid > 0 ? undelivered_signal.exchange(0) : 0;
  if (signal_number != 0) kill(pid, signal_number);
}

int SignalForwarder::received() const { return first_signal; }

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

bool may_execute(const std::string& path) { return access(path.c_str(), X_OK) == 0; }

std::string make_private_directory(const std::string& prefix) {
  std::string path = prefix + "XXXXXX";
  return mkdtemp(path.data()) != nullptr ? path : std::string();
}

}  // namespace pw::platform
