// SPDX-License-Identifier: Apache-2.0
// Structured exceptions in C++: every kind of function, next to the language's own exceptions and its library, whose
// headers use a macro named __try.
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness.h"

namespace {

class Widget : public std::vector<int> {
 public:
  Widget() : a_{1}, b_(2) {
    __try {
      a_ = 2;
      read_int(reinterpret_cast<int*>(bad_page));
    } __except (EXCEPTION_EXECUTE_HANDLER) {
      a_ += 1;
    }
  }
  ~Widget() {
    __try {
      b_ = 1;
    } __finally {
      trace('d');
    }
  }
  int constant(int value) const noexcept {
    __try {
      value += a_;
      raise_status(CODE_A);
    } __except (a_ == 3) {
      return value;
    }
    return 0;
  }
  static int plain(int x) {
    __try {
      if (x) return 1;
      return 2;
    } __except (1) {
      return 3;
    }
  }
  template <class T>
  T generic(T value) {
    __try {
      value = value + T(1);
      raise_status(CODE_A);
    } __except (1) {
      return value;
    }
    return T();
  }
  explicit operator bool() const {
    __try {
      raise_status(CODE_B);
    } __except (1) {
      return true;
    }
    return false;
  }

 private:
  int a_, b_;
};

namespace inner {
template <typename T, int N = (3 > 2)>
auto trailing(T value) -> T {
  __try {
    value += N;
    raise_status(CODE_A);
  } __except (1) {
    return value;
  }
  return T();
}
}  // namespace inner

extern "C" int with_linkage(int x) {
  __try {
    x += 1;
    raise_status(CODE_A);
  } __except (1) {
  }
  return x;
}

[[nodiscard]] static __inline int with_attribute(int x) {
  __try {
    x += 1;
    raise_status(CODE_A);
  } __except (1) {
  }
  return x;
}

int operator+(const Widget&, int x) {
  __try {
    x += 1;
    raise_status(CODE_A);
  } __except (1) {
  }
  return x;
}

}  // namespace

static void every_kind_of_function(void) {
  {
    Widget widget;
    CHECK_EQ(widget.constant(4), 7);
    CHECK_EQ(Widget::plain(0), 2);
    CHECK_EQ(widget.generic(5), 6);
    CHECK_EQ(static_cast<int>(widget.generic(5.5) * 10), 65);
    CHECK_EQ(static_cast<bool>(widget), 1);
    CHECK_EQ(inner::trailing(4), 5);
    CHECK_EQ(with_linkage(1), 2);
    CHECK_EQ(with_attribute(1), 2);
    CHECK_EQ(widget + 5, 6);
  }
  CHECK_TRACE("d");
}

static void lambdas(void) {
  int x = 3;
  auto by_reference = [&](int y) {
    __try {
      x += y;
      raise_status(CODE_A);
    } __except (1) {
      y += 100;
    }
    return y;
  };
  auto without_parameters = [&] {
    __try {
      x += 1;
      raise_status(CODE_A);
    } __except (1) {
      x += 10;
    }
  };
  auto everything = [x]() mutable noexcept -> int {
    int n = 0;
    __try {
      n = x += 1;
      raise_status(CODE_A);
    } __except (1) {
    }
    return n + x;
  };
  CHECK_EQ(by_reference(2), 102);
  CHECK_EQ(x, 5);
  without_parameters();
  CHECK_EQ(x, 16);
  CHECK_EQ(everything(), 8);
  struct Local {
    static int f(int y) {
      __try {
        y += 1;
        raise_status(CODE_A);
      } __except (1) {
      }
      return y;
    }
  };
  CHECK_EQ(Local::f(1), 2);
}

static int thrown_through(bool through_except) {
  int result = 0;
  try {
    __try {
      if (!through_except) throw std::runtime_error("x");
      __try {
        throw 5;
      } __except (1) {
        result = 1000;
      }
    } __finally {
      result += AbnormalTermination() ? 10 : 1;
    }
  } catch (const std::runtime_error&) {
    result += 100;
  } catch (int value) {
    result += value;
  }
  return result;
}

// The language's own exceptions run termination handlers and pop frames, but no __except catches them.
static void language_exceptions(void) {
  CHECK_EQ(thrown_through(false), 110);
  CHECK_EQ(thrown_through(true), 15);
  CHECK_EQ(thrown_through(true), 15);
}

static void thrown_by_a_termination_handler_body(void) {
  int caught = 0;
  for (int i = 0; i < 100; ++i) {
    try {
      __try {
        continue;
      } __finally {
        throw 7;
      }
    } catch (int value) {
      caught += value;
    }
  }
  CHECK_EQ(caught, 700);
}

static void standard_library_inside(void) {
  std::map<std::string, int> map;
  __try {
    for (int i = 0; i < 10; ++i) map["a" + std::to_string(i)] = i;
    raise_status(CODE_A);
  } __except (map.size() == 10 ? 1 : 0) {
    map["h"] = 1;
  }
  CHECK_EQ(map.size(), 11);
}

#define ENTRY(name) {#name, name}
extern "C" const behaviour_entry behaviours[] = {ENTRY(every_kind_of_function), ENTRY(lambdas), ENTRY(language_exceptions),
                                                 ENTRY(thrown_by_a_termination_handler_body), ENTRY(standard_library_inside),
                                                 {nullptr, nullptr}};
