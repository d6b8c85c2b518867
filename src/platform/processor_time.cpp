// SPDX-License-Identifier: Apache-2.0
#include "platform/processor_time.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "platform/clock.h"

namespace pw::platform {
namespace {

std::int64_t tick_ns() {
    static const long per_second = ::sysconf(_SC_CLK_TCK);
    return 1'000'000'000 / (per_second > 0 ? per_second : 100);
}

std::int64_t since_boot_ns() {
    timespec time = {};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// A stat file of proc(5). The name, in parentheses, may hold anything: the fields are counted from behind it.
std::optional<TaskTimes> read_times(const std::string& path) {
    std::ifstream file(path);
    std::string text;
    if (!std::getline(file, text)) return std::nullopt;
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream fields(text.substr(name_end + 1));
    std::string skipped;
    constexpr int fields_before_user_time = 11;  // 3 (state) to 13
    constexpr int fields_before_start = 6;       // 16 to 21
    for (int i = 0; i < fields_before_user_time; ++i) fields >> skipped;
    std::int64_t user = 0;
    std::int64_t kernel = 0;
    fields >> user >> kernel;
    for (int i = 0; i < fields_before_start; ++i) fields >> skipped;
    std::int64_t start = 0;
    if (!(fields >> start)) return std::nullopt;
    TaskTimes times;
    times.started_ns = realtime_ns() - since_boot_ns() + start * tick_ns();
    times.user_ns = user * tick_ns();
    times.kernel_ns = kernel * tick_ns();
    return times;
}

}  // namespace

std::optional<TaskTimes> process_times(std::uint32_t process_id) {
    return read_times("/proc/" + std::to_string(process_id) + "/stat");
}

std::optional<TaskTimes> thread_times(std::uint32_t os_thread) {
    return read_times("/proc/self/task/" + std::to_string(os_thread) + "/stat");
}

std::optional<MachineTimes> machine_times() {
    std::ifstream file("/proc/stat");
    std::string name;
    std::int64_t user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, soft_interrupts = 0;
    if (!(file >> name >> user >> nice >> system >> idle >> waiting >> interrupts >> soft_interrupts)) return std::nullopt;
    MachineTimes times;
    times.idle_ns = (idle + waiting) * tick_ns();
    times.user_ns = (user + nice) * tick_ns();
    times.kernel_ns = (system + interrupts + soft_interrupts) * tick_ns();
    return times;
}

}  // namespace pw::platform
