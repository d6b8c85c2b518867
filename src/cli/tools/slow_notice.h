// SPDX-License-Identifier: Apache-2.0
// SlowNotice: tells on standard error that something takes long: after two seconds, then every ten, with the time.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace pw::cli {

class SlowNotice {
 public:
  // Says "<command>: <what> (N s)" while it lives.
  SlowNotice(std::string command, std::string what);
  ~SlowNotice();
  SlowNotice(const SlowNotice&) = delete;
  SlowNotice& operator=(const SlowNotice&) = delete;

  // Prints a line at once, which becomes what is said from now on.
  void say(const std::string& line);

 private:
  void run();

  const std::string command_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::string what_;     // guarded by lock_
  bool ended_ = false;   // guarded by lock_
  std::thread thread_;
};

}  // namespace pw::cli
