// SPDX-License-Identifier: Apache-2.0
#include "platform/fresh_stack.h"

#include <sys/mman.h>

#include "platform/private_copy.h"

namespace pw::platform {

bool run_on_fresh_stack(std::size_t size_bytes, void (*function)(void*), void* argument) {
    constexpr std::size_t page_bytes = 4096;
    const std::size_t length_bytes = ((size_bytes + page_bytes - 1) & ~(page_bytes - 1)) + page_bytes;
    void* const memory = ::mmap(nullptr, length_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    if (::mprotect(memory, page_bytes, PROT_NONE) == 0) {
        pw_call_on_stack(function, argument, static_cast<char*>(memory) + length_bytes);
        ::munmap(memory, length_bytes);
        return true;
    }
    ::munmap(memory, length_bytes);
    return false;
}

}  // namespace pw::platform
