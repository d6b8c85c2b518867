// SPDX-License-Identifier: Apache-2.0
#include "harness/child_process.h"

#include "harness/processor.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pw::bench {

ChildProcess::ChildProcess(int cpu, const std::function<void()>& body) {
  std::fflush(nullptr); // the child must not print our buffered lines again
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) {
    std::perror("fork");
    std::abort();
  }
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1); // the parent died before the line above
  if (!pin_this_thread(cpu)) _exit(2);
  body();
  _exit(0);
}

ChildProcess::~ChildProcess() {
  int state = 0;
  while (waitpid(pid_, &state, 0) < 0 && errno == EINTR) {
  }
}

} // namespace pw::bench
