// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "platform/process_spawn.h"

namespace pw::cli {
namespace {

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return (no_colour == nullptr || *no_colour == '\0') && platform::is_terminal(descriptor);
}

void print_labelled(std::string_view command, std::string_view colour, std::string_view label, std::string_view message) {
  if (use_colour()) {
    fmt::print(stderr, "\x1b[1m{}:\x1b[0m \x1b[{}m{}\x1b[0m {}\n", command, colour, label, message);
  } else {
    fmt::print(stderr, "{}: {} {}\n", command, label, message);
  }
}

}  // namespace

bool use_colour() { return wants_colour(2); }

bool use_colour_for_output() { return wants_colour(1); }

void print_error(std::string_view command, std::string_view message) {
  print_labelled(command, "1;31", "error:", message);
}

void print_warning(std::string_view command, std::string_view message) {
  print_labelled(command, "1;35", "warning:", message);
}

void print_note(std::string_view command, std::string_view message) { fmt::print(stderr, "{}: {}\n", command, message); }

}  // namespace pw::cli
