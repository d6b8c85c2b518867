// SPDX-License-Identifier: Apache-2.0
// The library's constructor, and the allocator's settings.
#include "win32_api/library/library_only.h"

#if defined(PW_WIN32_LIBRARY)

#include "win32_api/runtime/start_up.h"

#if !defined(PW_FOREIGN_HEAP)
// One automatic arena, for what is allocated before the program has its own (runtime/heap_arena.h).
extern "C" {
extern __attribute__((visibility("default"))) const char* malloc_conf;
const char* malloc_conf = "narenas:1";
}
#endif

namespace {

__attribute__((constructor)) void before_main() { pw::win32::start_runtime(); }

}  // namespace

#endif
