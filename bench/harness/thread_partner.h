// SPDX-License-Identifier: Apache-2.0
// A ThreadPartner is a ping-pong floor whose other side is a thread of this process, on a processor of its own. It sleeps
// between batches, so that it takes nothing from what is measured in turns with it.
#pragma once

#include "harness/clock.h"
#include "harness/ping_pong.h"

#include <memory>
#include <thread>
#include <vector>

namespace pw::bench {

template <class Policy> class ThreadPartner {
public:
  ThreadPartner(int cpu, std::size_t payload_bytes) : payload_(payload_bytes + 1), rooms_(2 * payload_bytes + 1) {
    court_->set_payload(payload_bytes, rooms_.data(), rooms_.data() + payload_bytes);
    thread_ = std::thread([this, cpu] {
      static_cast<void>(pin_this_thread(cpu));
      serve();
    });
  }
  ~ThreadPartner() {
    set_active(true);
    policy_.post(court_->request, kPingPongStop);
    thread_.join();
  }
  ThreadPartner(const ThreadPartner&) = delete;
  ThreadPartner& operator=(const ThreadPartner&) = delete;

  // Nanoseconds of `count` round trips. Goes to and fro for `warm_ns` before: what was measured before may still spin for
  // some 100 µs on the partner's processor.
  [[nodiscard]] double round_trips(std::size_t count, std::int64_t warm_ns) {
    set_active(true);
    const std::int64_t warm_until_ns = now_ns() + warm_ns;
    do {
      once();
    } while (now_ns() < warm_until_ns);
    const std::int64_t start_ns = now_ns();
    for (std::size_t i = 0; i < count; ++i) once();
    const std::int64_t end_ns = now_ns();
    set_active(false);
    once(); // the partner sees that it may sleep
    return static_cast<double>(end_ns - start_ns);
  }
  // Single round trips: the partner is to stay with it, as `stay` says.
  void stay() { set_active(true); }
  void once() { ping_pong(*court_, policy_, sequence_, payload_.data()); }

private:
  void set_active(bool active) {
    active_.store(active ? 1 : 0, std::memory_order_seq_cst);
    if (active) futex_wake(active_);
  }
  void serve() {
    std::uint32_t seen = 0;
    for (;;) {
      if (active_.load(std::memory_order_seq_cst) == 0 && court_->request.sequence.load(std::memory_order_seq_cst) == seen) {
        futex_wait(active_, 0);
      }
      policy_.wait(court_->request, seen);
      seen = court_->request.sequence.load(std::memory_order_acquire);
      if (seen == kPingPongStop) return;
      std::memcpy(court_->reply.payload, court_->request.payload, court_->payload_bytes);
      policy_.post(court_->reply, seen);
    }
  }

  Policy policy_;
  std::unique_ptr<Court> court_ = std::make_unique<Court>();
  std::atomic<std::uint32_t> active_{0};
  std::uint32_t sequence_ = 0;
  std::vector<unsigned char> payload_;
  std::vector<unsigned char> rooms_;
  std::thread thread_;
};

} // namespace pw::bench
