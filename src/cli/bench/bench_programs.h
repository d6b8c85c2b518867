// SPDX-License-Identifier: Apache-2.0
// BenchPrograms starts the programs that measure, as 'partywall run' would, and hands on the lines that they print.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/bench/figure.h"
#include "platform/process_spawn.h"

namespace pw::cli {

enum class BenchMode { embedded, awake, asleep, peer };

struct BenchPlacement {
  int near = 0;  // the processor of the side that measures
  int far = 0;   // of the other side

  [[nodiscard]] std::string text(BenchMode mode) const;
};

class BenchPrograms {
 public:
  struct Settings {
    std::string directory;     // of bench.sys, bench_app, bench_peers
    std::string host_program;
    std::string pattern;       // rows whose name contains it; empty: all
    bool once = false;
    bool quick = false;
    BenchPlacement placement;
  };
  using LineHandler = std::function<void(const nlohmann::json& line)>;

  // Throws CliError if the programs are not there.
  explicit BenchPrograms(Settings settings);

  // One JSON line for each row that the pattern lets through in this mode.
  [[nodiscard]] std::vector<nlohmann::json> list(BenchMode mode);

  // Measures. Every line goes to on_line; on_quiet is called when two seconds have passed without one. Returns how the
  // program ended: empty, or one line on what went wrong. Throws CliError if the host fails.
  [[nodiscard]] std::string run(BenchMode mode, const LineHandler& on_line, const std::function<void()>& on_quiet);

  // A signal that asks for the end has arrived.
  [[nodiscard]] bool interrupted() const { return signals_.received() != 0; }

 private:
  [[nodiscard]] std::vector<std::string> command(BenchMode mode) const;
  [[nodiscard]] std::string start_and_read(const std::vector<std::string>& words,
                                           const std::vector<std::pair<std::string, std::string>>& environment,
                                           const LineHandler& on_line, const std::function<void()>& on_quiet);
  [[nodiscard]] std::string run_hosted(BenchMode mode, const LineHandler& on_line, const std::function<void()>& on_quiet);

  Settings settings_;
  platform::SignalForwarder signals_;
};

// "embedded", "awake" …: the word that the programs understand.
[[nodiscard]] std::string mode_word(BenchMode mode);

}  // namespace pw::cli
