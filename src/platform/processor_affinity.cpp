// SPDX-License-Identifier: Apache-2.0
#include "platform/processor_affinity.h"

#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace pw::platform {

unsigned online_processor_count() {
    const long count = ::sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1u : static_cast<unsigned>(count);
}

bool pin_current_thread(unsigned processor) {
    if (processor >= CPU_SETSIZE) return false;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

std::vector<unsigned> usable_processors() {
    std::vector<unsigned> result;
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return result;
    for (unsigned processor = 0; processor < CPU_SETSIZE; ++processor) {
        if (CPU_ISSET(processor, &set)) result.push_back(processor);
    }
    return result;
}

std::uint64_t thread_processors(std::uint32_t os_thread) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(static_cast<pid_t>(os_thread), sizeof set, &set) != 0) return 0;
    std::uint64_t bits = 0;
    for (unsigned processor = 0; processor < 64; ++processor) {
        if (CPU_ISSET(processor, &set)) bits |= std::uint64_t{1} << processor;
    }
    return bits;
}

bool set_thread_processors(std::uint32_t os_thread, std::uint64_t bits) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (unsigned processor = 0; processor < 64; ++processor) {
        if ((bits >> processor & 1) != 0) CPU_SET(processor, &set);
    }
    return ::sched_setaffinity(static_cast<pid_t>(os_thread), sizeof set, &set) == 0;
}

bool set_process_processors(std::uint64_t bits) {
    bool all_set = true;
    std::error_code error;
    for (std::filesystem::directory_iterator it("/proc/self/task", error); !error && it != std::filesystem::directory_iterator();
         it.increment(error)) {
        const unsigned long thread = std::strtoul(it->path().filename().c_str(), nullptr, 10);
        all_set = set_thread_processors(static_cast<std::uint32_t>(thread), bits) && all_set;
    }
    return all_set && !error;
}

}  // namespace pw::platform
