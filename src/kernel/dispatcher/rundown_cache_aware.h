// SPDX-License-Identifier: Apache-2.0
// Rundown protection with a counter for each processor (EX_RUNDOWN_REF_CACHE_AWARE): acquire and release touch no line that
// another processor writes.
#pragma once

#include <nt/ex_types.h>

#include <cstddef>
#include <cstdint>

// Made in memory of the caller's; see rundown.h for what rundown protection is.
struct _EX_RUNDOWN_REF_CACHE_AWARE {
    [[nodiscard]] static std::size_t size_bytes(unsigned processor_count);
    // `memory` is size_bytes() long, whatever its alignment.
    static _EX_RUNDOWN_REF_CACHE_AWARE* create(void* memory, unsigned processor_count);

    // IRQL as the memory allows.
    [[nodiscard]] bool acquire();
    void release();
    // IRQL <= APC_LEVEL. Returns when nobody holds it; no one gets it any more.
    void wait();
    // After wait(): completed for good, and for the next user again.
    void complete();
    void reinitialize();

private:
    struct Counter;
    [[nodiscard]] Counter& counter(unsigned number);
    [[nodiscard]] Counter& own();

    unsigned count_;
};
