// SPDX-License-Identifier: Apache-2.0
// An ioctl to a file system in user space (FUSE): the way in which Linux itself hands a device's control codes to a process.
// Only where libfuse's headers were found and this user may mount.
#include "suite/peers/tables.h"
#include "suite/rows/floors.h"

#ifdef PW_BENCH_FUSE
#define FUSE_USE_VERSION 35
#include "harness/child_process.h"

#include <fuse.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace pw::bench {
namespace {

#ifdef PW_BENCH_FUSE

constexpr char kFile[] = "/echo";

int get_attributes(const char* path, struct stat* result, fuse_file_info*) {
  *result = {};
  if (std::strcmp(path, "/") == 0) {
    result->st_mode = S_IFDIR | 0700;
    return 0;
  }
  if (std::strcmp(path, kFile) != 0) return -ENOENT;
  result->st_mode = S_IFREG | 0600;
  return 0;
}

int open_file(const char* path, fuse_file_info*) { return std::strcmp(path, kFile) == 0 ? 0 : -ENOENT; }

// The kernel copies as much in and out as the code says: the data is what came in.
int control(const char*, unsigned int, void*, fuse_file_info*, unsigned int, void* data) { return data == nullptr ? -EINVAL : 0; }

int serve(const std::string& folder) {
  fuse_operations operations = {};
  operations.getattr = get_attributes;
  operations.open = open_file;
  operations.ioctl = control;
  char name[] = "bench_peers";
  char option[] = "-ofsname=partywall-bench";
  char* arguments[] = {name, option, nullptr};
  fuse_args args = FUSE_ARGS_INIT(2, arguments);
  fuse* const filesystem = fuse_new(&args, &operations, sizeof operations, nullptr);
  if (filesystem == nullptr || fuse_mount(filesystem, folder.c_str()) != 0) return 1;
  fuse_loop(filesystem); // until it is unmounted
  fuse_destroy(filesystem);
  return 0;
}

class Mounted {
public:
  explicit Mounted(int cpu) {
    char pattern[] = "/tmp/partywall-bench-XXXXXX";
    if (mkdtemp(pattern) == nullptr) return;
    folder_ = pattern;
    server_ = std::make_unique<ChildProcess>(cpu, [this] { _exit(serve(folder_)); });
    for (int i = 0; i < 500 && descriptor_ < 0; ++i) {
      usleep(2000);
      descriptor_ = open((folder_ + kFile).c_str(), O_RDWR | O_CLOEXEC);
    }
  }
  ~Mounted() {
    if (folder_.empty()) return;
    if (descriptor_ >= 0) close(descriptor_);
    const std::string unmount = "fusermount3 -u " + folder_ + " > /dev/null 2>&1";
    if (std::system(unmount.c_str()) != 0 && descriptor_ >= 0) std::fprintf(stderr, "bench_peers: %s failed\n", unmount.c_str());
    server_.reset();
    rmdir(folder_.c_str());
  }
  Mounted(const Mounted&) = delete;
  Mounted& operator=(const Mounted&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }

private:
  std::string folder_;
  std::unique_ptr<ChildProcess> server_;
  int descriptor_ = -1;
};

Outcome round_trips(const Run& run, double size) {
  const Mounted mounted(run.cpu_b);
  if (mounted.descriptor() < 0) return Outcome::not_measured("a file system of FUSE cannot be mounted here");
  std::vector<unsigned char> payload(static_cast<std::size_t>(size), 1);
  const unsigned long code = _IOC(_IOC_READ | _IOC_WRITE, 'E', 1, payload.size());
  PingPongFloor floor(run, payload.size());
  return compare(run, batch_of(run, [&] {
                   if (ioctl(mounted.descriptor(), code, payload.data()) < 0) {
                     std::perror("bench_peers: ioctl");
                     std::exit(1);
                   }
                 }), floor.batch());
}

#else

Outcome round_trips(const Run&, double) {
  return Outcome::not_measured("FUSE's headers were not found when this was built (libfuse3-dev)");
}

#endif

} // namespace

std::vector<RowSpec> fuse_rows() {
  return {{"Round trip", "FUSE ioctl", "bytes", "ns/request", "spin ping-pong of that payload", 0, kPeer, {64, 512, 4096}, 1e9, round_trips}};
}

} // namespace pw::bench
