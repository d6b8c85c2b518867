// SPDX-License-Identifier: Apache-2.0
// A Sample is the list of values that one measurement gave, with the few statistics that the reports use.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pw::bench {

// Values are kept in the order in which they were measured, so that two samples of interleaved rounds pair up.
class Sample {
public:
  void reserve(std::size_t count) { values_.reserve(count); }
  void add(double value) { values_.push_back(value); }

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }

  // The value below which `fraction` (0..1) of the sample lies, interpolated between neighbours; 0 if empty.
  [[nodiscard]] double percentile(double fraction) const {
    if (values_.empty()) return 0.0;
    std::vector<double> sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    const double place = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const std::size_t low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    const double part = place - static_cast<double>(low);
    return sorted[low] + (sorted[high] - sorted[low]) * part;
  }

  [[nodiscard]] double median() const { return percentile(0.5); }
  [[nodiscard]] double p99() const { return percentile(0.99); }

  // How wide the middle four fifths are, as a share of the median: 0.05 means "within about 5 %".
  [[nodiscard]] double spread() const {
    const double middle = median();
    return middle > 0.0 ? (percentile(0.9) - percentile(0.1)) / middle : 0.0;
  }

private:
  std::vector<double> values_;
};

// Round by round a/b. Rounds that were measured side by side share the machine's mood, so the median of these ratios is
// steadier than the ratio of the medians.
[[nodiscard]] inline Sample paired_ratio(const Sample& a, const Sample& b) {
  Sample ratios;
  const std::size_t rounds = std::min(a.size(), b.size());
  ratios.reserve(rounds);
  for (std::size_t i = 0; i < rounds; ++i) {
    if (b.values()[i] > 0.0) ratios.add(a.values()[i] / b.values()[i]);
  }
  return ratios;
}

} // namespace pw::bench
