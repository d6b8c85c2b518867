// SPDX-License-Identifier: Apache-2.0
#include "harness/shared_pages.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

namespace pw::bench {

SharedPages::SharedPages(std::size_t length_bytes) : length_bytes_(length_bytes) {
  descriptor_ = memfd_create("pw_bench", MFD_CLOEXEC);
  if (descriptor_ < 0 || ftruncate(descriptor_, static_cast<off_t>(length_bytes)) != 0) {
    std::perror("memfd_create");
    std::abort();
  }
  address_ = mmap(nullptr, length_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor_, 0);
  if (address_ == MAP_FAILED) {
    std::perror("mmap");
    std::abort();
  }
  std::memset(address_, 0, length_bytes); // every page exists before anything is timed
}

SharedPages::~SharedPages() {
  munmap(address_, length_bytes_);
  close(descriptor_);
}

} // namespace pw::bench
