// SPDX-License-Identifier: Apache-2.0
// Many clients at once: what an idle one costs the host, in memory and in processor time.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "holder_test.h"
#include "host_counts_test.h"
#include "platform/process_identity.h"
#include "platform/threads.h"
#include "test_host_test.h"

namespace pw::chaos {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool under_sanitizer = true;
#else
constexpr bool under_sanitizer = false;
#endif

// Switches of all threads of this process that were theirs: each wake of a sleeping thread is one.
std::uint64_t voluntary_switches() {
    std::uint64_t sum = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream in(task.path() / "status");
        for (std::string word; in >> word;) {
            if (word != "voluntary_ctxt_switches:") continue;
            std::uint64_t count = 0;
            in >> count;
            sum += count;
        }
    }
    return sum;
}

TEST(Scale, TwoHundredClientsAtOnceCostLittleAndIdleClientsNothing) {
    constexpr unsigned clients = under_sanitizer ? 20 : 200;
    platform::raise_descriptor_limit();  // as the host's program does
    TestHost host;
    Holder(host.socket_path(), "forked-child-ends").kill();
    host.wait_until_empty();
    const HostCounts before = HostCounts::steady(host.kernel());
    const std::uint64_t resident_before = resident_bytes();
    {
        Holder many(host.socket_path(), "many-" + std::to_string(clients), false);
        for (unsigned i = 0; i < clients; ++i) ASSERT_EQ(many.read_line(), "ready");
        EXPECT_EQ(host.server().connection_count(), clients);
        // While they are there, somebody else works as ever.
        Holder(host.socket_path(), "forked-child-ends").kill();
        host.wait_until_clients(clients);

        const std::uint64_t each = (resident_bytes() - resident_before) / clients;
        std::printf("an idle client costs the host %llu KiB of resident memory, two threads' stacks among it\n",
                    static_cast<unsigned long long>(each / 1024));
        if (!under_sanitizer) {
            constexpr std::uint64_t most_bytes = 64 * 1024;
            constexpr std::uint64_t stacks_bytes = 2 * 16 * 1024;  // what two threads have touched of theirs
            EXPECT_LE(each, most_bytes + stacks_bytes);
        }
        // Idle: nobody wakes. The two that are counted are this thread's own and a late end of the last client's.
        static_cast<void>(HostCounts::steady(host.kernel()));
        const std::atomic<std::uint32_t> tick{0};
        const std::uint64_t switches = voluntary_switches();
        platform::wait_while_equal(tick, 0, 1'000'000'000);
        const std::uint64_t more = voluntary_switches() - switches;
        std::printf("wakes in a second with %u idle clients: %llu\n", clients, static_cast<unsigned long long>(more));
#ifndef __SANITIZE_THREAD__  // its own thread wakes ten times a second
        EXPECT_LE(more, 4u);
#endif
    }
    host.wait_until_empty();
    HostCounts after = HostCounts::settled(host.kernel(), before);
    after.mappings = before.mappings;
    EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace pw::chaos
