// SPDX-License-Identifier: Apache-2.0
// Round trips of 64 bytes between two processes: spinning, with a futex, with eventfds.
#include "floors/floors.h"
#include "harness/child_process.h"
#include "harness/processor.h"
#include "harness/shared_pages.h"

#include <atomic>
#include <climits>
#include <cstdint>
#include <cstring>
#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pw::bench::floors {
namespace {

constexpr std::uint32_t kStop = UINT32_MAX; // a sequence number that no run reaches
constexpr std::size_t kPayloadBytes = 64;

// One direction: the payload in a line of its own, and the word that says that it is there.
struct Lane {
  alignas(64) unsigned char payload[kPayloadBytes];
  alignas(64) std::atomic<std::uint32_t> sequence;
};

struct Court {
  Lane request;
  Lane reply;
};

void wait_by_spinning(const std::atomic<std::uint32_t>& word, std::uint32_t old) {
  while (word.load(std::memory_order_acquire) == old) spin_pause();
}

void wait_by_futex(std::atomic<std::uint32_t>& word, std::uint32_t old) {
  while (word.load(std::memory_order_acquire) == old) {
    syscall(SYS_futex, &word, FUTEX_WAIT, old, nullptr, nullptr, 0);
  }
}

void wake_by_futex(std::atomic<std::uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

// How the two sides wait for each other. Each policy has `wait(lane, old)` and `post(lane, next)`.
struct Spin {
  void wait(Lane& lane, std::uint32_t old) const { wait_by_spinning(lane.sequence, old); }
  void post(Lane& lane, std::uint32_t next) const { lane.sequence.store(next, std::memory_order_release); }
};

struct Futex {
  void wait(Lane& lane, std::uint32_t old) const { wait_by_futex(lane.sequence, old); }
  void post(Lane& lane, std::uint32_t next) const {
    lane.sequence.store(next, std::memory_order_release);
    wake_by_futex(lane.sequence);
  }
};

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

template <class Policy> void serve(Court& court, const Policy& policy) {
  std::uint32_t seen = 0;
  for (;;) {
    policy.wait(court.request, seen);
    seen = court.request.sequence.load(std::memory_order_acquire);
    if (seen == kStop) return;
    std::memcpy(court.reply.payload, court.request.payload, kPayloadBytes);
    policy.post(court.reply, seen);
  }
}

template <class Policy>
Row measure(const char* name, const Policy& policy, Court& court, int cpu_a, int cpu_b, std::size_t batch,
            const Effort& effort) {
  Comparison twice;
  {
    ChildProcess server(cpu_b, [&] { serve(court, policy); });
    std::uint32_t sequence = 0;
    unsigned char payload[kPayloadBytes] = {};
    const auto round_trips = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        payload[0] = static_cast<unsigned char>(i);
        std::memcpy(court.request.payload, payload, kPayloadBytes);
        policy.post(court.request, sequence + 1);
        policy.wait(court.reply, sequence);
        std::memcpy(payload, court.reply.payload, kPayloadBytes);
        ++sequence;
      }
    };
    twice = run_a_a([&] { return time_batch(round_trips, batch); }, effort);
    policy.post(court.request, kStop);
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
