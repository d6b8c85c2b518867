// SPDX-License-Identifier: Apache-2.0
#include "suite/app/child.h"

#include "harness/processor.h"
#include "suite/app/machine.h"

#include <string>

#include "suite/app/device.h" // behind the C++ library: Windows' macros stand in its way

namespace pw::bench {
namespace {

constexpr DWORD kLongEnoughMs = 60'000; // a child that does not come is an error, not a hang

// The names of the objects that parent and child share.
struct Names {
  explicit Names(const std::string& key)
      : ready("BenchReady" + key), request("BenchRequest" + key), reply("BenchReply" + key), stop("BenchStop" + key) {}
  std::string ready, request, reply, stop;
};

Handle named_event(const std::string& name, BOOL manual) {
  Handle result(CreateEventA(nullptr, manual, FALSE, name.c_str()));
  if (!result) fail("CreateEvent");
  return result;
}

void wait_for(HANDLE handle, DWORD timeout_ms) {
  if (WaitForSingleObject(handle, timeout_ms) != WAIT_OBJECT_0) fail("WaitForSingleObject");
}

} // namespace

struct Children::State {
  explicit State(const Names& names)
      : ready(CreateSemaphoreA(nullptr, 0, 100'000, names.ready.c_str())), request(named_event(names.request, FALSE)),
        reply(named_event(names.reply, FALSE)), stop(named_event(names.stop, TRUE)) {
    if (!ready) fail("CreateSemaphore");
  }
  Handle ready, request, reply, stop;
  std::vector<Handle> processes;
};

Children::Children(const Run& run, ChildTask task, std::size_t count) {
  static int generation = 0;
  const std::string key = std::to_string(this_process()) + "-" + std::to_string(++generation);
  state_ = std::make_unique<State>(Names(key));
  char program[MAX_PATH] = "";
  if (GetModuleFileNameA(nullptr, program, sizeof program) == 0) fail("GetModuleFileName");
  const int cpu = run.mode == kAsleep ? run.cpu_a : run.cpu_b;
  for (std::size_t i = 0; i < count; ++i) {
    const char* const word = task == ChildTask::answer ? " answer " : " wait ";
    std::string line = std::string("\"") + program + "\" --child " + key + word + std::to_string(cpu);
    STARTUPINFOA start = {};
    start.cb = sizeof start;
    PROCESS_INFORMATION process = {};
    if (!CreateProcessA(program, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &process)) {
      fail("CreateProcess");
    }
    CloseHandle(process.hThread);
    state_->processes.emplace_back(process.hProcess);
  }
  for (std::size_t i = 0; i < count; ++i) wait_for(state_->ready.get(), kLongEnoughMs);
}

Children::~Children() {
  SetEvent(state_->stop.get());
  for (const Handle& process : state_->processes) wait_for(process.get(), kLongEnoughMs);
}

void* Children::request() const { return state_->request.get(); }

void* Children::reply() const { return state_->reply.get(); }

int child_main(int argc, char** argv) {
  if (argc != 5 || strcmp(argv[1], "--child") != 0) return -1;
  const Names names(argv[2]);
  static_cast<void>(pin_this_thread(atoi(argv[4])));
  const Device device;
  unsigned char payload[64] = {};
  device.must("IOCTL_BENCH_ECHO", IOCTL_BENCH_ECHO, payload, sizeof payload, payload, sizeof payload);
  const Handle request = named_event(names.request, FALSE);
  const Handle reply = named_event(names.reply, FALSE);
  const Handle stop = named_event(names.stop, TRUE);
  {
    const Handle ready(OpenSemaphoreA(SEMAPHORE_MODIFY_STATE, FALSE, names.ready.c_str()));
    if (!ready || !ReleaseSemaphore(ready.get(), 1, nullptr)) fail("OpenSemaphore or ReleaseSemaphore");
  }
  if (strcmp(argv[3], "wait") == 0) {
    wait_for(stop.get(), INFINITE);
    return 0;
  }
  for (;;) {
    const HANDLE both[] = {request.get(), stop.get()};
    const DWORD which = WaitForMultipleObjects(2, both, FALSE, INFINITE);
    if (which == WAIT_OBJECT_0 + 1) return 0;
    if (which != WAIT_OBJECT_0 || !SetEvent(reply.get())) fail("wait or SetEvent");
  }
}

} // namespace pw::bench
