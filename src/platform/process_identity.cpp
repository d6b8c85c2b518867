// SPDX-License-Identifier: Apache-2.0
#include "platform/process_identity.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

namespace pw::platform {
namespace {

sigset_t end_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

}  // namespace

std::uint32_t process_id() { return static_cast<std::uint32_t>(::getpid()); }
std::uint32_t user_id() { return ::geteuid(); }
std::uint32_t group_id() { return ::getegid(); }

std::string process_name() { return program_invocation_short_name; }

bool is_traced() {
    std::ifstream file("/proc/self/status");
    std::string name;
    while (file >> name) {
        std::uint32_t tracer = 0;
        if (name == "TracerPid:" && file >> tracer) return tracer != 0;
    }
    return false;
}

void forbid_inspection() { ::prctl(PR_SET_DUMPABLE, 0); }

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::uint64_t descriptor_limit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

void block_end_signals() {
    const sigset_t set = end_signals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int wait_for_end_signal() {
    const sigset_t set = end_signals();
    int signal = 0;
    while (::sigwait(&set, &signal) != 0) {
    }
    return signal;
}

bool write_all(int descriptor, const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t bytes = ::write(descriptor, text.data() + done, text.size() - done);
        if (bytes < 0 && errno != EINTR) return false;
        if (bytes > 0) done += static_cast<std::size_t>(bytes);
    }
    return true;
}

}  // namespace pw::platform
