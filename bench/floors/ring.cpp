// SPDX-License-Identifier: Apache-2.0
// A plain single-producer single-consumer ring of 64-byte messages between two processes: the one-way floor.
#include "floors/floors.h"
#include "harness/child_process.h"
#include "harness/processor.h"
#include "harness/shared_pages.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace pw::bench::floors {
namespace {

constexpr std::uint64_t kSlots = 1024;

struct Message {
  std::array<std::uint64_t, 8> words;
};
static_assert(sizeof(Message) == 64);

// Each side keeps a private copy of the other's counter and rereads it only when the ring looks full or empty.
struct Ring {
  alignas(64) std::atomic<std::uint64_t> produced;
  alignas(64) std::atomic<std::uint64_t> consumed;
  alignas(64) std::atomic<std::uint64_t> checksum; // of the consumer, so that it really reads the messages
  alignas(64) std::atomic<bool> stop;
  alignas(64) std::array<Message, kSlots> slots;
};

void consume(Ring& ring) {
  std::uint64_t next = 0;
  std::uint64_t available = 0;
  std::uint64_t sum = 0;
  for (;;) {
    while (next == available) {
      available = ring.produced.load(std::memory_order_acquire);
      if (next != available) break;
      if (ring.stop.load(std::memory_order_relaxed)) return;
      spin_pause();
    }
    for (const std::uint64_t word : ring.slots[next % kSlots].words) sum += word;
    ++next;
    if (next == available || next % 64 == 0) {
      ring.checksum.store(sum, std::memory_order_relaxed);
      ring.consumed.store(next, std::memory_order_release);
    }
  }
}

} // namespace

void measure_ring(const Arguments& arguments, Report& report) {
  if (arguments.cpu_a == arguments.cpu_b || !arguments.wants("SPSC ring")) return;
  SharedPages pages(sizeof(Ring));
  Ring& ring = *pages.make<Ring>();
  Comparison twice;
  {
    ChildProcess consumer(arguments.cpu_b, [&] { consume(ring); });
    std::uint64_t next = 0;
    std::uint64_t consumed = 0;
    const auto send = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        while (next - consumed == kSlots) {
          consumed = ring.consumed.load(std::memory_order_acquire);
          if (next - consumed == kSlots) spin_pause();
        }
        ring.slots[next % kSlots].words.fill(next);
        ring.produced.store(++next, std::memory_order_release);
      }
      while (ring.consumed.load(std::memory_order_acquire) != next) spin_pause(); // the batch ends when all are read
    };
    twice = run_a_a([&] { return time_batch(send, 20000); }, Effort::of(arguments.quick));
    ring.stop.store(true, std::memory_order_relaxed);
  }
  Row row = row_of_a_a("SPSC ring, 64 B, one way", placement_text(arguments.cpu_a, arguments.cpu_b), "ns/message", twice);
  const double median = row.values.median();
  if (median > 0.0) row.remark = std::to_string(static_cast<int>(1000.0 / median)) + " M messages/s";
  report.add(std::move(row));
}

} // namespace pw::bench::floors
