// SPDX-License-Identifier: Apache-2.0
// What the pool tells an observer (src/verifier). Without one it costs a predictable branch. IRQL <= DISPATCH_LEVEL, on the
// thread that allocates or frees, no lock held.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pw::mm {

class PoolObserver {
public:
    virtual ~PoolObserver() = default;
    virtual void allocated(void* block, std::size_t bytes, std::uint32_t tag) = 0;
    // Before the block goes.
    virtual void freeing(void* block) = 0;
};

}  // namespace pw::mm
