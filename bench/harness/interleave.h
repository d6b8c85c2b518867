// SPDX-License-Identifier: Apache-2.0
// Measures two things in turns, so that whatever the machine does meanwhile happens to both.
#pragma once

#include "harness/clock.h"
#include "harness/sample.h"

#include <cstddef>

namespace pw::bench {

struct Effort {
  std::size_t rounds = 200;       // how many values each side gets
  std::size_t warm_up_rounds = 5; // measured and thrown away first

  // Set by --once: for tests, which ask only that everything runs.
  static inline bool least = false;

  [[nodiscard]] static Effort of(bool quick) {
    if (least) return Effort{2, 0};
    return quick ? Effort{60, 3} : Effort{400, 10};
  }
};

struct Comparison {
  Sample a;     // nanoseconds per operation
  Sample b;     // nanoseconds per operation
  Sample ratio; // a/b, round by round
};

// Nanoseconds per operation of one batch: `run(count)` does `count` operations.
template <class Run> [[nodiscard]] double time_batch(Run&& run, std::size_t operations) {
  const std::int64_t start_ns = now_ns();
  run(operations);
  const std::int64_t end_ns = now_ns();
  return static_cast<double>(end_ns - start_ns) / static_cast<double>(operations);
}

// `a` and `b` are callables that return one value each (nanoseconds per operation of one batch, as time_batch gives).
// They run in turns, and who goes first alternates, so that neither always inherits the other's caches.
template <class A, class B> [[nodiscard]] Comparison run_interleaved(A&& a, B&& b, const Effort& effort) {
  for (std::size_t i = 0; i < effort.warm_up_rounds; ++i) {
    (void)a();
    (void)b();
  }
  Comparison result;
  result.a.reserve(effort.rounds);
  result.b.reserve(effort.rounds);
  for (std::size_t i = 0; i < effort.rounds; ++i) {
    if (i % 2 == 0) {
      result.a.add(a());
      result.b.add(b());
    } else {
      result.b.add(b());
      result.a.add(a());
    }
  }
  result.ratio = paired_ratio(result.a, result.b);
  return result;
}

// How long a comparison may take, where one value costs anything between nanoseconds and a second.
struct TimeBudget {
  std::int64_t total_ns = 0;
  std::size_t least_rounds = 3; // even if they take longer
  std::size_t most_rounds = 400;
};

// The same as above, with as many rounds as the time allows and without a warm-up: the caller has had one.
template <class A, class B> [[nodiscard]] Comparison run_interleaved(A&& a, B&& b, const TimeBudget& budget) {
  Comparison result;
  const std::int64_t end_ns = now_ns() + budget.total_ns;
  for (std::size_t i = 0; i < budget.most_rounds && (i < budget.least_rounds || now_ns() < end_ns); ++i) {
    if (i % 2 == 0) {
      result.a.add(a());
      result.b.add(b());
    } else {
      result.b.add(b());
      result.a.add(a());
    }
  }
  result.ratio = paired_ratio(result.a, result.b);
  return result;
}

// The same thing against itself: what the ratio's distance from 1 and its spread show is noise. A difference between
// two things that is smaller than this says nothing.
template <class A> [[nodiscard]] Comparison run_a_a(A&& a, const Effort& effort) {
  return run_interleaved(a, a, effort);
}

} // namespace pw::bench
