// SPDX-License-Identifier: Apache-2.0
// Plain try, except, finally and leave, as C sources of drivers have them; and the same words as identifiers.
#include "harness.h"

struct words {
  int leave;
  int finally;
};

static int identifiers(void) {
  struct words w = {3, 4};
  int leave = w.leave, finally = w.finally, except = 5;
  try {
    leave = leave + w.finally;
  } finally {
    finally += 1;
  }
  return leave + finally + except;
}

static void lower_case_words(void) {
  int n = 0;
  try {
    n = 1;
    if (n) leave;
    n = 2;
  } except (EXCEPTION_EXECUTE_HANDLER) {
    n = 3;
  }
  CHECK_EQ(n, 1);
  try {
    try {
      raise_status(CODE_A);
    } finally {
      trace(abnormal_termination() ? 'a' : 'n');
    }
  } except (exception_code() == CODE_A) {
    trace('h');
  }
  CHECK_TRACE("ah");
}

// A statement 'leave;' inside a try is the keyword; elsewhere the word is free.
static void words_as_identifiers(void) { CHECK_EQ(identifiers(), 7 + 5 + 5); }

static void one_underscore(void) {
  int n = 0;
  _try {
    _try {
      n = 1;
      _leave;
    } _finally {
      n += _abnormal_termination() ? 100 : 10;
    }
    raise_status(CODE_A);
  } _except (_exception_code() == CODE_A) {
    n += 1000;
  }
  CHECK_EQ(n, 1011);
}

static int old_style(a, b)
int a;
int *b;
{
  try {
    a += 1;
    return a + read_int(b);
  } except (1) {
    return a;
  }
}

static void old_style_definition(void) { CHECK_EQ(old_style(4, (int*)bad_page), 5); }

#define ENTRY(name) {#name, name}
const struct behaviour_entry behaviours[] = {ENTRY(lower_case_words), ENTRY(words_as_identifiers), ENTRY(one_underscore),
                                             ENTRY(old_style_definition), {0, 0}};
