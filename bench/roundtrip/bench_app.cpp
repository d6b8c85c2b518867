// SPDX-License-Identifier: Apache-2.0
// The application of the round-trip benchmark. It measures DeviceIoControl beside a spin ping-pong between two threads
// of this process, in turns and in the same run, and prints the ratios. Nothing is asserted about time.
#include "harness/arguments.h"
#include "harness/interleave.h"
#include "harness/report.h"

#include <atomic>
#include <string>

#include "bench_public_app.h"

namespace {

using pw::bench::Arguments;
using pw::bench::Comparison;
using pw::bench::Effort;
using pw::bench::Report;
using pw::bench::Row;
using pw::bench::time_batch;

constexpr unsigned kPayloadBytes = 64;
constexpr unsigned kStop = 0xffffffffU;

[[noreturn]] void fail(const char* what) {
  fprintf(stderr, "bench_app: %s failed, error %u\n", what, static_cast<unsigned>(GetLastError()));
  exit(1);
}

void pause_processor() {
#if defined(__x86_64__) || defined(_M_X64)
  __builtin_ia32_pause();
#endif
}

// --- the floor: two threads that pass 64 bytes to and fro through two cache lines each way

struct Lane {
  alignas(64) unsigned char payload[kPayloadBytes];
  alignas(64) std::atomic<unsigned> sequence{0};
};

struct Court {
  Lane request;
  Lane reply;
  int cpu = 0;
};

DWORD WINAPI serve(LPVOID parameter) {
  Court& court = *static_cast<Court*>(parameter);
  pin_this_thread(court.cpu);
  unsigned seen = 0;
  for (;;) {
    while (court.request.sequence.load(std::memory_order_acquire) == seen) pause_processor();
    seen = court.request.sequence.load(std::memory_order_acquire);
    if (seen == kStop) return 0;
    memcpy(court.reply.payload, court.request.payload, kPayloadBytes);
    court.reply.sequence.store(seen, std::memory_order_release);
  }
}

// One batch of the floor. The answering thread lives for the batch only, so that it takes nothing from the other
// measurement; a millisecond of warm-up lets a server that still spins after its last request go to sleep.
double floor_ns(int cpu, std::size_t operations) {
  Court court;
  court.cpu = cpu;
  HANDLE thread = CreateThread(nullptr, 0, serve, &court, 0, nullptr);
  if (thread == nullptr) fail("CreateThread");
  unsigned sequence = 0;
  unsigned char payload[kPayloadBytes] = {};
  const auto round_trips = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      memcpy(court.request.payload, payload, kPayloadBytes);
      court.request.sequence.store(++sequence, std::memory_order_release);
      while (court.reply.sequence.load(std::memory_order_acquire) != sequence) pause_processor();
      memcpy(payload, court.reply.payload, kPayloadBytes);
    }
  };
  for (const auto start = pw::bench::now_ns(); pw::bench::now_ns() - start < 1000000;) round_trips(100);
  const double result = time_batch(round_trips, operations);
  court.request.sequence.store(kStop, std::memory_order_release);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  return result;
}

// --- the requests

class Device {
public:
  Device() {
    handle_ = CreateFileA(BENCH_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    if (handle_ == INVALID_HANDLE_VALUE) fail("CreateFile " BENCH_APP_NAME);
  }
  ~Device() { CloseHandle(handle_); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  void echo(void* buffer, DWORD length_bytes) {
    DWORD returned = 0;
    if (!DeviceIoControl(handle_, IOCTL_BENCH_ECHO, buffer, length_bytes, buffer, length_bytes, &returned, nullptr) ||
        returned != length_bytes) {
      fail("IOCTL_BENCH_ECHO");
    }
  }
  void touch(void* buffer, DWORD length_bytes) {
    DWORD returned = 0;
    if (!DeviceIoControl(handle_, IOCTL_BENCH_TOUCH, nullptr, 0, buffer, length_bytes, &returned, nullptr)) {
      fail("IOCTL_BENCH_TOUCH");
    }
  }
  void map_and_unmap() {
    DWORD returned = 0;
    if (!DeviceIoControl(handle_, IOCTL_BENCH_MAP_UNMAP, nullptr, 0, nullptr, 0, &returned, nullptr)) {
      fail("IOCTL_BENCH_MAP_UNMAP");
    }
  }

private:
  HANDLE handle_;
};

// A batch of requests, after enough of them to wake a sleeping server.
template <class Request> double request_ns(Request&& request, std::size_t operations) {
  const auto requests = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) request();
  };
  requests(50);
  return time_batch(requests, operations);
}

template <class Request>
void measure(Report& report, const Arguments& arguments, const char* name, std::size_t operations, Request&& request) {
  if (!arguments.wants(name)) return;
  Effort effort = Effort::of(arguments.quick);
  if (arguments.quick) effort.rounds = 30;
  const auto once = [&] { return request_ns(request, operations); };
  const Comparison against_floor =
      pw::bench::run_interleaved(once, [&] { return floor_ns(arguments.cpu_b, 2000); }, effort);
  const Comparison twice = pw::bench::run_a_a(once, effort);
  Row row;
  row.name = name;
  row.placement = std::to_string(arguments.cpu_a) + "|" + std::to_string(arguments.cpu_b);
  row.unit = "ns/request";
  row.values = against_floor.a;
  row.noise = twice.ratio;
  row.against = "spin ping-pong";
  row.ratio = against_floor.ratio;
  row.remark = "floor " + std::to_string(static_cast<int>(against_floor.b.median())) + " ns";
  report.add(row);
}

} // namespace

int main(int argc, char** argv) {
  const Arguments arguments = Arguments::parse(argc, argv);
  if (!arguments.ok) return 2;
  pin_this_thread(arguments.cpu_a);

  Report report("Round trip");
  report.note("application on processor " + std::to_string(arguments.cpu_a) + ", the floor's other side on " +
              std::to_string(arguments.cpu_b) + "; where the host runs is decided by who started it");
  Device device;

  unsigned char payload[kPayloadBytes];
  for (unsigned i = 0; i < kPayloadBytes; ++i) payload[i] = static_cast<unsigned char>(i * 7 + 1);
  measure(report, arguments, "METHOD_BUFFERED echo, 64 B", 2000, [&] { device.echo(payload, kPayloadBytes); });
  for (unsigned i = 0; i < kPayloadBytes; ++i) {
    if (payload[i] != static_cast<unsigned char>(i * 7 + 1)) {
      fprintf(stderr, "bench_app: the echo changed byte %u\n", i);
      return 1;
    }
  }

  struct Size {
    const char* name;
    DWORD length_bytes;
  };
  const Size kSizes[] = {{"METHOD_OUT_DIRECT touch, 4 KiB", 4096},
                         {"METHOD_OUT_DIRECT touch, 64 KiB", 65536},
                         {"METHOD_OUT_DIRECT touch, 1 MiB", 1U << 20}};
  for (const Size& size : kSizes) {
    void* buffer = VirtualAlloc(nullptr, size.length_bytes, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    if (buffer == nullptr) fail("VirtualAlloc");
    memset(buffer, 0, size.length_bytes);
    measure(report, arguments, size.name, 500, [&] { device.touch(buffer, size.length_bytes); });
    VirtualFree(buffer, 0, MEM_RELEASE);
  }
  measure(report, arguments, "map+unmap of pool, 64 KiB", 100, [&] { device.map_and_unmap(); });

  report.print(arguments.json);
  return 0;
}
