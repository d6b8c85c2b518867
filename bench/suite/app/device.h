// SPDX-License-Identifier: Apache-2.0
// The bench driver's device as the rows use it, and the few lines that every row needs.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <string>

#include <windows.h>
#include <winioctl.h>

#include "suite/bench_public.h"

namespace pw::bench {

// A benchmark that cannot go on says why and ends.
[[noreturn]] inline void fail(const char* what) {
  fprintf(stderr, "bench_app: %s failed, error %u\n", what, static_cast<unsigned>(GetLastError()));
  exit(1);
}

[[nodiscard]] inline std::string last_error(const char* what) {
  return std::string(what) + " failed, error " + std::to_string(static_cast<unsigned>(GetLastError()));
}

class Handle {
public:
  explicit Handle(HANDLE handle = nullptr) : handle_(handle) {}
  Handle(Handle&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (*this) CloseHandle(handle_);
  }
  [[nodiscard]] HANDLE get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE; }

private:
  HANDLE handle_;
};

// An open handle of the device, for synchronous use unless `flags` say otherwise.
class Device {
public:
  explicit Device(DWORD flags = 0)
      : handle_(CreateFileA(BENCH_APP_NAME, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                            OPEN_EXISTING, flags, nullptr)) {
    if (!handle_) fail("CreateFile " BENCH_APP_NAME);
  }
  [[nodiscard]] HANDLE handle() const { return handle_.get(); }

  // A synchronous request. False if it failed.
  bool control(DWORD code, void* in, std::size_t in_bytes, void* out, std::size_t out_bytes) const {
    DWORD returned = 0;
    return DeviceIoControl(handle_.get(), code, in, static_cast<DWORD>(in_bytes), out, static_cast<DWORD>(out_bytes),
                           &returned, nullptr) != 0;
  }
  void must(const char* what, DWORD code, void* in = nullptr, std::size_t in_bytes = 0, void* out = nullptr,
            std::size_t out_bytes = 0) const {
    if (!control(code, in, in_bytes, out, out_bytes)) fail(what);
  }

private:
  Handle handle_;
};

// Memory of VirtualAlloc, every page touched. Null if there is not so much.
class Buffer {
public:
  explicit Buffer(std::size_t length_bytes)
      : address_(VirtualAlloc(nullptr, length_bytes == 0 ? 1 : length_bytes, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE)) {
    if (address_ != nullptr) memset(address_, 1, length_bytes);
  }
  ~Buffer() {
    if (address_ != nullptr) VirtualFree(address_, 0, MEM_RELEASE);
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  [[nodiscard]] void* address() const { return address_; }

private:
  void* address_;
};

} // namespace pw::bench
