// SPDX-License-Identifier: Apache-2.0
// ChildProcess is the other side of a two-process measurement: forked, pinned, and gone when this process is.
#pragma once

#include <functional>

namespace pw::bench {

class ChildProcess {
public:
  // Forks; the child pins itself to `cpu`, runs `body` and exits. What the two share must be in SharedPages made before.
  // `body` must end when the parent asks (through the shared pages); a parent that dies takes the child along.
  ChildProcess(int cpu, const std::function<void()>& body);
  // Waits for the child's end: ask it to stop before.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

private:
  int pid_ = -1;
};

} // namespace pw::bench
