// SPDX-License-Identifier: Apache-2.0
// Clients that are killed. The client is this test program in another role: a disabled test that the server's test starts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "channel/fake_kernel_test.h"
#include "channel/raw_peer_test.h"
#include "channel/server/server.h"
#include "platform/process_spawn.h"

namespace pw::channel {
namespace {

constexpr const char* socket_variable = "PW_TEST_SOCKET";
constexpr const char* holder_variable = "PW_TEST_HOLDER";
constexpr int kill_signal = 9;

platform::SpawnRequest role(const char* test, const std::string& socket, const char* holder) {
    platform::SpawnRequest request;
    request.program = "/proc/self/exe";
    request.arguments = {"client", std::string("--gtest_filter=") + test, "--gtest_also_run_disabled_tests"};
    request.environment = {{socket_variable, socket}, {holder_variable, holder}};
    request.stdout_file = "/dev/null";
    return request;
}

// The client's role: attaches, tells the holder's process id through an event, and blocks in a call for ever.
TEST(ClientRole, DISABLED_BlocksInACall) {
    const char* path = std::getenv(socket_variable);
    ASSERT_NE(path, nullptr);
    RawPeer peer = RawPeer::connect(path);
    ASSERT_TRUE(peer.greet());
    peer.send_attach();
    ASSERT_TRUE(peer.take_pages());
    platform::ChildProcess holder;
    if (std::string(std::getenv(holder_variable)) == "yes") {
        platform::SpawnRequest request;
        request.program = "/bin/sleep";
        request.arguments = {"sleep", "1000"};
        request.inherited_descriptors = {peer.descriptor()};
        ASSERT_EQ(holder.start(request), 0);
        const nt::NtSetEventIn in{{static_cast<std::uint64_t>(holder.pid())}};
        std::memcpy(peer.request().body, &in, sizeof in);
        peer.request().header.number.store(static_cast<std::uint32_t>(nt::CallNumber::NtSetEvent));
        peer.request().header.in_bytes.store(sizeof in);
        ASSERT_EQ(peer.ring_and_wait(), STATUS_SUCCESS);
    }
    const nt::NtDelayExecutionIn wait{};
    std::memcpy(peer.request().body, &wait, sizeof wait);
    peer.request().header.number.store(static_cast<std::uint32_t>(nt::CallNumber::NtDelayExecution));
    peer.request().header.in_bytes.store(sizeof wait);
    peer.ring_and_wait();
}

class ClientDeath : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = platform::make_private_directory(::testing::TempDir() + "pw-death-");
        server_ = std::make_unique<Server>(kernel_, ServerOptions{});
        std::string why;
        ASSERT_TRUE(server_->start(folder_ + "/socket", &why)) << why;
    }
    void TearDown() override {
        server_->stop();
        EXPECT_EQ(kernel_.wrong_rundowns, 0);
        EXPECT_EQ(kernel_.attached_threads, kernel_.detached_threads);
        platform::remove_folder(folder_);
    }
    // Starts the client and kills it when it is blocked in its call.
    void kill_a_blocked_client(const char* holder) {
        platform::ChildProcess client;
        ASSERT_EQ(client.start(role("ClientRole.DISABLED_BlocksInACall", folder_ + "/socket", holder)), 0);
        kernel_.wait_until([&] { return kernel_.blocked_calls == 1; });
        client.send_signal(kill_signal);
        EXPECT_TRUE(client.wait().signaled);
    }

    FakeKernel kernel_;
    std::string folder_;
    std::unique_ptr<Server> server_;
};

TEST_F(ClientDeath, RunsAKilledClientDown) {
    kill_a_blocked_client("no");
    kernel_.wait_until([&] { return kernel_.finished_processes == 1; });
}

TEST_F(ClientDeath, SeesTheEndOfAClientWhoseChildKeepsTheSocketOpen) {
    kill_a_blocked_client("yes");
    kernel_.wait_until([&] { return kernel_.finished_processes == 1; });
    // The holder was alive all the time: now it goes.
    platform::ChildProcess end_holder;
    platform::SpawnRequest request;
    request.program = "/bin/kill";
    request.arguments = {"kill", std::to_string(kernel_.last_event_value.load())};
    ASSERT_EQ(end_holder.start(request), 0);
    EXPECT_EQ(end_holder.wait().shell_code(), 0);
}

}  // namespace
}  // namespace pw::channel
