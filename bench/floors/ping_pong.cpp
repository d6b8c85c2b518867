// SPDX-License-Identifier: Apache-2.0
// Round trips of 64 bytes between two processes: spinning, with a futex, with eventfds.
#include "floors/floors.h"
#include "harness/child_process.h"
#include "harness/ping_pong.h"
#include "harness/processor.h"
#include "harness/shared_pages.h"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace pw::bench::floors {
namespace {

constexpr std::size_t kPayloadBytes = 64;

// The sequence number is carried by the lane here, too; the eventfd only wakes.
class EventDescriptors {
public:
  EventDescriptors() : request_(eventfd(0, EFD_CLOEXEC)), reply_(eventfd(0, EFD_CLOEXEC)) {}
  ~EventDescriptors() {
    close(request_);
    close(reply_);
  }
  EventDescriptors(const EventDescriptors&) = delete;
  EventDescriptors& operator=(const EventDescriptors&) = delete;

  void bind(const Court& court) { court_ = &court; }
  void wait(Lane& lane, std::uint32_t old) const {
    std::uint64_t count = 0;
    while (lane.sequence.load(std::memory_order_acquire) == old) {
      if (read(descriptor_of(lane), &count, sizeof count) < 0) _exit(3);
    }
  }
  void post(Lane& lane, std::uint32_t next) const {
    lane.sequence.store(next, std::memory_order_release);
    const std::uint64_t one = 1;
    if (write(descriptor_of(lane), &one, sizeof one) < 0) _exit(3);
  }

private:
  [[nodiscard]] int descriptor_of(const Lane& lane) const { return &lane == &court_->request ? request_ : reply_; }

  const Court* court_ = nullptr;
  int request_ = -1;
  int reply_ = -1;
};

template <class Policy>
Row measure(const char* name, const Policy& policy, Court& court, int cpu_a, int cpu_b, std::size_t batch,
            const Effort& effort) {
  Comparison twice;
  {
    court.set_payload(kPayloadBytes, nullptr, nullptr);
    ChildProcess server(cpu_b, [&] { serve_ping_pong(court, policy); });
    std::uint32_t sequence = 0;
    unsigned char payload[kPayloadBytes] = {};
    const auto round_trips = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        payload[0] = static_cast<unsigned char>(i);
        ping_pong(court, policy, sequence, payload);
      }
    };
    twice = run_a_a([&] { return time_batch(round_trips, batch); }, effort);
    policy.post(court.request, kPingPongStop);
  }
  const std::string placement = cpu_a == cpu_b ? std::to_string(cpu_a) : placement_text(cpu_a, cpu_b);
  return row_of_a_a(name, placement, "ns/round trip", twice);
}

} // namespace

void measure_ping_pongs(const Arguments& arguments, Report& report) {
  const Effort effort = Effort::of(arguments.quick);
  const int a = arguments.cpu_a;
  const int b = arguments.cpu_b;
  const bool two = a != b; // two spinning processes on one processor would measure the scheduler's time slice
  if (two && arguments.wants("spin ping-pong")) {
    SharedPages pages(sizeof(Court));
    report.add(measure("spin ping-pong, 64 B", Spin(), *pages.make<Court>(), a, b, 2000, effort));
  }
  if (arguments.wants("futex ping-pong")) {
    SharedPages pages(sizeof(Court));
    report.add(measure("futex ping-pong, 64 B, one core", Futex(), *pages.make<Court>(), a, a, 50, effort));
    SharedPages other_pages(sizeof(Court));
    if (two) {
      report.add(measure("futex ping-pong, 64 B, across", Futex(), *other_pages.make<Court>(), a, b, 20, effort));
    }
  }
  if (arguments.wants("eventfd ping-pong")) {
    for (const int cpu : {a, b}) {
      if (cpu == b && !two) continue;
      SharedPages pages(sizeof(Court));
      Court* court = pages.make<Court>();
      EventDescriptors descriptors;
      descriptors.bind(*court);
      const char* name = cpu == a ? "eventfd ping-pong, 64 B, one core" : "eventfd ping-pong, 64 B, across";
      report.add(measure(name, descriptors, *court, a, cpu, 20, effort));
    }
  }
}

} // namespace pw::bench::floors
