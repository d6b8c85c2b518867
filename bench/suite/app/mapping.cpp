// SPDX-License-Identifier: Apache-2.0
// What it costs that memory appears in a process and goes again: a driver's pages, a view of a section, a new page of pool.
#include "suite/app/machine.h"
#include "suite/app/tables.h"
#include "suite/rows/floors.h"

#include "suite/app/device.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

void empty_request(const Device& device) { device.must("IOCTL_BENCH_ECHO", IOCTL_BENCH_ECHO); }

// Gives the device locked pages for the time of a measurement.
class PreparedPages {
public:
  PreparedPages(const Device& device, std::size_t length_bytes) : device_(device), ok_(prepare(length_bytes)) {}
  ~PreparedPages() { prepare(0); }
  PreparedPages(const PreparedPages&) = delete;
  PreparedPages& operator=(const PreparedPages&) = delete;
  explicit operator bool() const { return ok_; }

private:
  bool prepare(std::size_t length_bytes) const {
    BENCH_SIZE size = {length_bytes};
    return device_.control(IOCTL_BENCH_PREPARE, &size, sizeof size, nullptr, 0);
  }
  const Device& device_;
  bool ok_;
};

// The goal: bare mmap and munmap twice, and the requests that ask for it.
auto bare_twice(const Run& run, const Device& device, const PlainPages& pages, int requests) {
  return batch_of(run, [&device, &pages, requests] {
    for (int i = 0; i < 2; ++i) pages.unmap(pages.map());
    for (int i = 0; i < requests; ++i) empty_request(device);
  });
}

auto bare_touched(const Run& run, const PlainPages& pages, std::size_t length_bytes) {
  return batch_of(run, [&pages, length_bytes] {
    void* const address = pages.map();
    touch_pages(address, length_bytes);
    pages.unmap(address);
  });
}

Outcome driver_pages(const Run& run, double size) {
  const Device device;
  const auto length_bytes = static_cast<std::size_t>(size);
  const PreparedPages prepared(device, length_bytes);
  if (!prepared) return Outcome::not_measured(last_error("IOCTL_BENCH_PREPARE"));
  const PlainPages plain(length_bytes);
  return compare(run, batch_of(run, [&] {
                   device.must("IOCTL_BENCH_PREPARED_MAP_UNMAP", IOCTL_BENCH_PREPARED_MAP_UNMAP);
                 }), bare_twice(run, device, plain, 1));
}

Outcome driver_pages_touched(const Run& run, double size) {
  const Device device;
  const auto length_bytes = static_cast<std::size_t>(size);
  const PreparedPages prepared(device, length_bytes);
  if (!prepared) return Outcome::not_measured(last_error("IOCTL_BENCH_PREPARE"));
  const PlainPages plain(length_bytes);
  return compare(run, batch_of(run, [&] {
                   union {
                     ULONG kind;
                     BENCH_ADDRESS address;
                   } call = {};
                   device.must("IOCTL_BENCH_PREPARED_MAP", IOCTL_BENCH_PREPARED_MAP, &call, sizeof call, &call, sizeof call);
                   touch_pages(reinterpret_cast<void*>(call.address.Address), length_bytes);
                   device.must("IOCTL_BENCH_PREPARED_UNMAP", IOCTL_BENCH_PREPARED_UNMAP);
                 }), bare_touched(run, plain, length_bytes));
}

Handle section_of(std::size_t length_bytes, DWORD attributes) {
  return Handle(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE | attributes,
                                   static_cast<DWORD>(length_bytes >> 32), static_cast<DWORD>(length_bytes), nullptr));
}

void* map_view(const Handle& section, std::size_t length_bytes) {
  void* const view = MapViewOfFile(section.get(), FILE_MAP_ALL_ACCESS, 0, 0, length_bytes);
  if (view == nullptr) fail("MapViewOfFile");
  return view;
}

Outcome section_view_with(const Run& run, double size, DWORD attributes, bool touched) {
  const Device device;
  const auto length_bytes = static_cast<std::size_t>(size);
  const Handle section = section_of(length_bytes, attributes);
  if (!section) return Outcome::not_measured(last_error("CreateFileMapping"));
  void* const first = map_view(section, length_bytes); // the pages exist
  touch_pages(first, length_bytes);
  UnmapViewOfFile(first);
  const PlainPages plain(length_bytes);
  const auto row = batch_of(run, [&] {
    void* const view = map_view(section, length_bytes);
    if (touched) touch_pages(view, length_bytes);
    if (!UnmapViewOfFile(view)) fail("UnmapViewOfFile");
  });
  return touched ? compare(run, row, bare_touched(run, plain, length_bytes))
                 : compare(run, row, bare_twice(run, device, plain, 2));
}

Outcome section_view(const Run& run, double size) { return section_view_with(run, size, 0, false); }

Outcome section_view_touched(const Run& run, double size) { return section_view_with(run, size, 0, true); }

Outcome large_pages(const Run& run, double size) {
  Outcome result = section_view_with(run, size, SEC_COMMIT | SEC_LARGE_PAGES, true);
  if (!result.missing.empty()) result.missing = "no process may have large pages here: " + result.missing;
  return result;
}

// The page shares its memory with others of the pool, so it moves into memory of its own before it is mapped to user mode.
Outcome new_page(const Run& run, double /*size*/) {
  const Device device;
  return compare(run, batch_of(run, [&] { device.must("IOCTL_BENCH_NEW_PAGE", IOCTL_BENCH_NEW_PAGE); }),
                 batch_of(run, [&] {
                   const PlainPages page(4096); // a new memfd, mapped, written, unmapped
                   page.unmap(page.map());
                   empty_request(device);
                 }));
}

} // namespace

std::vector<RowSpec> mapping_rows() {
  const std::vector<double> sizes = {4096, 65536, 1 << 20, 16 << 20, 64 << 20, 1 << 30};
  const double quick = 64 << 20;
  const char* const bare = "Map and unmap";
  const char* const touched = "Map, write every page, unmap";
  const char* const one = "mmap+munmap twice, one empty request";
  const char* const two = "mmap+munmap twice, two empty requests";
  const char* const plain = "mmap, write every page, munmap";
  const unsigned awake = kEmbedded | kAwake;
  return {
      {bare, "a driver's locked pages", "bytes", "ns/pair", one, 1.0, kEverywhere, sizes, quick, driver_pages},
      {bare, "a view of a section", "bytes", "ns/pair", two, 1.0, kEverywhere, sizes, quick, section_view},
      {bare, "a new page of pool, which moves (re-homing)", "bytes", "ns/page",
       "a memfd made, mapped, written, unmapped; one empty request", 0, awake, {4096}, quick, new_page},
      {touched, "a driver's locked pages", "bytes", "ns/pair", plain, 0, awake, sizes, quick, driver_pages_touched},
      {touched, "a view of a section", "bytes", "ns/pair", plain, 0, awake, sizes, quick, section_view_touched},
      {touched, "a view of a section of large pages", "bytes", "ns/pair", plain, 0, awake, {2 << 20}, quick, large_pages},
  };
}

} // namespace pw::bench
