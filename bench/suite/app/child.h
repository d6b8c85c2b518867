// SPDX-License-Identifier: Apache-2.0
// Further processes of this program: a population of clients that are connected and wait, or one that answers events.
#pragma once

#include "suite/rows/row.h"

#include <memory>
#include <vector>

namespace pw::bench {

enum class ChildTask { wait, answer };

// Started, connected to the driver and through with a request when the constructor ends; gone when the destructor ends.
// Hosted only: a process that holds its kernel itself has no others beside it. Aborts if they cannot be started.
class Children {
public:
  Children(const Run& run, ChildTask task, std::size_t count);
  ~Children();
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  // The two events of ChildTask::answer, as HANDLEs.
  [[nodiscard]] void* request() const;
  [[nodiscard]] void* reply() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

// What a started child does, if argv says that this is one. Returns its exit code, or -1.
[[nodiscard]] int child_main(int argc, char** argv);

} // namespace pw::bench
