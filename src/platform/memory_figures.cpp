// SPDX-License-Identifier: Apache-2.0
#include "platform/memory_figures.h"

#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <unordered_map>

namespace pw::platform {
namespace {

using Figures = std::unordered_map<std::string, std::uint64_t>;

// "Name: 12 kB" lines, in bytes. Empty when the file cannot be read.
Figures read_figures(const std::string& path) {
    Figures figures;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string name;
        std::uint64_t value = 0;
        std::string unit;
        if (fields >> name >> value >> unit && unit == "kB" && name.back() == ':') {
            name.pop_back();
            figures[name] = value * 1024;
        }
    }
    return figures;
}

// Minor and major faults: fields 10 and 12 of proc(5)'s stat, counted from behind the name.
std::uint64_t page_faults_of(const std::string& folder) {
    std::ifstream file(folder + "/stat");
    file.ignore(std::numeric_limits<std::streamsize>::max(), ')');
    std::string skipped;
    for (int i = 0; i < 7; ++i) file >> skipped;
    std::uint64_t minor = 0, minor_of_children = 0, major = 0;
    file >> minor >> minor_of_children >> major;
    return file ? minor + major : 0;
}

}  // namespace

std::optional<MachineMemory> machine_memory() {
    Figures figures = read_figures("/proc/meminfo");
    if (figures.empty()) return std::nullopt;
    return MachineMemory{figures["MemTotal"], figures["MemAvailable"], figures["SwapTotal"], figures["SwapFree"]};
}

std::optional<ProcessMemory> process_memory_of(std::uint32_t process_id) {
    const std::string folder = "/proc/" + std::to_string(process_id);
    Figures figures = read_figures(folder + "/status");
    if (figures.empty()) return std::nullopt;
    ProcessMemory memory;
    memory.resident_bytes = figures["VmRSS"];
    memory.peak_resident_bytes = figures["VmHWM"];
    memory.private_bytes = figures["RssAnon"] + figures["VmSwap"];
    memory.virtual_bytes = figures["VmSize"];
    memory.page_faults = page_faults_of(folder);
    return memory;
}

}  // namespace pw::platform
