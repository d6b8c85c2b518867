// SPDX-License-Identifier: Apache-2.0
// What structured exceptions must do, written as unmodified Windows source. Compiled as C and as C++.
#include "harness.h"

static void normal_end(void) {
  __try {
    trace('b');
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    trace('h');
  }
  CHECK_TRACE("b");
}

static void software_raise(void) {
  unsigned int code = 0;
  __try {
    trace('b');
    raise_status(CODE_A);
    trace('x');
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    code = GetExceptionCode();
    trace('h');
  }
  CHECK_TRACE("bh");
  CHECK_EQ(code, CODE_A);
}

static unsigned long fault_kind, fault_address;
static unsigned int fault_count, fault_flags;
static void* fault_instruction;
static int remember(unsigned int code, PEXCEPTION_POINTERS pointers, int answer) {
  CHECK_EQ(pointers->ExceptionRecord->ExceptionCode, code);
  fault_count = pointers->ExceptionRecord->NumberParameters;
  fault_flags = pointers->ExceptionRecord->ExceptionFlags;
  fault_kind = pointers->ExceptionRecord->ExceptionInformation[0];
  fault_address = pointers->ExceptionRecord->ExceptionInformation[1];
  fault_instruction = pointers->ExceptionRecord->ExceptionAddress;
  if (pointers->ContextRecord->Rip == 0 || pointers->ContextRecord->Rsp == 0) CHECK_EQ(0, 1);
  return answer;
}

static void read_fault(void) {
  unsigned int code = 0;
  __try {
    read_int((int*)(bad_page + 16));
    trace('x');
  } __except (remember(GetExceptionCode(), GetExceptionInformation(), EXCEPTION_EXECUTE_HANDLER)) {
    code = GetExceptionCode();
  }
  CHECK_TRACE("");
  CHECK_EQ(code, ACCESS_VIOLATION);
  CHECK_EQ(fault_count, 2);
  CHECK_EQ(fault_flags, 0);
  CHECK_EQ(fault_kind, 0);
  CHECK_EQ(fault_address, (unsigned long)bad_page + 16);
}

static void write_fault(void) {
  __try {
    write_int((int*)(bad_page + 4096 + 8), 1);
  } __except (remember(_exception_code(), (PEXCEPTION_POINTERS)_exception_info(), 1)) {
    trace('h');
  }
  CHECK_TRACE("h");
  CHECK_EQ(fault_kind, 1);
  CHECK_EQ(fault_address, (unsigned long)bad_page + 4096 + 8);
}

static void fault_in_the_function_itself(void) {
  int value = 3;
  __try {
    value = 4;
    value = *(volatile int*)(bad_page + 4);
    value = 5;
  } __except (1) {
    trace('h');
  }
  CHECK_TRACE("h");
  CHECK_EQ(value, 4);
}

static void execute_fault(void) {
  __try {
    execute_at(bad_page + 32);
  } __except (remember(GetExceptionCode(), GetExceptionInformation(), 1)) {
    trace('h');
  }
  CHECK_TRACE("h");
  CHECK_EQ(fault_kind, 8);
  CHECK_EQ(fault_address, (unsigned long)bad_page + 32);
  CHECK_EQ((unsigned long)fault_instruction, (unsigned long)bad_page + 32);
}

static void other_faults(void) {
  unsigned int code = 0;
  __try { divide(1, 0); } __except (code = GetExceptionCode(), 1) { trace('d'); }
  CHECK_EQ(code, INT_DIVIDE_BY_ZERO);
  __try { quotient_overflow(); } __except (code = GetExceptionCode(), 1) { trace('o'); }
  CHECK_EQ(code, INT_OVERFLOW);
  __try { illegal(); } __except (code = GetExceptionCode(), 1) { trace('i'); }
  CHECK_EQ(code, ILLEGAL_INSTRUCTION);
  __try { privileged(); } __except (code = GetExceptionCode(), 1) { trace('p'); }
  CHECK_EQ(code, PRIVILEGED_INSTRUCTION);
  __try { int3(); } __except (code = GetExceptionCode(), 1) { trace('b'); }
  CHECK_EQ(code, BREAKPOINT_STATUS);
  __try { non_canonical(); } __except (remember(GetExceptionCode(), GetExceptionInformation(), 1)) { trace('n'); }
  CHECK_EQ(fault_address, ~0ul);
  CHECK_TRACE("doipbn");
}

static int continue_after(PEXCEPTION_POINTERS pointers, int skip) {
  pointers->ContextRecord->Rip += (unsigned long)skip;
  return EXCEPTION_CONTINUE_EXECUTION;
}

static void breakpoint_is_skipped_by_the_filter(void) {
  __try {
    int3();
    trace('b');
  } __except (continue_after(GetExceptionInformation(), 1)) {
    trace('h');
  }
  CHECK_TRACE("b");
}

static void filter_searches_outwards(void) {
  __try {
    __try {
      raise_status(CODE_A);
    } __except (trace('f'), EXCEPTION_CONTINUE_SEARCH) {
      trace('x');
    }
    trace('y');
  } __except (trace('g'), EXCEPTION_EXECUTE_HANDLER) {
    trace('h');
  }
  CHECK_TRACE("fgh");
}

static void filter_reads_code_and_information(void) {
  __try {
    raise_with(CODE_B, 11, 22);
  } __except (GetExceptionCode() == CODE_B && GetExceptionInformation()->ExceptionRecord->ExceptionInformation[1] == 22
                  ? EXCEPTION_EXECUTE_HANDLER
                  : EXCEPTION_CONTINUE_SEARCH) {
    trace('h');
  }
  CHECK_TRACE("h");
}

static void filter_sees_and_changes_locals(void) {
  int local = 1;
  int seen = 0;
  __try {
    local = 2;
    raise_status(CODE_A);
  } __except (seen = local, local = 3, 1) {
    CHECK_EQ(seen, 2);
    CHECK_EQ(local, 3);
    trace('h');
  }
  CHECK_EQ(local, 3);
  CHECK_TRACE("h");
}

static void filter_runs_before_inner_finally(void) {
  __try {
    __try {
      raise_status(CODE_A);
    } __finally {
      trace('t');
    }
  } __except (trace('f'), 1) {
    trace('h');
  }
  CHECK_TRACE("fth");
}

static int make_readable(PEXCEPTION_POINTERS pointers, int** cell, int* good) {
  (void)pointers;
  *cell = good;
  return EXCEPTION_CONTINUE_EXECUTION;
}

static int fix_register(PEXCEPTION_POINTERS pointers, unsigned long bad, unsigned long good) {
  // The register that holds the bad address gets the good one.
  unsigned long* registers = (unsigned long*)&pointers->ContextRecord->Rax;
  int i;
  for (i = 0; i < 16; ++i) {
    if (registers[i] == bad) registers[i] = good;
  }
  return EXCEPTION_CONTINUE_EXECUTION;
}

static void continue_execution(void) {
  int good = 42;
  int* pointer = 0;
  int value = 0;
  __try {
    value = read_int((int*)(bad_page + 64));
    trace('b');
  } __except (fix_register(GetExceptionInformation(), (unsigned long)bad_page + 64, (unsigned long)&good)) {
    trace('h');
  }
  CHECK_EQ(value, 42);
  __try {
    value = raise_continuable(CODE_A);
    trace('c');
  } __except (make_readable(GetExceptionInformation(), &pointer, &good)) {
    trace('h');
  }
  CHECK_EQ(value, 7);
  CHECK_EQ(*pointer, 42);
  CHECK_TRACE("bc");
}

static void continue_of_a_noncontinuable_raises_again(void) {
  unsigned int first = 0, last = 0;
  __try {
    __try {
      raise_status(CODE_A);
    } __except (first = (first ? first : GetExceptionCode()), GetExceptionCode() == CODE_A ? -1 : 0) {
      trace('x');
    }
  } __except (last = GetExceptionCode(), last == NONCONTINUABLE) {
    trace('h');
  }
  CHECK_EQ(first, CODE_A);
  CHECK_EQ(last, NONCONTINUABLE);
  CHECK_TRACE("h");
}

static void exception_in_a_filter(void) {
  __try {
    __try {
      raise_status(CODE_A);
    } __except (trace('f'), read_int((int*)bad_page)) {
      trace('x');
    }
  } __except (trace('g'), GetExceptionCode() == ACCESS_VIOLATION) {
    trace('h');
  }
  CHECK_TRACE("fgh");
}

static int filter_with_its_own_try(void) {
  int answer = 0;
  __try {
    raise_status(CODE_B);
  } __except (GetExceptionCode() == CODE_B) {
    trace('i');
    answer = 1;
  }
  return answer;
}

static void filter_that_uses_exceptions(void) {
  __try {
    raise_status(CODE_A);
  } __except (filter_with_its_own_try()) {
    CHECK_EQ(GetExceptionCode(), CODE_A);
    trace('h');
  }
  CHECK_TRACE("ih");
}

static void nested_in_body(void) {
  __try {
    __try {
      raise_status(CODE_A);
    } __except (1) {
      trace('i');
    }
    trace('b');
    raise_status(CODE_B);
  } __except (1) {
    CHECK_EQ(GetExceptionCode(), CODE_B);
    trace('o');
  }
  CHECK_TRACE("ibo");
}

static void nested_in_handler(void) {
  __try {
    raise_status(CODE_A);
  } __except (1) {
    __try {
      CHECK_EQ(GetExceptionCode(), CODE_A);
      raise_status(CODE_B);
    } __except (1) {
      CHECK_EQ(GetExceptionCode(), CODE_B);
      trace('i');
    }
    CHECK_EQ(GetExceptionCode(), CODE_A);
    trace('o');
  }
  CHECK_TRACE("io");
}

static void callee(int pass) {
  __try {
    read_int((int*)bad_page);
  } __except (pass ? EXCEPTION_CONTINUE_SEARCH : EXCEPTION_EXECUTE_HANDLER) {
    trace('c');
  }
}

static void nested_in_called_function(void) {
  __try {
    callee(0);
    trace('b');
    callee(1);
    trace('x');
  } __except (1) {
    trace('h');
  }
  CHECK_TRACE("cbh");
}

static void reraise_from_handler(void) {
  __try {
    __try {
      raise_status(CODE_A);
    } __except (1) {
      trace('i');
      raise_status(GetExceptionCode());
    }
  } __except (1) {
    CHECK_EQ(GetExceptionCode(), CODE_A);
    trace('o');
  }
  CHECK_TRACE("io");
}

static int return_from(int where) {
  int value = where * 10;
  __try {
    if (where == 1) return value;
    raise_status(CODE_A);
  } __except (1) {
    if (where == 2) return value + 1;
  }
  return 99;
}

static void returns(void) {
  CHECK_EQ(return_from(1), 10);
  CHECK_EQ(return_from(2), 21);
  CHECK_EQ(return_from(3), 99);
}

static void jumps_out_of_handler(void) {
  int i, n = 0;
  for (i = 0; i < 10; ++i) {
    __try {
      raise_status(CODE_A);
    } __except (1) {
      if (i == 2) continue;
      if (i == 5) break;
    }
    ++n;
  }
  CHECK_EQ(i, 5);
  CHECK_EQ(n, 4);
  switch (n) {
    case 4:
      __try {
        raise_status(CODE_A);
      } __except (1) {
        break;
      }
      trace('x');
      break;
    default:
      trace('y');
  }
  __try {
    raise_status(CODE_A);
  } __except (1) {
    goto out;
  }
  trace('z');
out:
  CHECK_TRACE("");
}

static void jumps_out_of_body(void) {
  int i, n = 0;
  for (i = 0; i < 10; ++i) {
    __try {
      if (i == 2) continue;
      if (i == 5) break;
      ++n;
    } __except (1) {
      trace('x');
    }
  }
  CHECK_EQ(i, 5);
  CHECK_EQ(n, 4);
  __try {
    goto out;
  } __except (1) {
    trace('y');
  }
out:
  CHECK_TRACE("");
}

static void leave_statement(void) {
  int n = 0;
  __try {
    __try {
      n = 1;
      if (n) __leave;
      trace('x');
    } __finally {
      trace(AbnormalTermination() ? 'a' : 'n');
    }
    trace('b');
    for (;;) {
      if (n++ == 3) __leave;
    }
  } __except (1) {
    trace('h');
  }
  CHECK_TRACE("nb");
  CHECK_EQ(n, 4);
  __try {
    __try {
      raise_status(CODE_A);
    } __except (1) {
      __leave;  // of the outer one
    }
    trace('x');
  } __finally {
    trace('t');
  }
  CHECK_TRACE("t");
}

struct pair {
  long a, b;
  char text[24];
};

static void locals_are_right(void) {
#ifdef __cplusplus
  int in_register = 1;
#else
  register int in_register = 1;
#endif
  int i = 0, total = 0, j;
  struct pair p = {1, 2, "x"};
  int array[8] = {0};
  double d = 1.5;
  char aligned[64] __attribute__((aligned(64)));
  float f = 0.5f;
  aligned[0] = 1;
  __try {
    for (i = 0; i < 100; ++i) {
      total += i;
      in_register += 2;
      array[i & 7] = i;
      p.a = i;
      p.text[0] = (char)('a' + i % 26);
      d += 1;
      f += 1;
      aligned[5] = (char)i;
      if (i == 50) read_int((int*)bad_page);
    }
  } __except ((total += 1000), 1) {
    CHECK_EQ(i, 50);
    CHECK_EQ(total, 1000 + 50 * 51 / 2);
    CHECK_EQ(in_register, 103);
    CHECK_EQ(p.a, 50);
    CHECK_EQ(p.text[0], 'a' + 50 % 26);
    CHECK_EQ(array[2], 50);
    CHECK_EQ(array[3], 43);
    CHECK_EQ((int)(d * 2), 105);
    CHECK_EQ((int)(f * 2), 103);
    CHECK_EQ(aligned[5], 50);
    CHECK_EQ(aligned[0], 1);
    total = -1;
    p.b = 77;
  }
  CHECK_EQ(i, 50);
  CHECK_EQ(total, -1);
  CHECK_EQ(p.a + p.b, 127);
  CHECK_EQ(in_register, 103);
  for (j = 0; j < 10 && i < 60; ++j, ++i) total += i;
  CHECK_EQ(total, 544);
}

static long many_arguments(long a, long b, long c, long d, long e, long f, long g, long h, struct pair p) {
  return a + b + c + d + e + f + g + h + p.a + p.b;
}

static void filter_calls_with_stack_arguments(void) {
  struct pair p = {1, 2, "y"};
  long sum = 0;
  __try {
    raise_status(CODE_A);
  } __except (sum = many_arguments(1, 2, 3, 4, 5, 6, 7, 8, p), sum == 39) {
    trace('h');
  }
  CHECK_EQ(sum, 39);
  CHECK_TRACE("h");
}

static int parameters_survive(int a, long b, char* c, double d, int e, int f, int g, int h) {
  int result = 0;
  __try {
    a += 1;
    h += 1;
    read_int((int*)bad_page);
  } __except (1) {
    result = a + (int)b + (c == bad_page) + (int)d + e + f + g + h;
  }
  return result;
}

static void parameters_in_the_handler(void) {
  CHECK_EQ(parameters_survive(1, 2, bad_page, 3.0, 4, 5, 6, 7), 1 + 2 + 1 + 3 + 4 + 5 + 6 + 7 + 2);
}

static long callers_registers(long a, long b) {
  // The caller keeps values in call-saved registers across the exception of a callee.
  long x = a * 3, y = b * 5, z = a + b, w = a - b, v = a ^ b;
  callee(0);
  x += a == 100;
  callee(0);
  return x * 10000 + y * 100 + z + w * 1000000 + v;
}

static void callers_registers_survive(void) {
  CHECK_EQ(callers_registers(9, 4), 27 * 10000 + 20 * 100 + 13 + 5 * 1000000 + 13);
  CHECK_TRACE("cc");
}

static void many_times(void) {
  int i, caught = 0;
  for (i = 0; i < 100000; ++i) {
    __try {
      if (i & 1) raise_status(CODE_A);
      read_int((int*)bad_page);
      caught = -1000000;
    } __except (1) {
      ++caught;
    }
  }
  CHECK_EQ(caught, 100000);
}

static int remember_own(PEXCEPTION_POINTERS pointers, int own) {
  const EXCEPTION_RECORD* record = pointers->ExceptionRecord;
  return record->ExceptionCode == CODE_A ? record->ExceptionInformation[0] == (unsigned long)own
                                         : record->ExceptionInformation[1] == (unsigned long)(bad_page + own);
}

static int thread_body(void* argument) {
  int i, caught = 0;
  const int own = *(int*)argument;
  for (i = 0; i < 20000; ++i) {
    __try {
      __try {
        if (i & 1) raise_with(CODE_A, (unsigned long)own, 0);
        read_int((int*)(bad_page + own));
      } __finally {
        caught += AbnormalTermination() != 0;
      }
    } __except (remember_own(GetExceptionInformation(), own)) {
      ++caught;
    }
  }
  return caught;
}

static void two_threads(void) {
  int a = 8, b = 16;
  CHECK_EQ(on_thread(thread_body, &a, thread_body, &b), 80000);
}

static void faults_in_library_functions(void) {
  char buffer[64];
  int n = 0;
  __try { copy_bytes(buffer, bad_page, 64); } __except (1) { ++n; }
  __try { copy_bytes(bad_page + 4096, buffer, 64); } __except (1) { ++n; }
  __try { copy_bytes(buffer, bad_page + 4096 + 4090, 64); } __except (1) { ++n; }
  __try { n += 100 * (int)string_length(bad_page); } __except (1) { ++n; }
  CHECK_EQ(n, 4);
}

static int overflow_on_thread(void* argument) {
  int n = 0, i;
  (void)argument;
  for (i = 0; i < 3; ++i) {
    __try {
      n += recurse(0);
    } __except (GetExceptionCode() == STACK_OVERFLOW_STATUS) {
      ++n;
    }
  }
  return n;
}

static void stack_overflow(void) {
  CHECK_EQ(on_thread(overflow_on_thread, 0, overflow_on_thread, 0), 6);
}

static void stack_overflow_of_the_main_thread(void) {
  unsigned int code = 0;
  __try {
    recurse(0);
  } __except (code = remember(GetExceptionCode(), GetExceptionInformation(), 1), 1) {
    code = GetExceptionCode();
  }
  CHECK_EQ(code, STACK_OVERFLOW_STATUS);
  CHECK_EQ(fault_count, 2);
}

static void without_braces(void) {
  int n = 0;
  if (n == 0)
    __try { ++n; } __except (1) { n = 100; }
  else
    n = 50;
  CHECK_EQ(n, 1);
}

#define GUARDED(statement, fallback) \
  __try {                            \
    statement;                       \
  } __except (EXCEPTION_EXECUTE_HANDLER) { \
    fallback;                        \
  }

static int macro_user(int x) {
  GUARDED(x = x + read_int((int*)bad_page), x = x + 1)
  return x;
}

static void whole_construct_in_a_macro(void) { CHECK_EQ(macro_user(5), 6); }

static int conditional(int x) {
#if defined(NOT_DEFINED_ANYWHERE)
  if (x) {
#else
  {
#endif
    __try {
      x += 1;
      raise_status(CODE_A);
    }
#ifdef NOT_DEFINED_ANYWHERE
    __except (0)
#else
    __except (1)
#endif
    {
      x += 10;
    }
  }
  return x;
}

static void preprocessor_branches(void) { CHECK_EQ(conditional(1), 12); }

static int quoted_names(void) {
  // __try in a comment, "__except in a string"
  const char* text = "__try { } __except (1) { }"; /* __finally */
  int leave_count = '{' + '}';
  return text[0] == '_' && leave_count == 248;
}

static void text_is_left_alone(void) { CHECK_EQ(quoted_names(), 1); }

#define ENTRY(name) {#name, name}
const struct behaviour_entry behaviours[] = {
    ENTRY(normal_end), ENTRY(software_raise), ENTRY(read_fault), ENTRY(write_fault), ENTRY(fault_in_the_function_itself),
    ENTRY(execute_fault), ENTRY(other_faults), ENTRY(breakpoint_is_skipped_by_the_filter), ENTRY(filter_searches_outwards),
    ENTRY(filter_reads_code_and_information), ENTRY(filter_sees_and_changes_locals), ENTRY(filter_runs_before_inner_finally),
    ENTRY(continue_execution), ENTRY(continue_of_a_noncontinuable_raises_again), ENTRY(exception_in_a_filter),
    ENTRY(filter_that_uses_exceptions), ENTRY(nested_in_body), ENTRY(nested_in_handler), ENTRY(nested_in_called_function),
    ENTRY(reraise_from_handler), ENTRY(returns), ENTRY(jumps_out_of_handler), ENTRY(jumps_out_of_body), ENTRY(leave_statement),
    ENTRY(locals_are_right), ENTRY(filter_calls_with_stack_arguments), ENTRY(parameters_in_the_handler),
    ENTRY(callers_registers_survive), ENTRY(many_times), ENTRY(two_threads), ENTRY(faults_in_library_functions),
    ENTRY(stack_overflow), ENTRY(stack_overflow_of_the_main_thread), ENTRY(without_braces), ENTRY(whole_construct_in_a_macro), ENTRY(preprocessor_branches),
    ENTRY(text_is_left_alone), {0, 0}};
