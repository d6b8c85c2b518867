// SPDX-License-Identifier: Apache-2.0
// What a mapping costs: mmap+munmap of memfd pages that exist, the first touch of each page through a new mapping, the
// same with MAP_POPULATE, and pages that must be made.
#include "floors/floors.h"
#include "harness/shared_pages.h"

#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

namespace pw::bench::floors {
namespace {

constexpr std::size_t kPageBytes = 4096;

void* map(int descriptor, std::size_t length_bytes, int extra_flags) {
  void* address = mmap(nullptr, length_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | extra_flags, descriptor, 0);
  if (address == MAP_FAILED) {
    std::perror("mmap");
    std::abort();
  }
  return address;
}

void touch(void* address, std::size_t length_bytes) {
  volatile char* byte = static_cast<volatile char*>(address);
  for (std::size_t offset = 0; offset < length_bytes; offset += kPageBytes) byte[offset] = 1;
}

void map_and_unmap(int descriptor, std::size_t length_bytes) {
  munmap(map(descriptor, length_bytes, 0), length_bytes);
}

// Times only the touches: mapping and unmapping stay outside.
double touch_ns_per_page(int descriptor, std::size_t length_bytes) {
  void* address = map(descriptor, length_bytes, 0);
  const double total = time_batch([&](std::size_t) { touch(address, length_bytes); }, length_bytes / kPageBytes);
  munmap(address, length_bytes);
  return total;
}

double populate_ns_per_page(int descriptor, std::size_t length_bytes) {
  void* address = nullptr;
  const double total = time_batch([&](std::size_t) { address = map(descriptor, length_bytes, MAP_POPULATE); },
                                  length_bytes / kPageBytes);
  munmap(address, length_bytes);
  return total;
}

// A fresh memfd each time: every touch makes a page.
double new_pages_ns_per_page(std::size_t length_bytes) {
  const int descriptor = memfd_create("pw_bench_new", MFD_CLOEXEC);
  if (descriptor < 0 || ftruncate(descriptor, static_cast<off_t>(length_bytes)) != 0) std::abort();
  const double total = touch_ns_per_page(descriptor, length_bytes);
  close(descriptor);
  return total;
}

} // namespace

void measure_mapping(const Arguments& arguments, Report& report) {
  const Effort effort = Effort::of(arguments.quick);
  const std::string cpu = std::to_string(arguments.cpu_a);
  constexpr std::size_t kLargest = 1U << 20;
  SharedPages pages(kLargest);
  const int descriptor = pages.descriptor();

  struct Size {
    const char* name;
    std::size_t length_bytes;
  };
  constexpr Size kSizes[] = {{"mmap+munmap 4 KiB", 4096}, {"mmap+munmap 64 KiB", 65536}, {"mmap+munmap 1 MiB", kLargest}};
  for (const Size& size : kSizes) {
    if (!arguments.wants(size.name)) continue;
    const auto maps = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) map_and_unmap(descriptor, size.length_bytes);
    };
    report.add(row_of_a_a(size.name, cpu, "ns/pair", run_a_a([&] { return time_batch(maps, 50); }, effort)));
  }
  if (arguments.wants("first touch")) {
    const auto existing = [&] { return touch_ns_per_page(descriptor, kLargest); };
    report.add(row_of_a_a("first touch, existing pages", cpu, "ns/page", run_a_a(existing, effort)));
    const auto populated = [&] { return populate_ns_per_page(descriptor, kLargest); };
    report.add(row_of_a_a("first touch by MAP_POPULATE", cpu, "ns/page", run_a_a(populated, effort)));
    const auto made = [&] { return new_pages_ns_per_page(kLargest); };
    report.add(row_of_a_a("first touch, new pages", cpu, "ns/page", run_a_a(made, effort)));
  }
}

} // namespace pw::bench::floors
