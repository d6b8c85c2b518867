// SPDX-License-Identifier: Apache-2.0
// What the rows ask Linux for behind Win32's back: bare system calls as floors, memory that Partywall does not know, and
// what a process uses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pw::bench {

// Memory that nobody told Partywall of: a driver reaches it only through copies. Aborts if there is none.
class ForeignMemory {
public:
  explicit ForeignMemory(std::size_t length_bytes);
  ~ForeignMemory();
  ForeignMemory(const ForeignMemory&) = delete;
  ForeignMemory& operator=(const ForeignMemory&) = delete;
  [[nodiscard]] void* address() const { return address_; }

private:
  void* address_;
  std::size_t length_bytes_;
};

// Pages of a memfd that exist, to be mapped and unmapped without Partywall.
class PlainPages {
public:
  explicit PlainPages(std::size_t length_bytes);
  ~PlainPages();
  PlainPages(const PlainPages&) = delete;
  PlainPages& operator=(const PlainPages&) = delete;
  [[nodiscard]] void* map() const; // aborts if it cannot
  void unmap(void* address) const;

private:
  int descriptor_;
  std::size_t length_bytes_;
};

void null_system_call();
void sleep_ns(std::int64_t duration_ns);
// Writes one byte of every page.
void touch_pages(void* address, std::size_t length_bytes);

// Bytes of memory that a process holds, shared pages included; 0 if that cannot be read.
[[nodiscard]] double resident_bytes(int process);
// Processor time of all threads of a process until now but the calling one, in nanoseconds; negative if that cannot be read.
[[nodiscard]] double processor_time_ns(int process);
[[nodiscard]] int this_process();

} // namespace pw::bench
