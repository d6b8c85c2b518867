// SPDX-License-Identifier: Apache-2.0
#include "platform/processor_affinity.h"

#include <sched.h>
#include <unistd.h>

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

}  // namespace pw::platform
