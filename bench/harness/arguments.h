// SPDX-License-Identifier: Apache-2.0
// The command line that every benchmark understands: --quick, --once, --json, --cpu-a N, --cpu-b N, --only TEXT.
#pragma once

#include "harness/interleave.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <string>

namespace pw::bench {

struct Arguments {
  bool quick = false;
  bool json = false;
  bool ok = true;   // false: a word was not understood; usage has been printed
  int cpu_a = 0;    // the processor of the side that measures
  int cpu_b = 1;    // the processor of the side that answers
  std::string only; // measure only rows whose name contains this

  [[nodiscard]] bool wants(const char* name) const { return only.empty() || strstr(name, only.c_str()) != nullptr; }

  [[nodiscard]] static Arguments parse(int argc, char** argv) {
    Arguments result;
    for (int i = 1; i < argc; ++i) {
      const bool has_value = i + 1 < argc;
      if (strcmp(argv[i], "--quick") == 0) {
        result.quick = true;
      } else if (strcmp(argv[i], "--once") == 0) {
        result.quick = Effort::least = true;
      } else if (strcmp(argv[i], "--json") == 0) {
        result.json = true;
      } else if (strcmp(argv[i], "--cpu-a") == 0 && has_value) {
        result.cpu_a = atoi(argv[++i]);
      } else if (strcmp(argv[i], "--cpu-b") == 0 && has_value) {
        result.cpu_b = atoi(argv[++i]);
      } else if (strcmp(argv[i], "--only") == 0 && has_value) {
        result.only = argv[++i];
      } else {
        fprintf(stderr, "%s: '%s' is not understood\n", argv[0], argv[i]);
        fprintf(stderr, "usage: %s [--quick] [--once] [--json] [--cpu-a N] [--cpu-b N] [--only TEXT]\n", argv[0]);
        result.ok = false;
        return result;
      }
    }
    return result;
  }
};

} // namespace pw::bench
