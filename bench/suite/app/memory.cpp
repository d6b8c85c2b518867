// SPDX-License-Identifier: Apache-2.0
// What the kernel's process holds for each client, thread, section, handle and pending request, and that nothing runs while
// nobody asks for anything.
#include "suite/app/child.h"
#include "suite/app/machine.h"
#include "suite/app/tables.h"

#include <functional>

#include "suite/app/population.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

int kernel_process(const Run& run) { return run.mode == kEmbedded ? this_process() : run.host_process; }

// What was made stays until the last row: a population that goes leaves room in which the next one would not show.
std::vector<std::function<void()>>& kept() {
  static std::vector<std::function<void()>> populations;
  return populations;
}

// Resident bytes of the kernel's process for each one of a population; whole pages, so that only many of them give a figure.
template <class Make> Outcome bytes_each(const Run& run, std::size_t count, Make make) {
  const int process = kernel_process(run);
  if (resident_bytes(process) <= 0) return Outcome::not_measured("the kernel's process cannot be looked at");
  const double before = resident_bytes(process);
  auto* const population = make(count).release();
  kept().push_back([population] { delete population; });
  const double after = resident_bytes(process);
  return Outcome::amount((after - before) / static_cast<double>(count), "of " + std::to_string(count));
}

std::size_t many(const Run& run) { return run.once ? 100 : run.quick ? 1000 : 4000; }

// These are processes: they end with the row.
Outcome client(const Run& run, double /*size*/) {
  const std::size_t count = run.quick ? 4 : 16;
  if (resident_bytes(run.host_process) <= 0) return Outcome::not_measured("the kernel's process cannot be looked at");
  const double before = resident_bytes(run.host_process);
  const Children children(run, ChildTask::wait, count);
  const double after = resident_bytes(run.host_process);
  return Outcome::amount((after - before) / static_cast<double>(count), "of " + std::to_string(count));
}

Outcome thread(const Run& run, double /*size*/) {
  return bytes_each(run, 32, [](std::size_t count) { return std::make_unique<ManyThreads>(count); });
}

Outcome section(const Run& run, double /*size*/) {
  return bytes_each(run, many(run) / 2, [](std::size_t count) { return std::make_unique<ManySections>(count); });
}

Outcome handle(const Run& run, double /*size*/) {
  return bytes_each(run, 4 * many(run), [](std::size_t count) { return std::make_unique<ManyHandles>(count); });
}

Outcome pending_request(const Run& run, double /*size*/) {
  return bytes_each(run, many(run), [](std::size_t count) { return std::make_unique<ManyHeldRequests>(count); });
}

// Both processes, all threads but this one, while nobody asks for anything.
Outcome idle(const Run& run, double /*size*/) {
  const auto used_ns = [&] {
    const double own = processor_time_ns(this_process());
    return run.mode == kEmbedded ? own : own + processor_time_ns(run.host_process);
  };
  if (processor_time_ns(kernel_process(run)) < 0) return Outcome::not_measured("the kernel's process cannot be looked at");
  for (const auto& end : kept()) end();
  kept().clear();
  const std::int64_t interval_ns = run.once ? 20'000'000 : run.quick ? 300'000'000 : 2'000'000'000;
  sleep_ns(20'000'000); // what was done before comes to rest
  Outcome result;
  result.limit = 1.0;
  for (int i = 0; i < 3; ++i) {
    const double before = used_ns();
    sleep_ns(interval_ns);
    result.values.add((used_ns() - before) * 1e9 / static_cast<double>(interval_ns));
  }
  return result;
}

} // namespace

std::vector<RowSpec> memory_rows() {
  const char* const chart = "Memory of the kernel's process";
  const unsigned modes = kEmbedded | kAwake;
  return {
      {chart, "a section of 64 KiB, untouched", "", "bytes/section", "", 0, modes, {1}, 1, section},
      {chart, "a handle with its event", "", "bytes/handle", "", 0, modes, {1}, 1, handle},
      {chart, "a pending request with a locked page", "", "bytes/request", "", 0, modes, {1}, 1, pending_request},
      {chart, "a thread", "", "bytes/thread", "", 0, modes, {1}, 1, thread},
      {chart, "a client", "", "bytes/client", "", 0, kAwake, {1}, 1, client},
      {"Processor time while idle", "application and kernel", "", "ns/second", "", 0, modes, {1}, 1, idle},
  };
}

} // namespace pw::bench
