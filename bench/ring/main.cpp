// SPDX-License-Identifier: Apache-2.0
// pw_bench_ring: partywall/ring.h against a plain single-producer single-consumer ring, 64-byte messages between two
// processes, in turns. The plain one checks nothing and wakes nobody.
#include "harness/arguments.h"
#include "harness/child_process.h"
#include "harness/processor.h"
#include "harness/report.h"
#include "harness/shared_pages.h"

#include <partywall/ring.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>

namespace pw::bench {
namespace {

constexpr std::uint32_t kSlots = 1024;

struct Message {
  std::array<std::uint64_t, 8> words;
};

struct PlainRing {
  alignas(128) std::atomic<std::uint64_t> produced;
  alignas(128) std::atomic<std::uint64_t> consumed;
  alignas(128) std::array<Message, kSlots> slots;
};

enum class Which : std::uint32_t { plain, one, batch, multi, stop };

struct Shared {
  alignas(128) std::atomic<Which> which;
  alignas(128) std::atomic<std::uint64_t> received;
  alignas(128) std::atomic<std::uint64_t> checksum; // so that the consumer really reads
  alignas(128) PlainRing plain;
  alignas(4096) unsigned char single[PW_RING_CONTROL_BYTES + sizeof(Message) * kSlots];
  alignas(4096) unsigned char many[PW_RING_CONTROL_BYTES + 8 * kSlots + sizeof(Message) * kSlots];
};

std::uint64_t sum_of(const Message& message) {
  std::uint64_t sum = 0;
  for (const std::uint64_t word : message.words) sum += word;
  return sum;
}

// Takes from the ring that is being measured, until told to stop.
void consume(Shared& shared) {
  partywall::RingConsumer<Message> single;
  partywall::RingConsumer<Message> many;
  if (single.attach(shared.single, sizeof shared.single, PW_RING_SINGLE_PRODUCER, kSlots) != PW_RING_OK) return;
  if (many.attach(shared.many, sizeof shared.many, PW_RING_MULTI_PRODUCER, kSlots) != PW_RING_OK) return;
  std::uint64_t next = 0;
  std::uint64_t sum = 0;
  std::uint64_t received = 0;
  for (;;) {
    const Which which = shared.which.load(std::memory_order_relaxed);
    std::uint32_t got = 0;
    if (which == Which::stop) return;
    if (which == Which::plain) {
      const std::uint64_t available = shared.plain.produced.load(std::memory_order_acquire);
      for (; next != available && got < 64; ++next, ++got) sum += sum_of(shared.plain.slots[next % kSlots]);
      if (got != 0) shared.plain.consumed.store(next, std::memory_order_release);
    } else {
      partywall::RingConsumer<Message>& ring = which == Which::multi ? many : single;
      const auto span = ring.peek(64);
      for (const Message& message : span) sum += sum_of(message);
      got = span.count;
      if (got != 0) ring.release(got);
    }
    if (got == 0) {
      shared.checksum.store(sum, std::memory_order_relaxed);
      shared.received.store(received, std::memory_order_release);
      spin_pause();
    }
    received += got;
  }
}

class Producer {
public:
  explicit Producer(Shared& shared) : shared_(shared) {
    ok_ = single_.attach(shared.single, sizeof shared.single, PW_RING_SINGLE_PRODUCER, kSlots) == PW_RING_OK &&
          many_.attach(shared.many, sizeof shared.many, PW_RING_MULTI_PRODUCER, kSlots) == PW_RING_OK;
    // As in use: with a wake, so that each commit looks whether somebody sleeps.
    single_.set_wake({[](void*) {}, nullptr});
    many_.set_wake({[](void*) {}, nullptr});
  }
  [[nodiscard]] bool ok() const { return ok_; }

  void send(Which which, std::size_t count) {
    shared_.which.store(which, std::memory_order_relaxed);
    sent_ += count;
    if (which == Which::plain) {
      send_plain(count);
    } else {
      send_ring(which == Which::multi ? many_ : single_, which == Which::batch ? 16 : 1, count);
    }
    while (shared_.received.load(std::memory_order_acquire) != sent_) spin_pause();
  }

private:
  void send_plain(std::size_t count) {
    PlainRing& ring = shared_.plain;
    for (std::size_t i = 0; i < count; ++i) {
      while (next_ - consumed_ == kSlots) {
        consumed_ = ring.consumed.load(std::memory_order_acquire);
        if (next_ - consumed_ == kSlots) spin_pause();
      }
      ring.slots[next_ % kSlots].words.fill(i);
      ring.produced.store(++next_, std::memory_order_release);
    }
  }
  static void send_ring(partywall::RingProducer<Message>& ring, std::uint32_t batch, std::size_t count) {
    for (std::size_t i = 0; i < count;) {
      const std::size_t left = count - i;
      const auto span = ring.reserve(left < batch ? static_cast<std::uint32_t>(left) : batch);
      if (span.empty()) spin_pause();
      for (Message& message : span) message.words.fill(i++);
      ring.commit(span.count);
    }
  }

  Shared& shared_;
  partywall::RingProducer<Message> single_;
  partywall::RingProducer<Message> many_;
  std::uint64_t next_ = 0;
  std::uint64_t consumed_ = 0;
  std::uint64_t sent_ = 0;
  bool ok_ = false;
};

int run(const Arguments& arguments) {
  SharedPages pages(sizeof(Shared));
  Shared& shared = *pages.make<Shared>();
  const pw_ring_geometry single = partywall::ring_geometry<Message>(PW_RING_SINGLE_PRODUCER, kSlots);
  const pw_ring_geometry many = partywall::ring_geometry<Message>(PW_RING_MULTI_PRODUCER, kSlots);
  if (pw_ring_create(shared.single, sizeof shared.single, &single) != PW_RING_OK) return 1;
  if (pw_ring_create(shared.many, sizeof shared.many, &many) != PW_RING_OK) return 1;
  Producer producer(shared);
  if (!producer.ok()) return 1;

  Report report("Ring of 64-byte messages, two processes");
  ChildProcess consumer(arguments.cpu_b, [&] { consume(shared); });
  const auto measure = [&](const char* name, Which which) {
    if (!arguments.wants(name)) return;
    const Comparison both = run_interleaved(
        [&] { return time_batch([&](std::size_t count) { producer.send(which, count); }, 20000); },
        [&] { return time_batch([&](std::size_t count) { producer.send(Which::plain, count); }, 20000); },
        Effort::of(arguments.quick));
    Row row;
    row.name = name;
    row.placement = placement_text(arguments.cpu_a, arguments.cpu_b);
    row.unit = "ns/message";
    row.values = both.a;
    row.against = "plain ring";
    row.ratio = both.ratio;
    report.add(std::move(row));
  };
  measure("plain ring against itself", Which::plain);
  measure("ring.h, one at a time", Which::one);
  measure("ring.h, batches of 16", Which::batch);
  measure("ring.h, many producers (one here)", Which::multi);
  shared.which.store(Which::stop, std::memory_order_relaxed);
  report.print(arguments.json);
  return 0;
}

} // namespace
} // namespace pw::bench

int main(int argc, char** argv) {
  using namespace pw::bench;
  const Arguments arguments = Arguments::parse(argc, argv);
  if (!arguments.ok) return 2;
  if (!processor_is_usable(arguments.cpu_b) || arguments.cpu_a == arguments.cpu_b) {
    std::fprintf(stderr, "%s: needs two processors\n", argv[0]);
    return 2;
  }
  if (!pin_this_thread(arguments.cpu_a)) return 2;
  return run(arguments);
}
