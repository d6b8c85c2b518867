// SPDX-License-Identifier: Apache-2.0
// Memory that is mapped: it is to be as fast as any other, in bandwidth and in the time that a word takes to the driver.
#include "suite/app/machine.h"
#include "suite/app/tables.h"
#include "suite/rows/floors.h"

#include <atomic>

#include "suite/app/device.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

// Copies into `to` beside copies into plain shared memory of that length, from the same source.
Outcome copies(const Run& run, void* to, std::size_t length_bytes) {
  const Buffer from(length_bytes);
  if (from.address() == nullptr) return Outcome::not_measured(last_error("VirtualAlloc"));
  const PlainPages plain(length_bytes < 4096 ? 4096 : length_bytes);
  void* const plain_to = plain.map();
  const auto copy_into = [&](void* target) {
    return batch_of(run, [&, target] {
      memcpy(target, from.address(), length_bytes);
      __asm__ volatile("" : : "r"(target) : "memory");
    });
  };
  memset(to, 1, length_bytes);
  memset(plain_to, 1, length_bytes);
  const Outcome result = compare(run, copy_into(to), copy_into(plain_to));
  plain.unmap(plain_to);
  return result;
}

Outcome into_a_view(const Run& run, double size) {
  const auto length_bytes = static_cast<std::size_t>(size);
  const Handle section(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0,
                                          static_cast<DWORD>(length_bytes), nullptr));
  if (!section) return Outcome::not_measured(last_error("CreateFileMapping"));
  void* const view = MapViewOfFile(section.get(), FILE_MAP_ALL_ACCESS, 0, 0, length_bytes);
  if (view == nullptr) return Outcome::not_measured(last_error("MapViewOfFile"));
  Outcome result = copies(run, view, length_bytes);
  UnmapViewOfFile(view);
  return result;
}

// The driver's pages in this process, once or twice in a row.
class DriverView {
public:
  DriverView(const Device& device, std::size_t length_bytes, ULONG kind) : device_(device) {
    BENCH_SIZE size = {(length_bytes + 4095) / 4096 * 4096};
    device_.must("IOCTL_BENCH_PREPARE", IOCTL_BENCH_PREPARE, &size, sizeof size);
    union {
      ULONG kind;
      BENCH_ADDRESS address;
    } call = {};
    call.kind = kind;
    device_.must("IOCTL_BENCH_PREPARED_MAP", IOCTL_BENCH_PREPARED_MAP, &call, sizeof call, &call, sizeof call);
    bytes_ = reinterpret_cast<unsigned char*>(call.address.Address);
  }
  ~DriverView() {
    BENCH_SIZE nothing = {0};
    device_.control(IOCTL_BENCH_PREPARED_UNMAP, nullptr, 0, nullptr, 0);
    device_.control(IOCTL_BENCH_PREPARE, &nothing, sizeof nothing, nullptr, 0);
  }
  DriverView(const DriverView&) = delete;
  DriverView& operator=(const DriverView&) = delete;
  [[nodiscard]] unsigned char* bytes() const { return bytes_; }

private:
  const Device& device_;
  unsigned char* bytes_;
};

Outcome into_driver_pages(const Run& run, double size) {
  const Device device;
  const auto length_bytes = static_cast<std::size_t>(size);
  const DriverView view(device, length_bytes, 0);
  return copies(run, view.bytes(), length_bytes);
}

// Half of each copy lies before the ring's end, half behind it, which is its start.
Outcome across_the_mirror(const Run& run, double size) {
  const Device device;
  const auto length_bytes = static_cast<std::size_t>(size);
  const DriverView view(device, length_bytes, BENCH_MIRRORED);
  const std::size_t ring_bytes = (length_bytes + 4095) / 4096 * 4096;
  unsigned char* const to = view.bytes() + ring_bytes - length_bytes / 2 / 64 * 64;
  *to = 7;
  view.bytes()[ring_bytes] = 8;
  if (view.bytes()[0] != 8) {
    fprintf(stderr, "bench_app: the mirror shows other pages\n");
    exit(1);
  }
  return copies(run, to, length_bytes);
}

// A thread of the driver answers through pages that both see; neither side makes a call.
Outcome driver_answers(const Run& run, double /*size*/) {
  if (!run.two_processors()) return Outcome::not_measured("needs two processors");
  const Device device;
  const DriverView view(device, 4096, 0);
  auto* const court = reinterpret_cast<BENCH_COURT*>(view.bytes());
  memset(court, 0, sizeof *court);
  PingPongFloor floor(run, 64);
  std::atomic_ref<unsigned int> request(const_cast<unsigned int&>(court->RequestSequence));
  std::atomic_ref<unsigned int> reply(const_cast<unsigned int&>(court->ReplySequence));
  unsigned int sequence = 0;
  unsigned char payload[64] = {};
  const auto once = [&] {
    memcpy(court->RequestPayload, payload, sizeof payload);
    request.store(++sequence, std::memory_order_release);
    while (reply.load(std::memory_order_acquire) != sequence) spin_pause();
    memcpy(payload, court->ReplyPayload, sizeof payload);
  };
  // The driver's thread spins only while it is measured: the floor's partner needs its processor.
  const auto row = [&](std::size_t count) {
    device.must("IOCTL_BENCH_PARTNER_SPIN", IOCTL_BENCH_PARTNER_SPIN);
    const std::int64_t warm_until_ns = now_ns() + warm_ns(run);
    do once();
    while (now_ns() < warm_until_ns);
    const std::int64_t start_ns = now_ns();
    for (std::size_t i = 0; i < count; ++i) once();
    const std::int64_t end_ns = now_ns();
    device.must("IOCTL_BENCH_PARTNER_STOP", IOCTL_BENCH_PARTNER_STOP);
    return static_cast<double>(end_ns - start_ns);
  };
  return compare(run, row, floor.batch());
}

} // namespace

std::vector<RowSpec> view_rows() {
  const std::vector<double> sizes = {64, 4096, 65536, 1 << 20, 64 << 20};
  const char* const chart = "Writing into shared memory";
  const char* const plain = "memcpy into plain shared memory";
  const unsigned modes = kEmbedded | kAwake;
  return {
      {chart, "a view of a section", "bytes", "ns/copy", plain, 1.0, modes, sizes, 1e9, into_a_view},
      {chart, "a driver's mapped pages", "bytes", "ns/copy", plain, 1.0, modes, sizes, 1e9, into_driver_pages},
      {chart, "across the end of a mirrored ring", "bytes", "ns/copy", plain, 1.0, modes, sizes, 1e9, across_the_mirror},
      {"A word through shared memory", "a thread of the driver answers, both spin", "", "ns/round trip",
       "spin ping-pong of 64 bytes", 1.1, modes, {1}, 1, driver_answers},
  };
}

} // namespace pw::bench
