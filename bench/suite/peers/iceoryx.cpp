// SPDX-License-Identifier: Apache-2.0
// Eclipse iceoryx, polled on both sides: round trips, and one-way messages that are not lost. Its daemon is started for the
// time of the run. Only where its headers were found.
#include "suite/peers/tables.h"
#include "suite/rows/floors.h"

#ifdef PW_BENCH_ICEORYX
#include "harness/child_process.h"
#include "harness/gate.h"
#include "harness/shared_pages.h"

#include <iceoryx_hoofs/log/logmanager.hpp>
#include <iceoryx_posh/mepoo/chunk_header.hpp>
#include <iceoryx_posh/popo/untyped_publisher.hpp>
#include <iceoryx_posh/popo/untyped_subscriber.hpp>
#include <iceoryx_posh/runtime/posh_runtime.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace pw::bench {
namespace {

#ifdef PW_BENCH_ICEORYX

using Publisher = iox::popo::UntypedPublisher;
using Subscriber = iox::popo::UntypedSubscriber;

// The daemon, silent; gone with this object or with this process.
class Daemon {
public:
  Daemon() {
    pid_ = fork();
    if (pid_ < 0) std::perror("fork");
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = open("/dev/null", O_RDWR);
    for (const int descriptor : {0, 1, 2}) dup2(nowhere, descriptor);
    execlp("iox-roudi", "iox-roudi", nullptr);
    _exit(127);
  }
  // It ends the processes that are still joined to it: they must have left before.
  ~Daemon() {
    if (pid_ <= 0) return;
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

private:
  pid_t pid_ = -1;
};

struct Shared {
  Gate gate;
  alignas(64) std::atomic<bool> stop;
  alignas(64) std::atomic<std::uint64_t> received;
};

iox::popo::PublisherOptions lossless() {
  iox::popo::PublisherOptions options;
  options.subscriberTooSlowPolicy = iox::popo::ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER;
  return options;
}

iox::popo::SubscriberOptions blocking() {
  iox::popo::SubscriberOptions options;
  options.queueCapacity = 256U;
  options.queueFullPolicy = iox::popo::QueueFullPolicy::BLOCK_PRODUCER;
  return options;
}

// Gives the message to `use` and back to its pool. False if there is none.
template <class Use> bool take_one(Subscriber& subscriber, Use use) {
  auto taken = subscriber.take();
  if (taken.has_error()) return false;
  const void* const payload = taken.value();
  use(payload, iox::mepoo::ChunkHeader::fromUserPayload(payload)->userPayloadSize());
  subscriber.release(payload);
  return true;
}

template <class Fill> void publish_one(Publisher& publisher, std::uint32_t length_bytes, Fill fill) {
  for (;;) {
    auto loan = publisher.loan(length_bytes);
    if (loan.has_error()) {
      spin_pause(); // all chunks of that size are under way
      continue;
    }
    fill(loan.value());
    publisher.publish(loan.value());
    return;
  }
}

// Answers every message of "request", counts those of "sink".
void serve(Shared& shared) {
  iox::runtime::PoshRuntime::initRuntime("partywall-bench-server");
  Subscriber requests({"partywall", "bench", "request"}, blocking());
  Subscriber sink({"partywall", "bench", "sink"}, blocking());
  Publisher replies({"partywall", "bench", "reply"}, lossless());
  while (!shared.stop.load(std::memory_order_relaxed)) {
    shared.gate.pass();
    const bool asked = take_one(requests, [&](const void* payload, std::uint32_t length_bytes) {
      publish_one(replies, length_bytes, [&](void* answer) { std::memcpy(answer, payload, length_bytes); });
    });
    const bool got = !asked && take_one(sink, [&](const void* payload, std::uint32_t) {
      __asm__ volatile("" : : "r"(*static_cast<const volatile std::uint64_t*>(payload)));
    });
    if (got) {
      shared.received.store(shared.received.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    } else if (!asked) {
      spin_pause();
    }
  }
}

// The two processes and the daemon, once for all sizes: a process can join iceoryx once.
class Peer {
public:
  explicit Peer(const Run& run) : pages_(sizeof(Shared)), shared_(*pages_.make<Shared>()) {
    iox::log::LogManager::GetLogManager().SetDefaultLogLevel(iox::log::LogLevel::kOff);
    usleep(300'000); // the daemon makes its pools
    shared_.gate.open();
    server_ = std::make_unique<ChildProcess>(run.cpu_b, [this] { serve(shared_); });
    iox::runtime::PoshRuntime::initRuntime("partywall-bench-client");
    requests_ = std::make_unique<Publisher>(iox::capro::ServiceDescription{"partywall", "bench", "request"}, lossless());
    sink_ = std::make_unique<Publisher>(iox::capro::ServiceDescription{"partywall", "bench", "sink"}, lossless());
    replies_ = std::make_unique<Subscriber>(iox::capro::ServiceDescription{"partywall", "bench", "reply"}, blocking());
    while (!requests_->hasSubscribers() || !sink_->hasSubscribers() ||
           replies_->getSubscriptionState() != iox::SubscribeState::SUBSCRIBED) {
      usleep(1000);
    }
    shared_.gate.close();
  }
  ~Peer() {
    shared_.stop.store(true);
    shared_.gate.open();
    server_.reset();
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  Gate& gate() { return shared_.gate; }
  void round_trip(unsigned char* payload, std::uint32_t length_bytes) {
    publish_one(*requests_, length_bytes, [&](void* chunk) { std::memcpy(chunk, payload, length_bytes); });
    while (!take_one(*replies_, [&](const void* chunk, std::uint32_t) { std::memcpy(payload, chunk, length_bytes); })) {
      spin_pause();
    }
  }
  double send(std::uint32_t length_bytes, std::size_t count) {
    const std::int64_t start_ns = now_ns();
    sent_ += count;
    for (std::size_t i = 0; i < count; ++i) {
      publish_one(*sink_, length_bytes, [&](void* chunk) { std::memset(chunk, static_cast<int>(i), length_bytes); });
    }
    while (shared_.received.load(std::memory_order_acquire) != sent_) spin_pause();
    return static_cast<double>(now_ns() - start_ns);
  }

private:
  SharedPages pages_;
  Shared& shared_;
  std::unique_ptr<ChildProcess> server_;
  std::unique_ptr<Publisher> requests_, sink_;
  std::unique_ptr<Subscriber> replies_;
  std::uint64_t sent_ = 0;
};

Peer& peer(const Run& run) {
  static const Daemon daemon; // before iceoryx' own static objects, so that it outlives them
  static Peer the_peer(run);
  return the_peer;
}

std::string why_not(const Run& run) {
  if (!run.two_processors()) return "needs two processors";
  if (std::system("command -v iox-roudi > /dev/null 2>&1") != 0) return "its daemon iox-roudi is not installed (iceoryx)";
  return {};
}

Outcome round_trips(const Run& run, double size) {
  if (const std::string reason = why_not(run); !reason.empty()) return Outcome::not_measured(reason);
  Peer& other = peer(run);
  std::vector<unsigned char> payload(static_cast<std::size_t>(size), 1);
  PingPongFloor floor(run, payload.size());
  const auto trips = batch_of(run, [&] { other.round_trip(payload.data(), static_cast<std::uint32_t>(payload.size())); });
  return compare(run, through(other.gate(), trips), floor.batch());
}

Outcome one_way(const Run& run, double size) {
  if (const std::string reason = why_not(run); !reason.empty()) return Outcome::not_measured(reason);
  Peer& other = peer(run);
  return alone(run, through(other.gate(), [&](std::size_t count) { return other.send(static_cast<std::uint32_t>(size), count); }));
}

#else

Outcome round_trips(const Run&, double) {
  return Outcome::not_measured("iceoryx's headers were not found when this was built (libiceoryx-posh-dev)");
}

Outcome one_way(const Run& run, double size) { return round_trips(run, size); }

#endif

} // namespace

std::vector<RowSpec> iceoryx_rows() {
  return {
      {"Round trip", "iceoryx, polled", "bytes", "ns/request", "spin ping-pong of that payload", 0, kPeer,
       {64, 512, 4096, 65536, 1 << 20}, 1e9, round_trips},
      {"One-way messages", "iceoryx, polled, none lost", "bytes", "ns/message", "", 0, kPeer, {8, 64, 512, 4096}, 1e9, one_way},
  };
}

} // namespace pw::bench
