// SPDX-License-Identifier: Apache-2.0
// Populations: many of one thing, kept while something is measured beside them.
#pragma once

#include "suite/rows/row.h"

#include <atomic>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include "suite/app/device.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {

// Why a population is smaller than asked for; empty: it is not.
using Shortfall = std::string;

[[nodiscard]] Handle new_event();
[[nodiscard]] Handle new_section(std::size_t length_bytes);

class ManyHandles {
public:
  explicit ManyHandles(std::size_t count);
  [[nodiscard]] const Shortfall& shortfall() const { return shortfall_; }

private:
  std::vector<Handle> handles_;
  Shortfall shortfall_;
};

class ManySections {
public:
  explicit ManySections(std::size_t count);
  [[nodiscard]] const Shortfall& shortfall() const { return shortfall_; }

private:
  std::vector<Handle> handles_;
  Shortfall shortfall_;
};

// Views of one section of 64 KiB.
class ManyViews {
public:
  ManyViews(const Handle& section, std::size_t count);
  ~ManyViews();
  ManyViews(const ManyViews&) = delete;
  ManyViews& operator=(const ManyViews&) = delete;
  [[nodiscard]] const Shortfall& shortfall() const { return shortfall_; }

private:
  std::vector<void*> views_;
  Shortfall shortfall_;
};

// Overlapped METHOD_OUT_DIRECT requests that the driver keeps: a locked page each.
class ManyHeldRequests {
public:
  explicit ManyHeldRequests(std::size_t count);
  ~ManyHeldRequests();
  ManyHeldRequests(const ManyHeldRequests&) = delete;
  ManyHeldRequests& operator=(const ManyHeldRequests&) = delete;
  [[nodiscard]] const Shortfall& shortfall() const { return shortfall_; }

private:
  Device device_{FILE_FLAG_OVERLAPPED};
  Handle port_;
  std::vector<OVERLAPPED> overlapped_;
  std::unique_ptr<Buffer> pages_;
  std::size_t held_ = 0;
  Shortfall shortfall_;
};

// Threads that have made a call and wait for an event.
class ManyThreads {
public:
  explicit ManyThreads(std::size_t count);
  ~ManyThreads();
  ManyThreads(const ManyThreads&) = delete;
  ManyThreads& operator=(const ManyThreads&) = delete;

private:
  Handle go_;
  std::atomic<std::size_t> ready_{0};
  std::vector<std::thread> threads_;
};

} // namespace pw::bench
