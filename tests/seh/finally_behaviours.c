// SPDX-License-Identifier: Apache-2.0
// What __finally must do, written as unmodified Windows source. Compiled and run as behaviours.c is.
#include "harness.h"

static void finally_after_normal_end(void) {
  __try {
    trace('b');
  } __finally {
    trace(AbnormalTermination() ? 'a' : 'n');
  }
  trace('e');
  CHECK_TRACE("bne");
}

static void finally_after_exception(void) {
  __try {
    __try {
      read_int((int*)bad_page);
    } __finally {
      trace(_abnormal_termination() ? 'a' : 'n');
    }
    trace('x');
  } __except (1) {
    trace('h');
  }
  CHECK_TRACE("ah");
}

static int return_through_finally(int* effect) {
  int value = 5;
  __try {
    __try {
      return value;
    } __finally {
      trace(AbnormalTermination() ? 'a' : 'n');
      value = 6;
    }
  } __finally {
    trace('o');
    *effect = value;
  }
  return 0;
}

static void finally_after_return(void) {
  int effect = 0;
  CHECK_EQ(return_through_finally(&effect), 5);
  CHECK_EQ(effect, 6);
  CHECK_TRACE("ao");
}

static void finally_after_jumps(void) {
  int i;
  for (i = 0; i < 3; ++i) {
    __try {
      if (i == 0) continue;
      if (i == 1) break;
    } __finally {
      trace(AbnormalTermination() ? 'a' : 'n');
    }
    trace('x');
  }
  __try {
    goto out;
  } __finally {
    trace(AbnormalTermination() ? 'A' : 'N');
  }
  trace('y');
out:
  CHECK_EQ(i, 1);
  CHECK_TRACE("aaA");
}

static void finally_in_loops_changes_locals(void) {
  int i, sum = 0;
  for (i = 0; i < 1000; ++i) {
    __try {
      sum += i;
      if (i % 3 == 0) continue;
      if (i == 998) break;
    } __finally {
      sum -= 1;
    }
  }
  CHECK_EQ(i, 998);
  CHECK_EQ(sum, 998 * 999 / 2 - 999);
}

static int return_in_finally(int raise) {
  __try {
    if (raise) raise_status(CODE_A);
    return 1;
  } __finally {
    trace('t');
    return 2;
  }
}

static int loop_return_in_finally(void) {
  int i, sum = 0;
  for (i = 0; i < 1000; ++i) {
    char pad[64];
    pad[i & 63] = (char)i;
    sum += return_in_finally(i & 1) + (pad[i & 63] != (char)i);
  }
  return sum;
}

static void return_in_finally_wins(void) {
  int sum = 0;
  CHECK_EQ(return_in_finally(0), 2);
  CHECK_TRACE("t");
  __try {  // without a handler further out, there would be no unwind that the return could end
    CHECK_EQ(return_in_finally(1), 2);
    CHECK_TRACE("t");
    sum = loop_return_in_finally();
  } __except (1) {
    sum = -1;
  }
  CHECK_EQ(sum, 2000);
  trace_reset();
}

static void jump_out_of_finally_wins(void) {
  int i, n = 0;
  __try {
    for (i = 0; i < 4; ++i) {
      __try {
        if (i == 1) raise_status(CODE_A);
        if (i == 2) break;
      } __finally {
        ++n;
        continue;
      }
    }
    CHECK_EQ(i, 4);
  } __except (1) {
    trace('x');
  }
  CHECK_EQ(n, 4);
  CHECK_TRACE("");
}

static void exception_in_finally(void) {
  __try {
    __try {
      raise_status(CODE_A);
    } __finally {
      trace('t');
      raise_status(CODE_B);
    }
  } __except (1) {
    CHECK_EQ(GetExceptionCode(), CODE_B);
    trace('h');
  }
  CHECK_TRACE("th");
}

static int return_with_exception_in_finally(void) {
  __try {
    __try {
      return 1;
    } __finally {
      raise_status(CODE_B);
    }
  } __except (1) {
    return 2;
  }
  return 3;
}

static void exception_in_finally_of_a_return(void) { CHECK_EQ(return_with_exception_in_finally(), 2); }

static void handled_exception_inside_finally(void) {
  __try {
    __try {
      raise_status(CODE_A);
    } __finally {
      __try {
        raise_status(CODE_B);
      } __except (1) {
        trace('i');
      }
      trace('t');
    }
  } __except (1) {
    CHECK_EQ(GetExceptionCode(), CODE_A);
    trace('h');
  }
  CHECK_TRACE("ith");
}

static void finally_callee(int depth) {
  __try {
    if (depth == 0) raise_status(CODE_A);
    finally_callee(depth - 1);
  } __finally {
    trace((char)('0' + depth));
  }
}

static void finally_order(void) {
  __try {
    finally_callee(3);
  } __except (trace('f'), 1) {
    trace('h');
  }
  CHECK_TRACE("f0123h");
}

#define ENTRY(name) {#name, name}
const struct behaviour_entry behaviours[] = {
    ENTRY(finally_after_normal_end),
    ENTRY(finally_after_exception),
    ENTRY(finally_after_return),
    ENTRY(finally_after_jumps),
    ENTRY(finally_in_loops_changes_locals),
    ENTRY(return_in_finally_wins),
    ENTRY(jump_out_of_finally_wins),
    ENTRY(exception_in_finally),
    ENTRY(exception_in_finally_of_a_return),
    ENTRY(handled_exception_inside_finally),
    ENTRY(finally_order),
    {0, 0},
};
