// SPDX-License-Identifier: Apache-2.0
// partywall/ring.h between two processes: one-way messages beside a plain ring that checks nothing and wakes nobody, and
// round trips through two of them. Boost's lock-free ring, where its headers were found, is a peer.
#include "harness/child_process.h"
#include "harness/gate.h"
#include "harness/shared_pages.h"
#include "suite/peers/tables.h"
#include "suite/rows/floors.h"

#include <partywall/ring.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#ifdef PW_BENCH_BOOST
#include <boost/lockfree/spsc_queue.hpp>
#endif

namespace pw::bench {
namespace {

constexpr std::uint32_t kSlots = 1024;

template <std::size_t Bytes> struct Message {
  std::array<std::uint64_t, Bytes / 8> words;
};

enum class Which : std::uint32_t { plain, one, batch, multi, boost, stop };

template <std::size_t Bytes> struct Shared {
  alignas(128) std::atomic<Which> which;
  alignas(128) std::atomic<std::uint64_t> received;
  alignas(128) std::atomic<std::uint64_t> checksum; // so that the consumer really reads
  alignas(128) std::atomic<std::uint64_t> produced; // the plain ring
  alignas(128) std::atomic<std::uint64_t> consumed;
  alignas(128) std::array<Message<Bytes>, kSlots> plain;
  alignas(4096) unsigned char single[PW_RING_CONTROL_BYTES + Bytes * kSlots];
  alignas(4096) unsigned char many[PW_RING_CONTROL_BYTES + 8 * kSlots + Bytes * kSlots];
#ifdef PW_BENCH_BOOST
  boost::lockfree::spsc_queue<Message<Bytes>, boost::lockfree::capacity<kSlots>> boost_ring;
#endif
};

template <std::size_t Bytes> std::uint64_t sum_of(const Message<Bytes>& message) {
  std::uint64_t sum = 0;
  for (const std::uint64_t word : message.words) sum += word;
  return sum;
}

template <class Handle> void attach(Handle& handle, unsigned char* memory, std::size_t length_bytes, std::uint32_t kind) {
  if (handle.attach(memory, length_bytes, kind, kSlots) == PW_RING_OK) return;
  std::fprintf(stderr, "bench_peers: a ring cannot be attached\n");
  std::exit(1);
}

// Takes from the ring that is being measured, until told to stop.
template <std::size_t Bytes> void consume(Shared<Bytes>& shared) {
  partywall::RingConsumer<Message<Bytes>> single;
  partywall::RingConsumer<Message<Bytes>> many;
  attach(single, shared.single, sizeof shared.single, PW_RING_SINGLE_PRODUCER);
  attach(many, shared.many, sizeof shared.many, PW_RING_MULTI_PRODUCER);
  std::uint64_t next = 0;
  std::uint64_t sum = 0;
  std::uint64_t received = 0;
  for (;;) {
    const Which which = shared.which.load(std::memory_order_relaxed);
    std::uint32_t got = 0;
    if (which == Which::stop) return;
    if (which == Which::plain) {
      const std::uint64_t available = shared.produced.load(std::memory_order_acquire);
      for (; next != available && got < 64; ++next, ++got) sum += sum_of(shared.plain[next % kSlots]);
      if (got != 0) shared.consumed.store(next, std::memory_order_release);
    } else if (which == Which::boost) {
#ifdef PW_BENCH_BOOST
      got = static_cast<std::uint32_t>(shared.boost_ring.consume_all([&](const Message<Bytes>& message) { sum += sum_of(message); }));
#endif
    } else {
      partywall::RingConsumer<Message<Bytes>>& ring = which == Which::multi ? many : single;
      const auto span = ring.peek(64);
      for (const Message<Bytes>& message : span) sum += sum_of(message);
      got = span.count;
      if (got != 0) ring.release(got);
    }
    received += got;
    if (got == 0) {
      shared.checksum.store(sum, std::memory_order_relaxed);
      shared.received.store(received, std::memory_order_release);
      spin_pause();
    }
  }
}

template <std::size_t Bytes> class Producer {
public:
  explicit Producer(Shared<Bytes>& shared) : shared_(shared) {
    attach(single_, shared.single, sizeof shared.single, PW_RING_SINGLE_PRODUCER);
    attach(many_, shared.many, sizeof shared.many, PW_RING_MULTI_PRODUCER);
    // As in use: with a wake, so that each commit looks whether somebody sleeps.
    single_.set_wake({[](void*) {}, nullptr});
    many_.set_wake({[](void*) {}, nullptr});
  }

  // Nanoseconds until the consumer has them all.
  double send(Which which, std::size_t count) {
    shared_.which.store(which, std::memory_order_relaxed);
    const std::int64_t start_ns = now_ns();
    sent_ += count;
    if (which == Which::plain) {
      send_plain(count);
    } else if (which == Which::boost) {
      send_boost(count);
    } else {
      send_ring(which == Which::multi ? many_ : single_, which == Which::batch ? 16 : 1, count);
    }
    while (shared_.received.load(std::memory_order_acquire) != sent_) spin_pause();
    return static_cast<double>(now_ns() - start_ns);
  }

private:
  void send_plain(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      while (next_ - consumed_ == kSlots) {
        consumed_ = shared_.consumed.load(std::memory_order_acquire);
        if (next_ - consumed_ == kSlots) spin_pause();
      }
      shared_.plain[next_ % kSlots].words.fill(i);
      shared_.produced.store(++next_, std::memory_order_release);
    }
  }
  void send_boost([[maybe_unused]] std::size_t count) {
#ifdef PW_BENCH_BOOST
    Message<Bytes> message;
    for (std::size_t i = 0; i < count; ++i) {
      message.words.fill(i);
      while (!shared_.boost_ring.push(message)) spin_pause();
    }
#endif
  }
  static void send_ring(partywall::RingProducer<Message<Bytes>>& ring, std::uint32_t batch, std::size_t count) {
    for (std::size_t i = 0; i < count;) {
      const std::size_t left = count - i;
      const auto span = ring.reserve(left < batch ? static_cast<std::uint32_t>(left) : batch);
      if (span.empty()) spin_pause();
      for (Message<Bytes>& message : span) message.words.fill(i++);
      ring.commit(span.count);
    }
  }

  Shared<Bytes>& shared_;
  partywall::RingProducer<Message<Bytes>> single_;
  partywall::RingProducer<Message<Bytes>> many_;
  std::uint64_t next_ = 0;
  std::uint64_t consumed_ = 0;
  std::uint64_t sent_ = 0;
};

template <std::size_t Bytes> Outcome one_way_of(const Run& run, Which which) {
  SharedPages pages(sizeof(Shared<Bytes>));
  Shared<Bytes>& shared = *pages.make<Shared<Bytes>>();
  const auto single = partywall::ring_geometry<Message<Bytes>>(PW_RING_SINGLE_PRODUCER, kSlots);
  const auto many = partywall::ring_geometry<Message<Bytes>>(PW_RING_MULTI_PRODUCER, kSlots);
  if (pw_ring_create(shared.single, sizeof shared.single, &single) != PW_RING_OK ||
      pw_ring_create(shared.many, sizeof shared.many, &many) != PW_RING_OK) {
    return Outcome::not_measured("pw_ring_create() refused the geometry");
  }
  Producer<Bytes> producer(shared);
  ChildProcess consumer(run.cpu_b, [&] { consume(shared); });
  const auto batch_through = [&](Which through) {
    return [&, through](std::size_t count) { return producer.send(through, count); };
  };
  Outcome result = compare(run, batch_through(which), batch_through(Which::plain));
  shared.which.store(Which::stop, std::memory_order_relaxed);
  return result;
}

Outcome one_way(const Run& run, double size, Which which) {
  if (!run.two_processors()) return Outcome::not_measured("needs two processors");
  switch (static_cast<int>(size)) {
  case 8: return one_way_of<8>(run, which);
  case 64: return one_way_of<64>(run, which);
  case 512: return one_way_of<512>(run, which);
  default: return one_way_of<4096>(run, which);
  }
}

Outcome one_at_a_time(const Run& run, double size) { return one_way(run, size, Which::one); }

Outcome batches(const Run& run, double size) { return one_way(run, size, Which::batch); }

Outcome many_producers(const Run& run, double size) { return one_way(run, size, Which::multi); }

Outcome boost_ring([[maybe_unused]] const Run& run, [[maybe_unused]] double size) {
#ifdef PW_BENCH_BOOST
  return one_way(run, size, Which::boost);
#else
  return Outcome::not_measured("Boost's headers were not found when this was built (libboost-dev)");
#endif
}

// There through one ring and back through another, a message at a time, both sides spin.
template <std::size_t Bytes> struct TwoRings {
  Gate gate;
  alignas(128) std::atomic<bool> stop;
  alignas(4096) unsigned char there[PW_RING_CONTROL_BYTES + Bytes * 16];
  alignas(4096) unsigned char back[PW_RING_CONTROL_BYTES + Bytes * 16];
};

template <std::size_t Bytes> using RingMessage = std::array<unsigned char, Bytes>;

template <std::size_t Bytes>
void put(partywall::RingProducer<RingMessage<Bytes>>& ring, const unsigned char* payload) {
  auto span = ring.reserve(1);
  while (span.empty()) span = ring.reserve(1);
  std::memcpy(span.begin()->data(), payload, Bytes);
  ring.commit(1);
}

template <std::size_t Bytes>
bool take(partywall::RingConsumer<RingMessage<Bytes>>& ring, unsigned char* payload, TwoRings<Bytes>& shared) {
  auto span = ring.peek(1);
  while (span.count == 0) {
    shared.gate.pass();
    if (shared.stop.load(std::memory_order_relaxed)) return false;
    spin_pause();
    span = ring.peek(1);
  }
  std::memcpy(payload, span.begin()->data(), Bytes);
  ring.release(1);
  return true;
}

template <std::size_t Bytes> Outcome round_trip_of(const Run& run) {
  using Payload = RingMessage<Bytes>;
  SharedPages pages(sizeof(TwoRings<Bytes>));
  TwoRings<Bytes>& shared = *pages.make<TwoRings<Bytes>>();
  const auto geometry = partywall::ring_geometry<Payload>(PW_RING_SINGLE_PRODUCER, 16);
  if (pw_ring_create(shared.there, sizeof shared.there, &geometry) != PW_RING_OK ||
      pw_ring_create(shared.back, sizeof shared.back, &geometry) != PW_RING_OK) {
    return Outcome::not_measured("pw_ring_create() refused the geometry");
  }
  const auto ends = [&](unsigned char* out, unsigned char* in, auto& producer, auto& consumer) {
    if (producer.attach(out, sizeof shared.there, PW_RING_SINGLE_PRODUCER, 16) != PW_RING_OK ||
        consumer.attach(in, sizeof shared.back, PW_RING_SINGLE_PRODUCER, 16) != PW_RING_OK) {
      std::exit(1);
    }
  };
  partywall::RingProducer<Payload> producer;
  partywall::RingConsumer<Payload> consumer;
  ends(shared.there, shared.back, producer, consumer);
  ChildProcess server(run.cpu_b, [&] {
    partywall::RingProducer<Payload> answers;
    partywall::RingConsumer<Payload> requests;
    ends(shared.back, shared.there, answers, requests);
    Payload payload;
    while (take<Bytes>(requests, payload.data(), shared)) put<Bytes>(answers, payload.data());
  });
  Payload payload = {};
  PingPongFloor floor(run, Bytes);
  const auto trips = batch_of(run, [&] {
    put<Bytes>(producer, payload.data());
    static_cast<void>(take<Bytes>(consumer, payload.data(), shared));
  });
  Outcome result = compare(run, through(shared.gate, trips), floor.batch());
  shared.stop.store(true, std::memory_order_relaxed);
  shared.gate.open();
  return result;
}

Outcome round_trip(const Run& run, double size) {
  if (!run.two_processors()) return Outcome::not_measured("needs two processors");
  switch (static_cast<int>(size)) {
  case 64: return round_trip_of<64>(run);
  case 512: return round_trip_of<512>(run);
  case 4096: return round_trip_of<4096>(run);
  default: return round_trip_of<65536>(run);
  }
}

} // namespace

std::vector<RowSpec> ring_rows() {
  const std::vector<double> sizes = {8, 64, 512, 4096};
  const char* const chart = "One-way messages";
  const char* const plain = "a plain ring of one producer";
  const double most = 1.0 / 0.9; // nine tenths of its rate
  return {
      {chart, "ring.h, one at a time", "bytes", "ns/message", plain, most, kPeer, sizes, 1e9, one_at_a_time},
      {chart, "ring.h, batches of 16", "bytes", "ns/message", plain, most, kPeer, sizes, 1e9, batches},
      {chart, "ring.h, many producers (one here)", "bytes", "ns/message", plain, 0, kPeer, sizes, 1e9, many_producers},
      {chart, "Boost's lock-free ring", "bytes", "ns/message", plain, 0, kPeer, sizes, 1e9, boost_ring},
      {"Round trip", "two rings of ring.h", "bytes", "ns/request", "spin ping-pong of that payload", 0, kPeer,
       {64, 512, 4096, 65536}, 1e9, round_trip},
  };
}

} // namespace pw::bench
