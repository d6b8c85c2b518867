// SPDX-License-Identifier: Apache-2.0
#include "suite/app/population.h"

namespace pw::bench {
namespace {

std::string stopped_at(std::size_t count, const char* what) {
  return "stopped at " + std::to_string(count) + ": " + last_error(what);
}

} // namespace

Handle new_event() { return Handle(CreateEventA(nullptr, FALSE, FALSE, nullptr)); }

Handle new_section(std::size_t length_bytes) {
  return Handle(CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, static_cast<DWORD>(length_bytes), nullptr));
}

ManyHandles::ManyHandles(std::size_t count) {
  handles_.reserve(count);
  while (handles_.size() < count && shortfall_.empty()) {
    Handle handle = new_event();
    if (!handle) shortfall_ = stopped_at(handles_.size(), "CreateEvent");
    handles_.push_back(std::move(handle));
  }
}

ManySections::ManySections(std::size_t count) {
  handles_.reserve(count);
  while (handles_.size() < count && shortfall_.empty()) {
    Handle handle = new_section(65536);
    if (!handle) shortfall_ = stopped_at(handles_.size(), "CreateFileMapping");
    handles_.push_back(std::move(handle));
  }
}

ManyViews::ManyViews(const Handle& section, std::size_t count) {
  views_.reserve(count);
  while (views_.size() < count) {
    void* const view = MapViewOfFile(section.get(), FILE_MAP_ALL_ACCESS, 0, 0, 65536);
    if (view == nullptr) {
      shortfall_ = stopped_at(views_.size(), "MapViewOfFile");
      return;
    }
    views_.push_back(view);
  }
}

ManyViews::~ManyViews() {
  for (void* const view : views_) UnmapViewOfFile(view);
}

ManyHeldRequests::ManyHeldRequests(std::size_t count)
    : port_(CreateIoCompletionPort(device_.handle(), nullptr, 1, 0)), overlapped_(count),
      pages_(std::make_unique<Buffer>(count * 4096)) {
  if (!port_ || pages_->address() == nullptr) fail("CreateIoCompletionPort or VirtualAlloc");
  for (; held_ < count; ++held_) {
    DWORD returned = 0;
    overlapped_[held_] = {};
    void* const page = static_cast<char*>(pages_->address()) + held_ * 4096;
    if (!DeviceIoControl(device_.handle(), IOCTL_BENCH_HOLD, nullptr, 0, page, 4096, &returned, &overlapped_[held_]) &&
        GetLastError() != ERROR_IO_PENDING) {
      shortfall_ = stopped_at(held_, "IOCTL_BENCH_HOLD");
      return;
    }
  }
}

ManyHeldRequests::~ManyHeldRequests() {
  OVERLAPPED release = {};
  DWORD returned = 0;
  // Completes all of the handle's requests; its own end comes to the port, too.
  DeviceIoControl(device_.handle(), IOCTL_BENCH_RELEASE, nullptr, 0, nullptr, 0, &returned, &release);
  for (std::size_t done = 0; done < held_ + 1; ++done) {
    ULONG_PTR key = 0;
    OVERLAPPED* overlapped = nullptr;
    if (!GetQueuedCompletionStatus(port_.get(), &returned, &key, &overlapped, 30'000)) fail("GetQueuedCompletionStatus");
  }
}

ManyThreads::ManyThreads(std::size_t count) : go_(CreateEventA(nullptr, TRUE, FALSE, nullptr)) {
  if (!go_) fail("CreateEvent");
  for (std::size_t i = 0; i < count; ++i) {
    threads_.emplace_back([this] {
      const Device device; // this thread is known to the kernel
      ready_.fetch_add(1);
      if (WaitForSingleObject(go_.get(), INFINITE) != WAIT_OBJECT_0) fail("WaitForSingleObject");
    });
  }
  while (ready_.load() != count) Sleep(1);
}

ManyThreads::~ManyThreads() {
  SetEvent(go_.get());
  for (std::thread& thread : threads_) thread.join();
}

} // namespace pw::bench
