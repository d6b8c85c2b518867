// SPDX-License-Identifier: Apache-2.0
// The host dies: its clients' calls end with a clear error, and their views stay readable.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include <unistd.h>

#include "holder_test.h"
#include "test_client_test.h"
#include "test_host_test.h"

namespace pw::chaos {
namespace {

// The role: a host of its own that tells where it listens.
TEST(ChaosRole, DISABLED_Host) {
    const int pipe = static_cast<int>(role_number("PW_CHAOS_READY"));
    TestHost host;
    const std::string line = host.socket_path() + "\n";
    ASSERT_EQ(::write(pipe, line.data(), line.size()), static_cast<ssize_t>(line.size()));
    ::alarm(100);
    for (;;) ::pause();
}

TEST(HostDeath, EndsCallsWithAnErrorAndLeavesViewsReadable) {
    platform::LinePipe pipe;
    ASSERT_EQ(pipe.open(), 0);
    auto request = role("ChaosRole.DISABLED_Host", "", {{"PW_CHAOS_READY", std::to_string(pipe.write_end())}});
    request.inherited_descriptors = {pipe.write_end()};
    platform::ChildProcess host;
    ASSERT_EQ(host.start(request), 0);
    pipe.close_write_end();
    std::string path;
    ASSERT_EQ(pipe.read_line(100'000, path), platform::LinePipe::ReadOutcome::Line);

    std::string why;
    auto client = TestClient::connect(path, &why);
    ASSERT_TRUE(client) << why;
    ClientThread thread(*client);
    ASSERT_TRUE(thread);
    std::uint64_t section = 0;
    std::uint64_t view = 0;
    ASSERT_TRUE(thread.create_section(u"", 65536, &section).is_success());
    ASSERT_TRUE(thread.map_view(section, &view).is_success());
    auto* bytes = reinterpret_cast<volatile std::uint8_t*>(view);
    for (std::size_t i = 0; i < 65536; ++i) bytes[i] = pattern_byte(3, i);
    std::uint8_t* arena = client->arena(4096);
    arena[0] = 99;
    std::uint64_t file = 0;
    ASSERT_TRUE(thread.open_device(&file, true).is_success());
    std::uint64_t event = 0;
    ASSERT_TRUE(thread.create_event(u"", &event).is_success());

    // Each sits in a call of another kind.
    std::atomic<int> started{0};
    std::vector<std::jthread> blocked;
    std::atomic<int> disconnected{0};
    for (int kind = 0; kind < 3; ++kind) {
        blocked.emplace_back([&, kind] {
            ClientThread own(*client);
            ASSERT_TRUE(own);
            started.fetch_add(1);
            Status status;
            if (kind == 0) status = own.wait(event, {});
            if (kind == 1) status = own.control(file, code_pend, nullptr, 0, arena, 4096);
            while (kind == 2 && status.is_success()) status = own.wait(event, 0);  // STATUS_TIMEOUT, again and again
            EXPECT_EQ(status.code(), STATUS_PORT_DISCONNECTED);
            if (status.code() == STATUS_PORT_DISCONNECTED) disconnected.fetch_add(1);
        });
    }
    while (started.load() != 3) std::this_thread::yield();
    const auto killed = std::chrono::steady_clock::now();
    host.send_signal(SIGKILL);
    for (auto& one : blocked) one.join();
    const auto ended = std::chrono::steady_clock::now();
    host.wait();
    EXPECT_EQ(disconnected.load(), 3);
    // The promise is 100 ms; a figure, not a condition, because other programs share the processors.
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(ended - killed).count();
    RecordProperty("microseconds_from_death_to_error", std::to_string(us));
    std::printf("from the host's death to the last call's error: %lld us\n", static_cast<long long>(us));
    // New calls and new threads are told at once.
    EXPECT_EQ(thread.close(event).code(), STATUS_PORT_DISCONNECTED);
    EXPECT_EQ(ClientThread(*client).status().code(), STATUS_PORT_DISCONNECTED);
    for (std::size_t i = 0; i < 65536; ++i) ASSERT_EQ(bytes[i], pattern_byte(3, i));
    EXPECT_EQ(arena[0], 99);
    bytes[0] = 1;  // writable, too
    platform::remove_file(path);
    platform::remove_folder(path.substr(0, path.rfind('/')));
}

}  // namespace
}  // namespace pw::chaos
