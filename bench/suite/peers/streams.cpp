// SPDX-License-Identifier: Apache-2.0
// Round trips through pipes and through a Unix socket between two processes: both sides sleep while they wait.
#include "harness/child_process.h"
#include "suite/peers/tables.h"
#include "suite/rows/floors.h"

#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace pw::bench {
namespace {

bool write_all(int descriptor, const unsigned char* bytes, std::size_t length_bytes) {
  while (length_bytes > 0) {
    const ssize_t done = write(descriptor, bytes, length_bytes);
    if (done <= 0) return false;
    bytes += done;
    length_bytes -= static_cast<std::size_t>(done);
  }
  return true;
}

bool read_all(int descriptor, unsigned char* bytes, std::size_t length_bytes) {
  while (length_bytes > 0) {
    const ssize_t done = read(descriptor, bytes, length_bytes);
    if (done <= 0) return false;
    bytes += done;
    length_bytes -= static_cast<std::size_t>(done);
  }
  return true;
}

// Two descriptors for each side: one to read, one to write.
struct Line {
  int near_read, near_write, far_read, far_write;
};

Outcome round_trips(const Run& run, double size, const Line& line) {
  const auto length_bytes = static_cast<std::size_t>(size);
  std::vector<unsigned char> bytes(length_bytes, 1);
  Outcome result;
  {
    ChildProcess server(run.cpu_b, [&] {
      close(line.near_read);
      if (line.near_write != line.near_read) close(line.near_write);
      while (read_all(line.far_read, bytes.data(), bytes.size()) && write_all(line.far_write, bytes.data(), bytes.size())) {
      }
    });
    close(line.far_read);
    if (line.far_write != line.far_read) close(line.far_write);
    PingPongFloor floor(run, length_bytes);
    result = compare(run, batch_of(run, [&] {
                       if (!write_all(line.near_write, bytes.data(), bytes.size()) ||
                           !read_all(line.near_read, bytes.data(), bytes.size())) {
                         std::perror("bench_peers: read or write");
                         std::exit(1);
                       }
                     }), floor.batch());
    close(line.near_read); // the server's read ends
    if (line.near_write != line.near_read) close(line.near_write);
  }
  return result;
}

Outcome pipes(const Run& run, double size) {
  int there[2];
  int back[2];
  if (pipe(there) != 0 || pipe(back) != 0) return Outcome::not_measured("pipe() failed");
  return round_trips(run, size, {back[0], there[1], there[0], back[1]});
}

Outcome socket_pair(const Run& run, double size) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return Outcome::not_measured("socketpair() failed");
  return round_trips(run, size, {ends[0], ends[0], ends[1], ends[1]});
}

} // namespace

std::vector<RowSpec> stream_rows() {
  const std::vector<double> sizes = {64, 512, 4096, 65536, 1 << 20};
  const char* const floor = "spin ping-pong of that payload";
  return {
      {"Round trip", "pipe", "bytes", "ns/request", floor, 0, kPeer, sizes, 1e9, pipes},
      {"Round trip", "Unix socket", "bytes", "ns/request", floor, 0, kPeer, sizes, 1e9, socket_pair},
  };
}

} // namespace pw::bench
