// SPDX-License-Identifier: Apache-2.0
// Façade: bitmaps.
#include <nt/rtl.h>

#include "kernel/rtl/bitmap.h"

using namespace pw;

namespace {

rtl::Bitmap map_of(PRTL_BITMAP header) { return {header->Buffer, header->SizeOfBitMap}; }

ULONG find(PRTL_BITMAP header, ULONG count, ULONG hint, bool value) {
    return map_of(header).find(count, hint, value).value_or(MAXULONG);
}

ULONG find_and_assign(PRTL_BITMAP header, ULONG count, ULONG hint, bool value) {
    const ULONG first = find(header, count, hint, value);
    if (first != MAXULONG) map_of(header).assign_range(first, count, !value);
    return first;
}

// The routines that find a run answer its length, 0 for none.
ULONG answer(const std::optional<rtl::Bitmap::Run>& run, PULONG first) {
    *first = run ? run->first : 0;
    return run ? run->length : 0;
}

}  // namespace

extern "C" {

void NTAPI RtlInitializeBitMap(PRTL_BITMAP header, PULONG buffer, ULONG bits) {
    header->SizeOfBitMap = bits;
    header->Buffer = buffer;
}
void NTAPI RtlClearAllBits(PRTL_BITMAP header) { map_of(header).assign_range(0, header->SizeOfBitMap, false); }
void NTAPI RtlSetAllBits(PRTL_BITMAP header) { map_of(header).assign_range(0, header->SizeOfBitMap, true); }
void NTAPI RtlClearBit(PRTL_BITMAP header, ULONG bit) { map_of(header).assign(bit, false); }
void NTAPI RtlSetBit(PRTL_BITMAP header, ULONG bit) { map_of(header).assign(bit, true); }
BOOLEAN NTAPI RtlTestBit(PRTL_BITMAP header, ULONG bit) { return map_of(header).test(bit); }
void NTAPI RtlClearBits(PRTL_BITMAP header, ULONG first, ULONG count) { map_of(header).assign_range(first, count, false); }
void NTAPI RtlSetBits(PRTL_BITMAP header, ULONG first, ULONG count) { map_of(header).assign_range(first, count, true); }
BOOLEAN NTAPI RtlAreBitsClear(PRTL_BITMAP header, ULONG first, ULONG count) {
    return map_of(header).is_range(first, count, false);
}
BOOLEAN NTAPI RtlAreBitsSet(PRTL_BITMAP header, ULONG first, ULONG count) { return map_of(header).is_range(first, count, true); }
ULONG NTAPI RtlNumberOfClearBits(PRTL_BITMAP header) { return map_of(header).count(false); }
ULONG NTAPI RtlNumberOfSetBits(PRTL_BITMAP header) { return map_of(header).count(true); }
ULONG NTAPI RtlFindClearBits(PRTL_BITMAP header, ULONG count, ULONG hint) { return find(header, count, hint, false); }
ULONG NTAPI RtlFindSetBits(PRTL_BITMAP header, ULONG count, ULONG hint) { return find(header, count, hint, true); }
ULONG NTAPI RtlFindClearBitsAndSet(PRTL_BITMAP header, ULONG count, ULONG hint) {
    return find_and_assign(header, count, hint, false);
}
ULONG NTAPI RtlFindSetBitsAndClear(PRTL_BITMAP header, ULONG count, ULONG hint) {
    return find_and_assign(header, count, hint, true);
}
ULONG NTAPI RtlFindFirstRunClear(PRTL_BITMAP header, PULONG first) { return answer(map_of(header).next_run(0, false), first); }
ULONG NTAPI RtlFindLongestRunClear(PRTL_BITMAP header, PULONG first) { return answer(map_of(header).longest_run(false), first); }
ULONG NTAPI RtlFindNextForwardRunClear(PRTL_BITMAP header, ULONG from, PULONG first) {
    return answer(map_of(header).next_run(from, false), first);
}
ULONG NTAPI RtlFindLastBackwardRunClear(PRTL_BITMAP header, ULONG from, PULONG first) {
    return answer(map_of(header).previous_run(from, false), first);
}

ULONG NTAPI RtlFindClearRuns(PRTL_BITMAP header, PRTL_BITMAP_RUN runs, ULONG count, BOOLEAN longest) {
    static_assert(sizeof(RTL_BITMAP_RUN) == sizeof(rtl::Bitmap::Run));
    return map_of(header).find_runs(false, longest != FALSE, {reinterpret_cast<rtl::Bitmap::Run*>(runs), count});
}

}  // extern "C"
