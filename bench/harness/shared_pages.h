// SPDX-License-Identifier: Apache-2.0
// SharedPages is a memfd mapped into this process and inherited by its children: the memory between the two sides.
#pragma once

#include <cstddef>
#include <new>

namespace pw::bench {

// Owns the descriptor and the mapping. Aborts with a message if the system gives no memory: a benchmark cannot go on.
class SharedPages {
public:
  explicit SharedPages(std::size_t length_bytes);
  ~SharedPages();
  SharedPages(const SharedPages&) = delete;
  SharedPages& operator=(const SharedPages&) = delete;

  [[nodiscard]] void* address() const { return address_; }
  [[nodiscard]] std::size_t length_bytes() const { return length_bytes_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  // Constructs a T at the start of the pages. The pages end without running its destructor.
  template <class T> [[nodiscard]] T* make() { return ::new (address_) T(); }

private:
  int descriptor_ = -1;
  void* address_ = nullptr;
  std::size_t length_bytes_ = 0;
};

} // namespace pw::bench
