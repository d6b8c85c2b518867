// SPDX-License-Identifier: Apache-2.0
// compare() measures a row beside its floor, in turns, within a budget of time, and then the row against itself.
#pragma once

#include "harness/interleave.h"
#include "suite/rows/row.h"

#include <algorithm>

namespace pw::bench {

inline constexpr std::int64_t kWarmNs = 300'000; // longer than a side spins before it sleeps

[[nodiscard]] inline std::int64_t warm_ns(const Run& run) { return run.once ? 0 : kWarmNs; }

// Makes a batch of an operation: a callable that gives the nanoseconds of `count` of them, after up to 50 untimed ones that
// wake what sleeps.
template <class Operation> [[nodiscard]] auto batch_of(const Run& run, Operation operation) {
  return [&run, operation](std::size_t count) {
    const std::int64_t warm_until_ns = now_ns() + warm_ns(run);
    for (int i = 0; i < 50 && now_ns() < warm_until_ns; ++i) operation();
    const std::int64_t start_ns = now_ns();
    for (std::size_t i = 0; i < count; ++i) operation();
    return static_cast<double>(now_ns() - start_ns);
  };
}

// How many operations make a batch long enough for the clock, at most `most`.
template <class Batch> [[nodiscard]] std::size_t batch_size(const Run& run, Batch& batch, std::size_t most = 20'000) {
  if (run.once) return 1;
  constexpr double kLongEnoughNs = 200'000;
  std::size_t count = 1;
  for (;;) {
    const double elapsed_ns = std::max(batch(count), 1.0);
    if (elapsed_ns >= kLongEnoughNs || count >= most) return std::min(count, most);
    const double wanted = static_cast<double>(count) * kLongEnoughNs / elapsed_ns * 1.2;
    count = std::min(most, std::clamp(static_cast<std::size_t>(wanted), count + 1, count * 50));
  }
}

[[nodiscard]] inline TimeBudget budget_of(const Run& run, double share) {
  TimeBudget budget;
  budget.total_ns = static_cast<std::int64_t>(share * (run.once ? 0.0 : run.quick ? 0.25e9 : 1.5e9));
  budget.least_rounds = run.once ? 1 : run.quick ? 3 : 5;
  return budget;
}

// `row` and `floor` are callables: (count) -> nanoseconds of `count` operations.
template <class RowBatch, class FloorBatch> [[nodiscard]] Outcome compare(const Run& run, RowBatch row, FloorBatch floor) {
  const std::size_t row_count = batch_size(run, row);
  const std::size_t floor_count = batch_size(run, floor);
  const auto one_row = [&] { return row(row_count) / static_cast<double>(row_count); };
  const auto one_floor = [&] { return floor(floor_count) / static_cast<double>(floor_count); };
  const Comparison beside_floor = run_interleaved(one_row, one_floor, budget_of(run, 0.65));
  const Comparison twice = run_interleaved(one_row, one_row, budget_of(run, 0.35));
  Outcome result;
  result.values = beside_floor.a;
  result.floor = beside_floor.b;
  result.ratio = beside_floor.ratio;
  result.noise = twice.ratio;
  return result;
}

// A row without a floor.
template <class RowBatch> [[nodiscard]] Outcome alone(const Run& run, RowBatch row) {
  const std::size_t count = batch_size(run, row);
  const auto one = [&] { return row(count) / static_cast<double>(count); };
  const Comparison twice = run_interleaved(one, one, budget_of(run, 1.0));
  Outcome result;
  result.values = twice.a;
  result.noise = twice.ratio;
  return result;
}

} // namespace pw::bench
