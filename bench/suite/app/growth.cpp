// SPDX-License-Identifier: Apache-2.0
// What an operation costs beside a population of its kind: each curve is to be flat, or a logarithm.
#include "suite/app/child.h"
#include "suite/app/tables.h"
#include "suite/rows/floors.h"

#include "suite/app/population.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

template <class Operation> Outcome beside(const Run& run, const Shortfall& shortfall, Operation operation) {
  if (!shortfall.empty()) return Outcome::not_measured(shortfall);
  return alone(run, batch_of(run, operation));
}

void echo(const Device& device, unsigned char* payload) {
  device.must("IOCTL_BENCH_ECHO", IOCTL_BENCH_ECHO, payload, 64, payload, 64);
}

Outcome handles(const Run& run, double size) {
  const ManyHandles population(static_cast<std::size_t>(size));
  return beside(run, population.shortfall(), [] {
    if (!new_event()) fail("CreateEvent");
  });
}

Outcome sections(const Run& run, double size) {
  const ManySections population(static_cast<std::size_t>(size));
  return beside(run, population.shortfall(), [] {
    if (!new_section(65536)) fail("CreateFileMapping");
  });
}

Outcome views(const Run& run, double size) {
  const Handle section = new_section(65536);
  const ManyViews population(section, static_cast<std::size_t>(size));
  return beside(run, population.shortfall(), [&] {
    void* const view = MapViewOfFile(section.get(), FILE_MAP_ALL_ACCESS, 0, 0, 65536);
    if (view == nullptr || !UnmapViewOfFile(view)) fail("MapViewOfFile or UnmapViewOfFile");
  });
}

Outcome held_requests(const Run& run, double size) {
  const ManyHeldRequests population(static_cast<std::size_t>(size));
  const Device device;
  const Buffer page(4096);
  return beside(run, population.shortfall(), [&] {
    device.must("IOCTL_BENCH_TOUCH", IOCTL_BENCH_TOUCH, nullptr, 0, page.address(), 4096);
  });
}

Outcome idle_threads(const Run& run, double size) {
  const ManyThreads population(static_cast<std::size_t>(size));
  const Device device;
  unsigned char payload[64] = {};
  return beside(run, {}, [&] { echo(device, payload); });
}

Outcome idle_clients(const Run& run, double size) {
  const Children population(run, ChildTask::wait, static_cast<std::size_t>(size));
  const Device device;
  unsigned char payload[64] = {};
  return beside(run, {}, [&] { echo(device, payload); });
}

// All threads ask at once: time per request of all of them together.
Outcome busy_threads(const Run& run, double size) {
  const auto count = static_cast<std::size_t>(size);
  std::atomic<int> left{0};
  const Handle done = new_event();
  std::vector<Handle> start;
  std::vector<std::thread> threads;
  std::atomic<std::size_t> each{0};
  for (std::size_t i = 0; i < count; ++i) start.push_back(new_event());
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      static_cast<void>(pin_this_thread(run.cpu_a));
      const Device device;
      unsigned char payload[64] = {};
      for (;;) {
        if (WaitForSingleObject(start[i].get(), INFINITE) != WAIT_OBJECT_0) fail("WaitForSingleObject");
        if (each.load() == 0) return;
        for (std::size_t request = each.load(); request > 0; --request) echo(device, payload);
        if (left.fetch_sub(1) == 1) SetEvent(done.get());
      }
    });
  }
  const auto round = [&](std::size_t requests) {
    each.store(requests);
    left.store(static_cast<int>(count));
    for (const Handle& event : start) SetEvent(event.get());
    if (requests != 0 && WaitForSingleObject(done.get(), INFINITE) != WAIT_OBJECT_0) fail("WaitForSingleObject");
  };
  const auto row = [&](std::size_t requests) {
    // Enough of them that starting the threads does not count.
    const std::size_t share = std::max<std::size_t>((requests + count - 1) / count, run.once ? 1 : 200);
    const std::int64_t start_ns = now_ns();
    round(share);
    return static_cast<double>(now_ns() - start_ns) * static_cast<double>(requests) / static_cast<double>(share * count);
  };
  Outcome result = alone(run, row);
  round(0);
  for (std::thread& thread : threads) thread.join();
  return result;
}

} // namespace

std::vector<RowSpec> growth_rows() {
  const std::vector<double> many = {1, 10, 100, 1000, 10'000, 100'000};
  const std::vector<double> mapped = {1, 10, 100, 1000, 10'000, 50'000}; // Linux allows a process 65,530 mappings
  const std::vector<double> threads = {1, 2, 4, 8, 16, 32, 64};
  const char* const unit = "ns/operation";
  const double most = 0.25; // of the exponent: a logarithm over five decades has about 0.2
  return {
      {"Growth: open handles", "CreateEvent and CloseHandle", "handles", unit, "", most, kEmbedded | kAwake, many, 1000, handles, true},
      {"Growth: sections", "CreateFileMapping and CloseHandle", "sections", unit, "", most, kEmbedded | kAwake, many, 1000, sections, true},
      {"Growth: views of one process", "MapViewOfFile and UnmapViewOfFile", "views", unit, "", most, kEmbedded | kAwake, mapped, 1000, views, true},
      {"Growth: locked pages of pending requests", "METHOD_OUT_DIRECT of a page", "requests", unit, "", most, kEmbedded | kAwake, many, 1000, held_requests, true},
      {"Growth: waiting threads", "METHOD_BUFFERED of 64 bytes", "threads", unit, "", most, kEmbedded | kAwake, threads, 16, idle_threads, true},
      {"Growth: threads that ask at once", "METHOD_BUFFERED of 64 bytes, time per request", "threads", unit, "", most, kEmbedded | kAwake, threads, 16, busy_threads, true},
      {"Growth: waiting clients", "METHOD_BUFFERED of 64 bytes", "clients", unit, "", most, kAwake, {1, 3, 10, 30, 100, 200}, 10, idle_clients, true},
  };
}

} // namespace pw::bench
