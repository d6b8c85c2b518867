// SPDX-License-Identifier: Apache-2.0
// Lookaside lists: freed blocks of one size kept for the next allocation, in the documented structure.
//
// The depth is fixed; NT adapts it. Blocks beyond it go back to where they came from. IRQL <= DISPATCH_LEVEL; a list of paged
// pool <= APC_LEVEL.
#pragma once

#include <nt/ex.h>

namespace pw::mm {

struct LookasideParameters {
    POOL_TYPE type = NonPagedPool;  // with the modifiers that an allocation routine gets
    SIZE_T block_bytes = 0;
    ULONG tag = 0;
};

// How a list gets and gives back blocks that it does not hold. Plain lists and LOOKASIDE_LIST_EX call different routines.
class LookasideSource {
public:
    [[nodiscard]] virtual PVOID allocate(GENERAL_LOOKASIDE_POOL& list) = 0;
    virtual void free(GENERAL_LOOKASIDE_POOL& list, PVOID block) = 0;

protected:
    ~LookasideSource() = default;
};

// The layouts of GENERAL_LOOKASIDE and GENERAL_LOOKASIDE_POOL agree; only their alignment differs.
[[nodiscard]] inline GENERAL_LOOKASIDE_POOL& general(GENERAL_LOOKASIDE& list) {
    return reinterpret_cast<GENERAL_LOOKASIDE_POOL&>(list);
}

void initialize_lookaside(GENERAL_LOOKASIDE_POOL& list, const LookasideParameters& parameters);
// What the source gives when the list is empty (null, or it raises).
[[nodiscard]] PVOID allocate_from_lookaside(GENERAL_LOOKASIDE_POOL& list, LookasideSource& source);
void free_to_lookaside(GENERAL_LOOKASIDE_POOL& list, PVOID block, LookasideSource& source);
// Gives back what the list holds.
void flush_lookaside(GENERAL_LOOKASIDE_POOL& list, LookasideSource& source);

}  // namespace pw::mm
