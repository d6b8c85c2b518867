// SPDX-License-Identifier: Apache-2.0
// Round trips whose cost is the way there and back: METHOD_BUFFERED by size, METHOD_NEITHER, and a driver whose side sleeps.
#include "suite/rows/floors.h"
#include "suite/app/machine.h"
#include "suite/app/tables.h"

#include <memory>

#include "suite/app/device.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

Outcome buffered(const Run& run, double size) {
  const Device device;
  const auto length_bytes = static_cast<std::size_t>(size);
  Buffer buffer(length_bytes);
  if (buffer.address() == nullptr) return Outcome::not_measured(last_error("VirtualAlloc"));
  auto* bytes = static_cast<unsigned char*>(buffer.address());
  for (std::size_t i = 0; i < length_bytes; ++i) bytes[i] = static_cast<unsigned char>(i * 7 + 1);
  PingPongFloor floor(run, length_bytes);
  Outcome result = compare(run, batch_of(run, [&] {
                             device.must("IOCTL_BENCH_ECHO", IOCTL_BENCH_ECHO, bytes, length_bytes, bytes, length_bytes);
                           }), floor.batch());
  for (std::size_t i = 0; i < length_bytes; ++i) {
    if (bytes[i] != static_cast<unsigned char>(i * 7 + 1)) {
      fprintf(stderr, "bench_app: the echo changed byte %u\n", static_cast<unsigned>(i));
      exit(1);
    }
  }
  return result;
}

Outcome neither(const Run& run, double size) {
  const Device device;
  unsigned char in[64];
  unsigned char out[64];
  const auto length_bytes = static_cast<std::size_t>(size);
  memset(in, 5, sizeof in);
  PingPongFloor floor(run, length_bytes);
  return compare(run, batch_of(run, [&] {
                   device.must("IOCTL_BENCH_NEITHER", IOCTL_BENCH_NEITHER, in, length_bytes, out, length_bytes);
                 }), floor.batch());
}

// The other side has gone to sleep before each request, on its own processor: what a rare request costs.
constexpr std::int64_t kPauseNs = 400'000;

template <class Operation> auto with_pauses(const Run& run, Operation operation) {
  return [&run, operation](std::size_t count) {
    double total_ns = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      sleep_ns(run.once ? 1000 : kPauseNs);
      const std::int64_t start_ns = now_ns();
      operation();
      total_ns += static_cast<double>(now_ns() - start_ns);
    }
    return total_ns;
  };
}

Outcome after_a_pause(const Run& run, double size) {
  if (!run.two_processors()) return Outcome::not_measured("needs two processors");
  const Device device;
  unsigned char bytes[64] = {};
  const auto length_bytes = static_cast<std::size_t>(size);
  ThreadPartner<Futex> floor(run.cpu_b, length_bytes);
  floor.stay();
  return compare(run,
                 with_pauses(run, [&] {
                   device.must("IOCTL_BENCH_ECHO", IOCTL_BENCH_ECHO, bytes, length_bytes, bytes, length_bytes);
                 }),
                 with_pauses(run, [&] { floor.once(); }));
}

} // namespace

std::vector<RowSpec> round_trip_rows() {
  const std::vector<double> sizes = {0, 64, 512, 4096, 65536, 1 << 20};
  const char* const chart = "Round trip";
  const char* const spin = "spin ping-pong of that payload";
  const char* const futex = "futex ping-pong on one processor";
  return {
      {chart, "METHOD_BUFFERED", "bytes", "ns/request", spin, 1.0, kEmbedded, sizes, 1e9, buffered},
      {chart, "METHOD_BUFFERED", "bytes", "ns/request", spin, 3.0, kAwake, sizes, 1e9, buffered},
      {chart, "METHOD_BUFFERED", "bytes", "ns/request", futex, 1.5, kAsleep, sizes, 1e9, buffered},
      {chart, "METHOD_NEITHER", "bytes", "ns/request", spin, 1.0, kEmbedded, {64}, 64, neither},
      {chart, "METHOD_NEITHER", "bytes", "ns/request", spin, 3.0, kAwake, {64}, 64, neither},
      {chart, "METHOD_NEITHER", "bytes", "ns/request", futex, 1.5, kAsleep, {64}, 64, neither},
      {chart, "METHOD_BUFFERED after 0.4 ms without requests", "bytes", "ns/request",
       "futex ping-pong across processors, the same pauses", 1.5, kAwake, {64}, 64, after_a_pause},
  };
}

} // namespace pw::bench
