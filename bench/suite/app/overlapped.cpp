// SPDX-License-Identifier: Apache-2.0
// Requests that pend in the driver and are completed by a thread of it, with several in flight: time per request.
#include "suite/rows/floors.h"
#include "suite/app/tables.h"

#include <vector>

#include "suite/app/device.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

// Keeps `depth` requests in flight and takes their ends from a completion port.
class Flight {
public:
  explicit Flight(std::size_t depth)
      : device_(FILE_FLAG_OVERLAPPED), port_(CreateIoCompletionPort(device_.handle(), nullptr, 1, 0)), requests_(depth) {
    if (!port_) fail("CreateIoCompletionPort");
  }
  void run(std::size_t count) {
    std::size_t issued = 0;
    for (; issued < count && issued < requests_.size(); ++issued) issue(requests_[issued]);
    for (std::size_t done = 0; done < count; ++done) {
      DWORD bytes = 0;
      ULONG_PTR key = 0;
      OVERLAPPED* overlapped = nullptr;
      if (!GetQueuedCompletionStatus(port_.get(), &bytes, &key, &overlapped, INFINITE)) fail("GetQueuedCompletionStatus");
      if (issued < count) {
        issue(*CONTAINING_RECORD(overlapped, Request, overlapped));
        ++issued;
      }
    }
  }

private:
  struct Request {
    OVERLAPPED overlapped = {};
    unsigned char payload[64] = {};
  };
  void issue(Request& request) {
    DWORD returned = 0;
    request.overlapped = {};
    if (!DeviceIoControl(device_.handle(), IOCTL_BENCH_PEND, request.payload, sizeof request.payload, request.payload,
                         sizeof request.payload, &returned, &request.overlapped) &&
        GetLastError() != ERROR_IO_PENDING) {
      fail("IOCTL_BENCH_PEND");
    }
  }

  Device device_;
  Handle port_;
  std::vector<Request> requests_;
};

Outcome overlapped(const Run& run, double depth) {
  Flight flight(static_cast<std::size_t>(depth));
  PingPongFloor floor(run, 64);
  const auto requests = [&](std::size_t count) {
    flight.run(run.once ? 1 : 50);
    const std::int64_t start_ns = now_ns();
    flight.run(count);
    return static_cast<double>(now_ns() - start_ns);
  };
  return compare(run, requests, floor.batch());
}

Outcome pended(const Run& run, double /*depth*/) {
  const Device device;
  unsigned char payload[64] = {};
  PingPongFloor floor(run, 64);
  return compare(run, batch_of(run, [&] {
                   device.must("IOCTL_BENCH_PEND", IOCTL_BENCH_PEND, payload, sizeof payload, payload, sizeof payload);
                 }), floor.batch());
}

} // namespace

std::vector<RowSpec> overlapped_rows() {
  const std::vector<double> depths = {1, 8, 64};
  const char* const chart = "Requests that pend, completed by a thread of the driver";
  const char* const spin = "spin ping-pong of 64 bytes";
  const char* const futex = "futex ping-pong on one processor";
  const unsigned awake = kEmbedded | kAwake;
  return {
      {chart, "overlapped", "in flight", "ns/request", spin, 0, awake, depths, 64, overlapped},
      {chart, "overlapped", "in flight", "ns/request", futex, 0, kAsleep, depths, 64, overlapped},
      {chart, "synchronous", "in flight", "ns/request", spin, 0, awake, {1}, 1, pended},
      {chart, "synchronous", "in flight", "ns/request", futex, 0, kAsleep, {1}, 1, pended},
  };
}

} // namespace pw::bench
