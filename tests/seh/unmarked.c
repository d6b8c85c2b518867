// SPDX-License-Identifier: Apache-2.0
// Must not compile with optimisation: the function was not prepared, so its locals would be stale in the handler.
#include <excpt.h>

int unprepared(int x) {
  _PW_SEH_TRY_EXCEPT { x += 1; } _PW_SEH_EXCEPT(1) _PW_SEH_HANDLER { x += 2; } _PW_SEH_END
  return x;
}
