// SPDX-License-Identifier: Apache-2.0
// Processor time that processes, threads and the whole machine have used, in the resolution of the machine's ticks (10 ms).
#pragma once

#include <cstdint>
#include <optional>

namespace pw::platform {

struct TaskTimes {
    std::int64_t started_ns = 0;  // since 1970
    std::int64_t user_ns = 0;
    std::int64_t kernel_ns = 0;
};
// Nothing when there is no such process, or it is hidden from this one.
[[nodiscard]] std::optional<TaskTimes> process_times(std::uint32_t process_id);
// Of a thread of this process, by os_thread_id().
[[nodiscard]] std::optional<TaskTimes> thread_times(std::uint32_t os_thread);

// Sums over all processors since the machine started.
struct MachineTimes {
    std::int64_t idle_ns = 0;
    std::int64_t user_ns = 0;
    std::int64_t kernel_ns = 0;  // without idle time
};
[[nodiscard]] std::optional<MachineTimes> machine_times();

}  // namespace pw::platform
