// SPDX-License-Identifier: Apache-2.0
#include "suite/app/machine.h"

#include <cstring>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace pw::bench {
namespace {

[[noreturn]] void die(const char* what) {
  perror(what);
  abort();
}

// By number: the C library's mmap may be replaced in this process.
void* bare_mmap(std::size_t length_bytes, int flags, int descriptor) {
  const std::int64_t result = syscall(SYS_mmap, nullptr, length_bytes, PROT_READ | PROT_WRITE, flags, descriptor, 0);
  if (result == -1) die("mmap");
  return reinterpret_cast<void*>(result);
}

// The number in a line "Key: 123 kB" of a file of /proc; 0 if there is none.
double number_after(const std::string& path, const char* key) {
  FILE* file = fopen(path.c_str(), "r");
  if (file == nullptr) return 0.0;
  double result = 0.0;
  char line[256];
  while (fgets(line, sizeof line, file) != nullptr) {
    if (strncmp(line, key, strlen(key)) == 0) result = atof(line + strlen(key));
  }
  fclose(file);
  return result;
}

} // namespace

ForeignMemory::ForeignMemory(std::size_t length_bytes)
    : address_(bare_mmap(length_bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1)), length_bytes_(length_bytes) {
  memset(address_, 1, length_bytes);
}

ForeignMemory::~ForeignMemory() { syscall(SYS_munmap, address_, length_bytes_); }

PlainPages::PlainPages(std::size_t length_bytes)
    : descriptor_(memfd_create("bench_pages", MFD_CLOEXEC)), length_bytes_(length_bytes) {
  if (descriptor_ < 0 || ftruncate(descriptor_, static_cast<off_t>(length_bytes)) != 0) die("memfd_create");
  void* address = map();
  touch_pages(address, length_bytes);
  unmap(address);
}

PlainPages::~PlainPages() { close(descriptor_); }

void* PlainPages::map() const { return bare_mmap(length_bytes_, MAP_SHARED, descriptor_); }

void PlainPages::unmap(void* address) const { syscall(SYS_munmap, address, length_bytes_); }

void null_system_call() { syscall(SYS_getppid); }

void sleep_ns(std::int64_t duration_ns) {
  timespec left = {static_cast<time_t>(duration_ns / 1'000'000'000), static_cast<decltype(timespec::tv_nsec)>(duration_ns % 1'000'000'000)};
  nanosleep(&left, nullptr);
}

void touch_pages(void* address, std::size_t length_bytes) {
  volatile char* bytes = static_cast<volatile char*>(address);
  for (std::size_t at = 0; at < length_bytes; at += 4096) bytes[at] = 1;
}

double resident_bytes(int process) {
  return 1024.0 * number_after("/proc/" + std::to_string(process) + "/status", "VmRSS:");
}

double processor_time_ns(int process) {
  const std::string folder = "/proc/" + std::to_string(process) + "/task";
  DIR* tasks = opendir(folder.c_str());
  if (tasks == nullptr) return -1.0;
  double total = 0.0;
  for (const dirent* entry = readdir(tasks); entry != nullptr; entry = readdir(tasks)) {
    if (entry->d_name[0] == '.' || atol(entry->d_name) == syscall(SYS_gettid)) continue;
    // The first number: nanoseconds on a processor.
    FILE* file = fopen((folder + "/" + entry->d_name + "/schedstat").c_str(), "r");
    if (file == nullptr) continue; // a thread that has just ended
    char line[128];
    if (fgets(line, sizeof line, file) != nullptr) total += atof(line);
    fclose(file);
  }
  closedir(tasks);
  return total;
}

int this_process() { return static_cast<int>(getpid()); }

} // namespace pw::bench
