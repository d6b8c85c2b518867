// SPDX-License-Identifier: Apache-2.0
// METHOD_IN_DIRECT and METHOD_OUT_DIRECT by size: on memory that the kernel knows nothing is copied, so that a page more
// costs what it takes to lock it; memory that it does not know is copied.
#include "suite/rows/floors.h"
#include "suite/app/machine.h"
#include "suite/app/tables.h"

#include <map>
#include <memory>

#include "suite/app/device.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

constexpr double kNsPerPage = 0.5; // the design's goal for each page behind the first

// `smallest_ns` is remembered from the row's first size, one page.
Outcome native(const Run& run, double size, DWORD code, double& smallest_ns) {
  const Device device;
  const auto length_bytes = static_cast<std::size_t>(size);
  Buffer buffer(length_bytes);
  if (buffer.address() == nullptr) return Outcome::not_measured(last_error("VirtualAlloc"));
  PingPongFloor floor(run, 64);
  Outcome result = compare(run, batch_of(run, [&] {
                             device.must("a direct request", code, nullptr, 0, buffer.address(), length_bytes);
                           }), floor.batch());
  if (length_bytes == 4096) smallest_ns = result.values.median();
  if (smallest_ns > 0.0 && length_bytes > 4096) result.limit = smallest_ns + kNsPerPage * (size / 4096 - 1);
  return result;
}

Outcome bounced(const Run& run, double size, DWORD code) {
  const Device device;
  const auto length_bytes = static_cast<std::size_t>(size);
  const ForeignMemory buffer(length_bytes);
  const ForeignMemory copy(length_bytes);
  // What comes in is copied once; what may be written is copied in and out.
  const int copies = code == static_cast<DWORD>(IOCTL_BENCH_READ) ? 1 : 2;
  return compare(run, batch_of(run, [&] {
                   device.must("a direct request", code, nullptr, 0, buffer.address(), length_bytes);
                 }), batch_of(run, [&] {
                   for (int i = 0; i < copies; ++i) memcpy(copy.address(), buffer.address(), length_bytes);
                   __asm__ volatile("" : : "r"(copy.address()) : "memory");
                 }));
}

Outcome in_direct(const Run& run, double size) {
  static double smallest_ns = 0.0;
  return native(run, size, IOCTL_BENCH_READ, smallest_ns);
}

Outcome out_direct(const Run& run, double size) {
  static double smallest_ns = 0.0;
  return native(run, size, IOCTL_BENCH_TOUCH, smallest_ns);
}

Outcome in_bounced(const Run& run, double size) { return bounced(run, size, IOCTL_BENCH_READ); }

Outcome out_bounced(const Run& run, double size) { return bounced(run, size, IOCTL_BENCH_TOUCH); }

} // namespace

std::vector<RowSpec> direct_rows() {
  const std::vector<double> sizes = {4096, 65536, 1 << 20, 16 << 20, 64 << 20, 256 << 20, 1 << 30};
  const double quick = 64 << 20;
  const char* const chart = "Direct transfers";
  const char* const spin = "spin ping-pong of 64 bytes";
  const char* const futex = "futex ping-pong on one processor";
  const unsigned awake = kEmbedded | kAwake;
  return {
      {chart, "METHOD_IN_DIRECT", "bytes", "ns/request", spin, 0, awake, sizes, quick, in_direct},
      {chart, "METHOD_OUT_DIRECT", "bytes", "ns/request", spin, 0, awake, sizes, quick, out_direct},
      {chart, "METHOD_OUT_DIRECT", "bytes", "ns/request", futex, 0, kAsleep, sizes, quick, out_direct},
      {chart, "METHOD_IN_DIRECT, foreign memory", "bytes", "ns/request", "memcpy", 0, kAwake, sizes, quick,
       in_bounced},
      {chart, "METHOD_OUT_DIRECT, foreign memory", "bytes", "ns/request", "memcpy, twice", 0, kAwake, sizes, quick,
       out_bounced},
  };
}

} // namespace pw::bench
