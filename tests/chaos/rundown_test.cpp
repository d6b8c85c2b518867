// SPDX-License-Identifier: Apache-2.0
// How clients end, and what is said about what they or their drivers leave.
#include <gtest/gtest.h>

#include <csignal>
#include <optional>

#include "holder_test.h"
#include "host_counts_test.h"
#include "platform/threads.h"
#include "test_host_test.h"

namespace pw::chaos {
namespace {

HostSettings impatient() {
    HostSettings settings;
    settings.kernel = [](nt::KernelOptions& options) { options.rundown_patience_ns = 50'000'000; };
    return settings;
}

class Rundown : public ::testing::Test {
protected:
    Rundown() : host_(impatient()) {
        // What the first client makes and what stays.
        Holder(host_.socket_path(), "forked-child-ends").kill();
        host_.wait_until_empty();
        before_ = HostCounts::steady(host_.kernel());
    }
    ~Rundown() override {
        release();
        host_.wait_until_empty();
    }
    void release() {
        nt::Kernel::SystemThreadScope scope(host_.kernel());
        release_stuck();
        free_leaks();
    }
    static void wait_for_stuck(unsigned count) {
        while (stuck_count() < count) platform::yield_thread();
    }
    // Nobody is left, and nothing of theirs.
    void expect_nothing_left() {
        host_.wait_until_empty();
        HostCounts after = HostCounts::settled(host_.kernel(), before_);
        after.mappings = before_.mappings;  // the C library's arenas
        EXPECT_EQ(after, before_);
    }
    void expect_others_are_served() {
        Holder other(host_.socket_path(), "forked-child-ends");  // makes some calls
        other.kill();
    }

    TestHost host_;
    HostCounts before_;
};

TEST_F(Rundown, ClientsThatAreKilledLeaveNothing) {
    for (const char* action : {"connect", "attach", "pend", "fork", "exec"}) {
        SCOPED_TRACE(action);
        Holder holder(host_.socket_path(), action);
        const bool has_child = std::string_view(action) == "fork";
        const pid_t child = has_child ? std::stoi(holder.read_line()) : 0;
        holder.kill();
        expect_nothing_left();
        // Else it holds this test's output open until its alarm, and who runs the test waits for that.
        if (has_child) {
            EXPECT_EQ(::kill(child, SIGKILL), 0);
        }
    }
    EXPECT_TRUE(host_.lines().empty());
}

TEST_F(Rundown, AClientThatExitsWhileItsThreadsCallLeavesNothing) {
    Holder holder(host_.socket_path(), "exit-in-call");
    EXPECT_EQ(holder.wait().shell_code(), 0);
    expect_nothing_left();
    EXPECT_TRUE(host_.lines().empty());
}

TEST_F(Rundown, ExecEndsTheClientThoughTheProcessLives) {
    Holder holder(host_.socket_path(), "exec");
    holder.close_pipe();
    expect_nothing_left();
    EXPECT_EQ(::kill(holder.pid(), 0), 0);
}

TEST_F(Rundown, AForkedChildThatKeepsTheSocketDoesNotKeepTheClientAlive) {
    Holder holder(host_.socket_path(), "fork");
    const pid_t child = std::stoi(holder.read_line());
    holder.kill();
    expect_nothing_left();
    EXPECT_EQ(::kill(child, SIGKILL), 0);  // it was there all the time
}

TEST_F(Rundown, TheEndOfAForkedChildIsNotTheClients) {
    Holder holder(host_.socket_path(), "forked-child-ends");
    EXPECT_EQ(host_.server().connection_count(), 1u);
    holder.kill();
    expect_nothing_left();
}

TEST_F(Rundown, AMessageFromAnotherProcessClosesTheChannel) {
    Holder holder(host_.socket_path(), "forked-child-speaks");
    EXPECT_EQ(holder.read_line(), "closed");
    EXPECT_TRUE(host_.has_line("a message came from another process"));
    holder.close_pipe();
    expect_nothing_left();
}

TEST_F(Rundown, ASynchronousRequestThatADriverKeepsIsReportedAndHoldsTheProcess) {
    Holder holder(host_.socket_path(), "stick", false);
    wait_for_stuck(1);
    holder.kill();
    host_.wait_for_line("stays terminating");
    host_.wait_for_line("IRP_MJ_DEVICE_CONTROL, code 0x");
    EXPECT_TRUE(host_.has_line("driver Chaos"));
    EXPECT_TRUE(host_.has_line("no cancel routine"));
    EXPECT_EQ(host_.server().connection_count(), 1u);
    expect_others_are_served();
    release();
    expect_nothing_left();
}

TEST_F(Rundown, OverlappedRequestsThatADriverKeepsAreReportedAlsoOfThreadsThatAreGone) {
    Holder holder(host_.socket_path(), "stick-overlapped");
    holder.kill();
    host_.wait_for_line("stays terminating");
    const auto pending = [&] {
        unsigned count = 0;
        for (const std::string& line : host_.lines()) count += line.find("IRP_MJ_DEVICE_CONTROL, code 0x") != std::string::npos;
        return count;
    };
    while (pending() < 2) platform::yield_thread();
    expect_others_are_served();
    release();
    expect_nothing_left();
}

TEST_F(Rundown, LockedPagesThatADriverForgetsAreReportedWithWhoLockedThem) {
    Holder holder(host_.socket_path(), "leak-lock");
    holder.kill();
    host_.wait_for_line("PROCESS_HAS_LOCKED_PAGES");
    host_.wait_until_empty();
    EXPECT_TRUE(host_.has_line("left 5 page(s) locked by MDL"));
    EXPECT_TRUE(host_.has_line("DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS, 0xCB"));
    EXPECT_TRUE(host_.has_line("locked by pw::chaos::(anonymous namespace)::leak_lock"));
    EXPECT_TRUE(host_.has_line("chaos_driver_test.cpp:"));
    // The pages stay until the driver gives them back: it may still write to them.
    release();
    expect_nothing_left();
}

TEST_F(Rundown, MappingsThatADriverForgetsAreReportedWithWhoMadeThem) {
    Holder holder(host_.socket_path(), "leak-map");
    holder.kill();
    host_.wait_for_line("MmUnmapLockedPages was not called");
    host_.wait_until_empty();
    EXPECT_TRUE(host_.has_line("left 12288 bytes mapped at 0x"));
    EXPECT_TRUE(host_.has_line("mapped by pw::chaos::"));
    release();
    expect_nothing_left();
}

TEST_F(Rundown, StoppingDoesNotWaitForEverForADriver) {
    Holder holder(host_.socket_path(), "stick", false);
    wait_for_stuck(1);
    EXPECT_FALSE(host_.server().stop(60));
    EXPECT_TRUE(host_.has_line("stays terminating"));
    release();
    EXPECT_TRUE(host_.server().stop(-1));
}

}  // namespace
}  // namespace pw::chaos
