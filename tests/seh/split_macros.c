// SPDX-License-Identifier: Apache-2.0
// Constructs that several macros make up between them: understood after the preprocessor.
#include "harness.h"

#define GUARD_BEGIN __try {
#define GUARD_EXCEPT(filter) } __except (filter) {
#define GUARD_FINALLY } __finally {
#define GUARD_END }
#define SAFELY(statement) __try { statement; } __except (EXCEPTION_EXECUTE_HANDLER) { failed = 1; }

static void macros(void) {
  int i = 0, failed = 0;
  GUARD_BEGIN
    GUARD_BEGIN
      for (i = 0; i < 10; ++i) {
        if (i == 4) raise_status(CODE_A);
      }
    GUARD_FINALLY
      trace('t');
    GUARD_END
  GUARD_EXCEPT(GetExceptionCode() == CODE_A)
    trace('h');
  GUARD_END
  CHECK_EQ(i, 4);
  CHECK_TRACE("th");
  SAFELY(i = read_int((int*)bad_page));
  CHECK_EQ(failed, 1);
  CHECK_EQ(i, 4);
}

#define ENTRY(name) {#name, name}
const struct behaviour_entry behaviours[] = {ENTRY(macros), {0, 0}};
