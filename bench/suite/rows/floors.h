// SPDX-License-Identifier: Apache-2.0
// The floors of most rows: ping-pongs with a thread on the other side's processor.
#pragma once

#include "harness/thread_partner.h"
#include "suite/rows/measure.h"

namespace pw::bench {

// Spinning between two processors; with a futex where both sides share one.
class PingPongFloor {
public:
  PingPongFloor(const Run& run, std::size_t payload_bytes) : run_(run) {
    if (run.mode == kAsleep || !run.two_processors()) {
      futex_ = std::make_unique<ThreadPartner<Futex>>(run.mode == kAsleep ? run.cpu_a : run.cpu_b, payload_bytes);
    } else {
      spin_ = std::make_unique<ThreadPartner<Spin>>(run.cpu_b, payload_bytes);
    }
  }
  // A batch: nanoseconds of `count` round trips.
  double operator()(std::size_t count) {
    return spin_ ? spin_->round_trips(count, warm_ns(run_)) : futex_->round_trips(count, 0);
  }
  // For compare(), which copies its batches.
  [[nodiscard]] auto batch() {
    return [this](std::size_t count) { return (*this)(count); };
  }

private:
  const Run& run_;
  std::unique_ptr<ThreadPartner<Spin>> spin_;
  std::unique_ptr<ThreadPartner<Futex>> futex_;
};

} // namespace pw::bench
