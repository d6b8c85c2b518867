// SPDX-License-Identifier: Apache-2.0
// Boost.Interprocess' message queue, polled on both sides. Only where its headers were found.
#include "suite/peers/tables.h"
#include "suite/rows/floors.h"

#ifdef PW_BENCH_BOOST
#include "harness/child_process.h"
#include "harness/gate.h"
#include "harness/shared_pages.h"

#include <boost/interprocess/ipc/message_queue.hpp>

#include <string>
#include <unistd.h>
#endif

namespace pw::bench {
namespace {

#ifdef PW_BENCH_BOOST

using Queue = boost::interprocess::message_queue;

struct Shared {
  Gate gate;
  alignas(64) std::atomic<bool> stop;
};

void send(Queue& queue, const std::vector<unsigned char>& payload) {
  while (!queue.try_send(payload.data(), payload.size(), 0)) spin_pause();
}

bool receive(Queue& queue, std::vector<unsigned char>& payload, Shared& shared) {
  Queue::size_type length_bytes = 0;
  unsigned int priority = 0;
  while (!queue.try_receive(payload.data(), payload.size(), length_bytes, priority)) {
    shared.gate.pass();
    if (shared.stop.load(std::memory_order_relaxed)) return false;
    spin_pause();
  }
  return true;
}

// Its name goes with it.
class NamedQueue {
public:
  NamedQueue(const std::string& name, std::size_t length_bytes)
      : name_(name), queue_(boost::interprocess::create_only, name.c_str(), 16, length_bytes) {}
  ~NamedQueue() { Queue::remove(name_.c_str()); }
  NamedQueue(const NamedQueue&) = delete;
  NamedQueue& operator=(const NamedQueue&) = delete;
  Queue& queue() { return queue_; }

private:
  std::string name_;
  Queue queue_;
};

Outcome round_trips(const Run& run, double size) {
  if (!run.two_processors()) return Outcome::not_measured("needs two processors");
  std::vector<unsigned char> payload(static_cast<std::size_t>(size), 1);
  const std::string name = "partywall-bench-" + std::to_string(getpid());
  NamedQueue there(name + "-there", payload.size());
  NamedQueue back(name + "-back", payload.size());
  SharedPages pages(sizeof(Shared));
  Shared& shared = *pages.make<Shared>();
  ChildProcess server(run.cpu_b, [&] {
    while (receive(there.queue(), payload, shared)) send(back.queue(), payload);
  });
  PingPongFloor floor(run, payload.size());
  const auto trips = batch_of(run, [&] {
    send(there.queue(), payload);
    static_cast<void>(receive(back.queue(), payload, shared));
  });
  Outcome result = compare(run, through(shared.gate, trips), floor.batch());
  shared.stop.store(true, std::memory_order_relaxed);
  shared.gate.open();
  return result;
}

#else

Outcome round_trips(const Run&, double) {
  return Outcome::not_measured("Boost's headers were not found when this was built (libboost-dev)");
}

#endif

} // namespace

std::vector<RowSpec> boost_rows() {
  return {{"Round trip", "Boost message queue, polled", "bytes", "ns/request", "spin ping-pong of that payload", 0, kPeer,
           {64, 512, 4096, 65536}, 1e9, round_trips}};
}

} // namespace pw::bench
