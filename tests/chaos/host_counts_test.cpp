// SPDX-License-Identifier: Apache-2.0
#include "host_counts_test.h"

#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "chaos_driver_test.h"
#include "kernel/services/kernel.h"
#include "platform/threads.h"

namespace pw::chaos {
namespace {

std::uint64_t entries_of(const char* folder) {
    std::uint64_t count = 0;
    std::error_code error;
    for (auto it = std::filesystem::directory_iterator(folder, error); it != std::filesystem::directory_iterator();
         it.increment(error)) {
        ++count;
    }
    return count;
}

// The heap is left out (the C library's arenas, a sanitizer's own): private, writable, without a file.
std::uint64_t own_mappings() {
    std::ifstream in("/proc/self/maps");
    std::uint64_t count = 0;
    for (std::string line; std::getline(in, line);) {
        const bool heap = line.find(" rw-p 00000000 00:00 0 ") != std::string::npos || line.ends_with(" rw-p 00000000 00:00 0");
        if (!heap) ++count;
    }
    return count;
}

}  // namespace

HostCounts HostCounts::of(nt::Kernel& kernel) {
    HostCounts counts;
    counts.descriptors = entries_of("/proc/self/fd");
    counts.threads = entries_of("/proc/self/task");
    counts.mappings = own_mappings();
    nt::Kernel::SystemThreadScope scope(kernel);
    kernel.objects().delete_deferred();
    kernel.processes().for_each_process([&](ps::Process& process) {
        ++counts.processes;
        counts.kernel_threads += process.thread_count();
    });
    counts.system_handles = kernel.processes().system_process().handles().count();
    counts.committed_pages = kernel.memory().commit_limit().charged_pages();
    auto names = kernel.objects().find(u"\\BaseNamedObjects", nullptr, true);
    if (names) {
        auto& directory = static_cast<ob::Directory&>(*names->object);
        kernel.objects().for_each_entry(directory, [&](auto&&...) { ++counts.named_objects; });
    }
    counts.open_files = static_cast<std::uint64_t>(chaos::open_files());
    return counts;
}

HostCounts HostCounts::steady(nt::Kernel& kernel) {
    const std::atomic<std::uint32_t> tick{0};
    HostCounts last = of(kernel);
    for (int same = 0; same < 8;) {
        platform::wait_while_equal(tick, 0, 2'000'000);
        const HostCounts now = of(kernel);
        same = now == last ? same + 1 : 0;
        last = now;
    }
    return last;
}

HostCounts HostCounts::settled(nt::Kernel& kernel, const HostCounts& expected) {
    const std::atomic<std::uint32_t> tick{0};
    HostCounts now = of(kernel);
    for (int i = 0; i < 3000 && (now.threads > expected.threads || now.descriptors > expected.descriptors); ++i) {
        platform::wait_while_equal(tick, 0, 2'000'000);
        now = of(kernel);
    }
    return now;
}

std::ostream& operator<<(std::ostream& out, const HostCounts& c) {
    return out << "descriptors " << c.descriptors << ", OS threads " << c.threads << ", mappings " << c.mappings
               << ", processes " << c.processes << ", thread objects " << c.kernel_threads << ", system handles "
               << c.system_handles << ", committed pages " << c.committed_pages << ", names " << c.named_objects
               << ", open files " << c.open_files;
}

std::uint64_t resident_bytes() {
    std::ifstream in("/proc/self/statm");
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    in >> size >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t heap_bytes() {
    const struct mallinfo2 info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

}  // namespace pw::chaos
