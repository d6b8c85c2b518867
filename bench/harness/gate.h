// SPDX-License-Identifier: Apache-2.0
// A Gate lets another process's spinning side sleep while something else is measured on its processor. In shared memory.
#pragma once

#include "harness/ping_pong.h"

namespace pw::bench {

class Gate {
public:
  // The side that spins calls it in its loop: blocks while the gate is closed.
  void pass() {
    if (is_open_.load(std::memory_order_relaxed) == 0) futex_wait(is_open_, 0);
  }
  void open() {
    is_open_.store(1, std::memory_order_seq_cst);
    futex_wake(is_open_);
  }
  void close() { is_open_.store(0, std::memory_order_seq_cst); }

private:
  alignas(64) std::atomic<std::uint32_t> is_open_{0};
};

// A batch during which the gate is open.
template <class Batch> [[nodiscard]] auto through(Gate& gate, Batch batch) {
  return [&gate, batch](std::size_t count) {
    gate.open();
    const double elapsed_ns = batch(count);
    gate.close();
    return elapsed_ns;
  };
}

} // namespace pw::bench
