// SPDX-License-Identifier: Apache-2.0
// From an event to who waits for it, there and back: two threads, two processes, the driver and the application.
#include "suite/app/child.h"
#include "suite/app/tables.h"
#include "suite/rows/floors.h"

#include <thread>

#include "suite/app/device.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

Handle event() {
  Handle result(CreateEventA(nullptr, FALSE, FALSE, nullptr));
  if (!result) fail("CreateEvent");
  return result;
}

// Two events, there and back, beside two futex wakes with the same placement.
Outcome there_and_back(const Run& run, HANDLE request, HANDLE reply) {
  ThreadPartner<Futex> floor(run.mode == kAsleep ? run.cpu_a : run.cpu_b, 0);
  return compare(run, batch_of(run, [&] {
                   if (!SetEvent(request) || WaitForSingleObject(reply, INFINITE) != WAIT_OBJECT_0) fail("SetEvent or wait");
                 }), [&](std::size_t count) { return floor.round_trips(count, 0); });
}

Outcome two_threads(const Run& run, double /*size*/) {
  const Handle request = event();
  const Handle reply = event();
  std::atomic<bool> stop{false};
  std::thread partner([&] {
    static_cast<void>(pin_this_thread(run.mode == kAsleep ? run.cpu_a : run.cpu_b));
    for (;;) {
      if (WaitForSingleObject(request.get(), INFINITE) != WAIT_OBJECT_0) fail("WaitForSingleObject");
      if (stop.load()) return;
      if (!SetEvent(reply.get())) fail("SetEvent");
    }
  });
  Outcome result = there_and_back(run, request.get(), reply.get());
  stop.store(true);
  SetEvent(request.get());
  partner.join();
  return result;
}

Outcome two_processes(const Run& run, double /*size*/) {
  Children children(run, ChildTask::answer, 1);
  return there_and_back(run, children.request(), children.reply());
}

Outcome driver_and_application(const Run& run, double /*size*/) {
  const Device device;
  const Handle request = event();
  const Handle reply = event();
  BENCH_EVENTS events = {reinterpret_cast<std::uintptr_t>(request.get()), reinterpret_cast<std::uintptr_t>(reply.get())};
  device.must("IOCTL_BENCH_PARTNER_EVENTS", IOCTL_BENCH_PARTNER_EVENTS, &events, sizeof events);
  Outcome result = there_and_back(run, request.get(), reply.get());
  device.must("IOCTL_BENCH_PARTNER_STOP", IOCTL_BENCH_PARTNER_STOP);
  return result;
}

} // namespace

std::vector<RowSpec> event_rows() {
  const char* const chart = "Event to waiter and back";
  const char* const across = "futex ping-pong across processors";
  const char* const one = "futex ping-pong on one processor";
  const unsigned awake = kEmbedded | kAwake;
  return {
      {chart, "two threads", "", "ns/round trip", across, 1.5, awake, {1}, 1, two_threads},
      {chart, "two threads", "", "ns/round trip", one, 1.5, kAsleep, {1}, 1, two_threads},
      {chart, "two processes", "", "ns/round trip", across, 1.5, kAwake, {1}, 1, two_processes},
      {chart, "two processes", "", "ns/round trip", one, 1.5, kAsleep, {1}, 1, two_processes},
      {chart, "application and a thread of the driver", "", "ns/round trip", across, 1.5, awake, {1}, 1, driver_and_application},
      {chart, "application and a thread of the driver", "", "ns/round trip", one, 1.5, kAsleep, {1}, 1, driver_and_application},
  };
}

} // namespace pw::bench
