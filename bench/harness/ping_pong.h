// SPDX-License-Identifier: Apache-2.0
// The ping-pongs that are the floor of every round trip: a payload goes through memory that both sides see and comes back,
// and the two sides wait for each other by spinning or with a futex.
#pragma once

#include "harness/processor.h"

#include <atomic>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pw::bench {

inline constexpr std::uint32_t kPingPongStop = UINT32_MAX; // a sequence number that no run reaches

// One direction: the word that says that the payload is there, in a line of its own. The payload lies where `payload` says.
struct Lane {
  alignas(64) unsigned char small_payload[64];
  alignas(64) std::atomic<std::uint32_t> sequence;
  alignas(64) unsigned char* payload;
};

struct Court {
  Lane request;
  Lane reply;
  std::size_t payload_bytes;

  // Payloads of at most 64 bytes lie in the court itself; longer ones where the caller has room, at the same address on
  // both sides.
  void set_payload(std::size_t length_bytes, unsigned char* request_room, unsigned char* reply_room) {
    payload_bytes = length_bytes;
    request.payload = length_bytes <= 64 ? request.small_payload : request_room;
    reply.payload = length_bytes <= 64 ? reply.small_payload : reply_room;
  }
};

inline void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t old) {
  while (word.load(std::memory_order_acquire) == old) {
    syscall(SYS_futex, &word, FUTEX_WAIT, old, nullptr, nullptr, 0);
  }
}

inline void futex_wake(std::atomic<std::uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

// How the two sides wait for each other. Each policy has `wait(lane, old)` and `post(lane, next)`.
struct Spin {
  void wait(Lane& lane, std::uint32_t old) const {
    while (lane.sequence.load(std::memory_order_acquire) == old) spin_pause();
  }
  void post(Lane& lane, std::uint32_t next) const { lane.sequence.store(next, std::memory_order_release); }
};

struct Futex {
  void wait(Lane& lane, std::uint32_t old) const { futex_wait(lane.sequence, old); }
  void post(Lane& lane, std::uint32_t next) const {
    lane.sequence.store(next, std::memory_order_release);
    futex_wake(lane.sequence);
  }
};

// The answering side, until it is told kPingPongStop.
template <class Policy> void serve_ping_pong(Court& court, const Policy& policy) {
  std::uint32_t seen = 0;
  for (;;) {
    policy.wait(court.request, seen);
    seen = court.request.sequence.load(std::memory_order_acquire);
    if (seen == kPingPongStop) return;
    std::memcpy(court.reply.payload, court.request.payload, court.payload_bytes);
    policy.post(court.reply, seen);
  }
}

// The asking side: one round trip. `sequence` is the caller's count of round trips.
template <class Policy>
void ping_pong(Court& court, const Policy& policy, std::uint32_t& sequence, unsigned char* payload) {
  std::memcpy(court.request.payload, payload, court.payload_bytes);
  policy.post(court.request, sequence + 1);
  policy.wait(court.reply, sequence);
  std::memcpy(payload, court.reply.payload, court.payload_bytes);
  ++sequence;
}

} // namespace pw::bench
