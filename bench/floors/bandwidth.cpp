// SPDX-License-Identifier: Apache-2.0
// memcpy between two shared mappings, from a page to more than the caches hold.
#include "floors/floors.h"
#include "harness/shared_pages.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace pw::bench::floors {

void measure_bandwidth(const Arguments& arguments, Report& report) {
  if (!arguments.wants("memcpy")) return;
  struct Size {
    const char* name;
    std::size_t length_bytes;
  };
  constexpr Size kSizes[] = {{"memcpy 64 B", 64},
                             {"memcpy 4 KiB", 4096},
                             {"memcpy 64 KiB", 65536},
                             {"memcpy 1 MiB", 1U << 20},
                             {"memcpy 64 MiB", 64U << 20}};
  for (const Size& size : kSizes) {
    SharedPages from(std::max<std::size_t>(size.length_bytes, 4096));
    SharedPages to(std::max<std::size_t>(size.length_bytes, 4096));
    const std::size_t batch = std::clamp<std::size_t>((1U << 20) / size.length_bytes, 1, 4096);
    const auto copies = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(to.address(), from.address(), size.length_bytes);
        __asm__ volatile("" : : "r"(to.address()) : "memory"); // the copy is used
      }
    };
    Effort effort = Effort::of(arguments.quick);
    if (size.length_bytes > (1U << 20)) effort = Effort{arguments.quick ? 10U : 40U, 1};
    const Comparison twice = run_a_a([&] { return time_batch(copies, batch); }, effort);
    Row row = row_of_a_a(size.name, std::to_string(arguments.cpu_a), "ns/copy", twice);
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB/s", static_cast<double>(size.length_bytes) / row.values.median());
    row.remark = text;
    report.add(std::move(row));
  }
}

} // namespace pw::bench::floors
