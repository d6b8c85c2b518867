// SPDX-License-Identifier: Apache-2.0
// A JsonLine is one JSON object on one line, written member by member. With the C++ library only.
#pragma once

#include "harness/sample.h"

#include <cmath>
#include <stdio.h>
#include <string>

namespace pw::bench {

class JsonLine {
public:
  JsonLine& text(const char* key, const std::string& value) {
    name(key);
    line_ += '"' + escaped(value) + '"';
    return *this;
  }
  JsonLine& number(const char* key, double value) {
    name(key);
    char digits[40];
    snprintf(digits, sizeof digits, "%.10g", value);
    line_ += std::isfinite(value) ? digits : "null";
    return *this;
  }
  JsonLine& flag(const char* key, bool value) {
    name(key);
    line_ += value ? "true" : "false";
    return *this;
  }
  // {"median": …, "p10": …, "p90": …, "p99": …}
  JsonLine& sample(const char* key, const Sample& values) {
    JsonLine inner;
    inner.number("median", values.median()).number("p10", values.percentile(0.1)).number("p90", values.percentile(0.9));
    inner.number("p99", values.p99());
    name(key);
    line_ += inner.finished();
    return *this;
  }
  [[nodiscard]] std::string finished() const { return line_ + "}"; }

private:
  void name(const char* key) {
    if (line_.size() > 1) line_ += ", ";
    line_ += '"' + std::string(key) + "\": ";
  }
  [[nodiscard]] static std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
      if (c == '"' || c == '\\') result += '\\';
      if (static_cast<unsigned char>(c) >= 0x20) result += c; // our texts need no control characters
    }
    return result;
  }

  std::string line_ = "{";
};

} // namespace pw::bench
