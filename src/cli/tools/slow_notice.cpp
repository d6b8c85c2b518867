// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/slow_notice.h"

#include <chrono>

#include "cli/terminal.h"

namespace pw::cli {
namespace {

constexpr std::chrono::seconds first_after{2};
constexpr std::chrono::seconds then_every{10};

}  // namespace

SlowNotice::SlowNotice(std::string command, std::string what)
    : command_(std::move(command)), what_(std::move(what)), thread_([this] { run(); }) {}

SlowNotice::~SlowNotice() {
  {
    const std::lock_guard<std::mutex> lock(lock_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SlowNotice::say(const std::string& line) {
  const std::lock_guard<std::mutex> lock(lock_);
  what_ = line;
  print_note(command_, line);
}

void SlowNotice::run() {
  const auto start = std::chrono::steady_clock::now();
  std::chrono::seconds pause = first_after;
  std::unique_lock<std::mutex> lock(lock_);
  while (!changed_.wait_for(lock, pause, [this] { return ended_; })) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    print_note(command_, what_ + " (" + std::to_string(seconds.count()) + " s)");
    pause = then_every;
  }
}

}  // namespace pw::cli
