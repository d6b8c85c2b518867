// SPDX-License-Identifier: Apache-2.0
// Starts child processes without a shell, waits for them, and passes signals on to them.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pw::platform {

// What to start. Empty file names mean "inherit".
struct SpawnRequest {
  std::string program;                 // path of the executable file; not searched for
  std::vector<std::string> arguments;  // argv, argv[0] included
  std::vector<std::pair<std::string, std::string>> environment;  // variables that are set or replaced for the child
  std::string stdin_file;              // opened read-only in place of descriptor 0
  std::string stdout_file;             // created or truncated in place of descriptor 1
  std::string stderr_file;             // created or truncated in place of descriptor 2
  bool append_output = false;          // the two files keep what they have
  std::vector<int> inherited_descriptors;  // stay open in the child under the same numbers
  bool own_session = false;            // no terminal; it outlives the one that started it
  bool own_process_group = false;      // the terminal's Ctrl-C then does not reach the child
};

// How a child ended: by exit code or by signal.
struct ExitStatus {
  bool signaled = false;
  int value = 0;  // exit code, or the signal's number

  // The shell's convention: the exit code, or 128 + the signal's number.
  [[nodiscard]] int shell_code() const { return signaled ? 128 + value : value; }
};

// A started child. The destructor waits for a child that nobody has waited for, so no zombie stays.
class ChildProcess {
 public:
  ChildProcess() = default;
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Starts the child. Returns 0, or the errno value of the failure (ENOENT, EACCES, ENOEXEC ...).
  [[nodiscard]] int start(const SpawnRequest& request);

  [[nodiscard]] bool running() const { return pid_ > 0; }
  [[nodiscard]] int pid() const { return pid_; }

  // Sends a signal; does nothing once the child has been waited for.
  void send_signal(int signal_number) const;

  // The child is nobody's business any more: it goes on when this process ends.
  void let_go() { pid_ = -1; }

  // Blocks until the child has ended.
  ExitStatus wait();

  // Waits at most so long. Returns false if the child still runs then.
  [[nodiscard]] bool wait_for(int timeout_ms, ExitStatus& status);

 private:
  int pid_ = -1;
};

// This process becomes another program, with its descriptors and its environment, of which some variables are set or
// replaced. Returns only on failure: an errno value.
[[nodiscard]] int replace_process(const std::string& program, const std::vector<std::string>& arguments,
                                  const std::vector<std::pair<std::string, std::string>>& environment = {});

// A pipe whose write end a child inherits and whose read end we read lines from.
class LinePipe {
 public:
  LinePipe() = default;
  ~LinePipe();
  LinePipe(const LinePipe&) = delete;
  LinePipe& operator=(const LinePipe&) = delete;

  // Creates the pipe; both ends are close-on-exec. Returns 0 or an errno value.
  [[nodiscard]] int open();
  [[nodiscard]] int write_end() const { return write_end_; }
  void close_write_end();

  enum class ReadOutcome { Line, EndOfFile, TimedOut, Interrupted };
  // Reads up to the next newline, which is dropped. At the end of file the rest without newline counts as a line.
  [[nodiscard]] ReadOutcome read_line(int timeout_ms, std::string& line);

 private:
  int read_end_ = -1;
  int write_end_ = -1;
  std::string pending_;
};

// While it lives, SIGINT, SIGTERM and SIGHUP do not end this process: they are passed on to the named child when they were
// sent to us alone (a terminal's Ctrl-C reaches the whole foreground group by itself). One instance at a time.
class SignalForwarder {
 public:
  SignalForwarder();
  ~SignalForwarder();
  SignalForwarder(const SignalForwarder&) = delete;
  SignalForwarder& operator=(const SignalForwarder&) = delete;

  // The child that gets the signals from now on; 0 for none. A signal that came before goes to it at once.
  void set_target(int pid);

  // The first signal that arrived, or 0.
  [[nodiscard]] int received() const;
};

// True if the descriptor (1 = standard output, 2 = standard error) is a terminal.
[[nodiscard]] bool is_terminal(int descriptor);

// True if this user may execute the file.
[[nodiscard]] bool may_execute(const std::string& path);

// Makes a new directory that only this user can enter, named prefix + six random characters. Empty on failure.
[[nodiscard]] std::string make_private_directory(const std::string& prefix);

}  // namespace pw::platform
