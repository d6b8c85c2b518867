// SPDX-License-Identifier: Apache-2.0
// Runs main on a stack in the arena.
#include "win32_api/library/library_only.h"

#if defined(PW_WIN32_LIBRARY) && !defined(PW_FOREIGN_HEAP)

#include <cstddef>
#include <cstdlib>

#include <dlfcn.h>
#include <sys/resource.h>

#include "win32_api/runtime/thread_stacks.h"

namespace {

using MainFunction = int (*)(int, char**, char**);
using StartMain = int (*)(MainFunction, int, char**, void (*)(), void (*)(), void (*)(), void*);

constexpr std::size_t stack_bytes_when_unlimited = 64u << 20;

MainFunction program_main = nullptr;

struct MainCall {
    int argc;
    char** argv;
    char** environment;
    int result;
};

void call_main(void* context) {
    auto* call = static_cast<MainCall*>(context);
    call->result = program_main(call->argc, call->argv, call->environment);
}

int main_on_arena_stack(int argc, char** argv, char** environment) {
    rlimit limit{};
    std::size_t stack_bytes = stack_bytes_when_unlimited;
    if (::getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < stack_bytes) stack_bytes = limit.rlim_cur;
    MainCall call{argc, argv, environment, 0};
    pw::win32::run_on_arena_stack(call_main, &call, stack_bytes);
    return call.result;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int __libc_start_main(MainFunction main_function, int argc, char** argv,
                                                                        void (*init)(), void (*fini)(),
                                                                        void (*loader_fini)(), void* stack_end) {
    program_main = main_function;
    const auto next = reinterpret_cast<StartMain>(::dlsym(RTLD_NEXT, "__libc_start_main"));
    if (next == nullptr) std::abort();
    return next(main_on_arena_stack, argc, argv, init, fini, loader_fini, stack_end);
}

#endif
