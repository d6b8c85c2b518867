// SPDX-License-Identifier: Apache-2.0
// Clients are killed at random instants while others stream: the host keeps nothing of them and nobody else notices.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "host_counts_test.h"
#include "platform/threads.h"
#include "test_host_test.h"
#include "victim_test.h"

namespace pw::chaos {
namespace {

class Chaos : public ::testing::Test {
protected:
    // Kills `count` clients, from `nurseries` processes at a time.
    void kill_clients(std::uint64_t seed, std::uint64_t count, unsigned nurseries) {
        std::vector<platform::ChildProcess> children(nurseries);
        // What the victims hold meanwhile: a run in which they held nothing would show nothing.
        std::atomic<bool> over{false};
        std::jthread watcher([&] {
            while (!over.load()) {
                const HostCounts now = HostCounts::of(host_.kernel());
                most_files_ = std::max(most_files_, now.open_files);
                most_names_ = std::max(most_names_, now.named_objects);
                platform::wait_while_equal(tick_, 0, 20'000'000);
            }
        });
        for (unsigned n = 0; n < nurseries; ++n) {
            ASSERT_EQ(children[n].start(role("ChaosRole.DISABLED_Nursery", host_.socket_path(),
                                             {{"PW_CHAOS_SEED", std::to_string(seed * 101 + n)},
                                              {"PW_CHAOS_COUNT", std::to_string(count / nurseries)}})),
                      0);
        }
        for (auto& child : children) EXPECT_EQ(child.wait().shell_code(), 0);
        over.store(true);
    }
    void kill_clients_while_others_stream(std::uint64_t seed, std::uint64_t count) {
        std::vector<platform::ChildProcess> streamers(2);
        const auto output = [this](std::size_t i) { return host_.socket_path() + ".streamer" + std::to_string(i); };
        for (std::size_t i = 0; i < streamers.size(); ++i) {
            auto request = role("ChaosRole.DISABLED_Streamer", host_.socket_path());
            request.stdout_file = output(i);
            ASSERT_EQ(streamers[i].start(request), 0);
        }
        kill_clients(seed, count, 2);
        for (std::size_t i = 0; i < streamers.size(); ++i) {
            streamers[i].send_signal(SIGTERM);
            const int code = streamers[i].wait().shell_code();
            std::stringstream text;
            text << std::ifstream(output(i)).rdbuf();
            EXPECT_EQ(code, 0) << text.str();
            platform::remove_file(output(i));
        }
        host_.wait_until_empty();
    }
    void run(std::uint64_t seed, std::uint64_t count) {
        // The first clients fill caches that stay: the pool's slabs, the dispatcher's threads, the C library's arenas.
        kill_clients_while_others_stream(seed, 60);
        const HostCounts before = HostCounts::steady(host_.kernel());
        const std::uint64_t heap_before = heap_bytes();
        host_.forget_lines();
        kill_clients_while_others_stream(seed + 1, count);
        EXPECT_GT(most_files_, 2u);  // the streamers have two
        EXPECT_GT(most_names_, 0u);
        HostCounts after = HostCounts::settled(host_.kernel(), before);
        EXPECT_LE(after.mappings, before.mappings + 64);  // cached stacks
        after.mappings = before.mappings;
        // Slabs of the pool may have come; they stay.
        EXPECT_LE(after.committed_pages, before.committed_pages + 1024);
        after.committed_pages = before.committed_pages;
        EXPECT_LE(after.descriptors, before.descriptors + 8);
        after.descriptors = before.descriptors;
        // A virtual processor's thread comes with its first DPC, and stays.
        EXPECT_LE(after.threads, before.threads + 2);
        EXPECT_LE(after.kernel_threads, before.kernel_threads + 2);
        after.threads = before.threads;
        after.kernel_threads = before.kernel_threads;
        EXPECT_EQ(after, before);
        EXPECT_LE(heap_bytes(), heap_before + 100'000 + count * 100);
        for (const std::string& line : host_.lines()) ADD_FAILURE() << "the host reported: " << line;
    }

    TestHost host_;
    std::uint64_t most_files_ = 0;
    std::uint64_t most_names_ = 0;
    const std::atomic<std::uint32_t> tick_{0};
};

TEST_F(Chaos, KilledClientsLeaveNothingWhileOthersStream) { run(1, 300); }
TEST_F(Chaos, LongKilledClientsLeaveNothingWhileOthersStream) { run(2, 6000); }

}  // namespace
}  // namespace pw::chaos
