// SPDX-License-Identifier: Apache-2.0
#include "holder_test.h"

#include <cstdlib>
#include <functional>
#include <map>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/raw_peer_test.h"
#include "test_client_test.h"

namespace pw::chaos {
namespace {

struct Stage {
    std::string socket;
    int ready_pipe;
    void say(const std::string& text) const {
        const std::string line = text + "\n";
        ASSERT_EQ(::write(ready_pipe, line.data(), line.size()), static_cast<ssize_t>(line.size()));
    }
};

[[noreturn]] void stay() {
    ::alarm(100);  // the test has failed when this comes
    for (;;) ::pause();
}

std::unique_ptr<TestClient> connected(const Stage& stage) {
    std::string why;
    auto client = TestClient::connect(stage.socket, &why);
    if (!client) std::fprintf(stderr, "%s\n", why.c_str());
    return client;
}

// Opens the device on an attached thread and runs `body`.
void with_device(const Stage& stage, bool synchronous, const std::function<void(TestClient&, ClientThread&, std::uint64_t)>& body) {
    auto client = connected(stage);
    ASSERT_TRUE(client);
    ClientThread thread(*client);
    ASSERT_TRUE(thread);
    std::uint64_t file = 0;
    ASSERT_TRUE(thread.open_device(&file, synchronous).is_success());
    body(*client, thread, file);
    stay();
}

const std::map<std::string, void (*)(const Stage&)> actions = {
    {"connect",
     [](const Stage& stage) {
         auto client = connected(stage);
         ASSERT_TRUE(client);
         stage.say("ready");
         stay();
     }},
    {"attach",
     [](const Stage& stage) {
         with_device(stage, true, [&](TestClient&, ClientThread&, std::uint64_t) { stage.say("ready"); });
     }},
    {"stick",  // a synchronous request that the driver keeps
     [](const Stage& stage) {
         with_device(stage, true, [](TestClient&, ClientThread& thread, std::uint64_t file) {
             thread.control(file, code_stick, nullptr, 0, nullptr, 0).ignore();
         });
     }},
    {"stick-overlapped",
     [](const Stage& stage) {
         with_device(stage, false, [&](TestClient& client, ClientThread& thread, std::uint64_t file) {
             ASSERT_EQ(thread.control(file, code_stick, nullptr, 0, nullptr, 0).code(), STATUS_PENDING);
             std::thread([&] {
                 ClientThread second(client);
                 ASSERT_EQ(second.control(file, code_stick, nullptr, 0, nullptr, 0).code(), STATUS_PENDING);
             }).join();  // its thread leaves, its request stays
             stage.say("ready");
         });
     }},
    {"pend",  // a synchronous request that can be cancelled
     [](const Stage& stage) {
         with_device(stage, true, [&](TestClient& client, ClientThread& thread, std::uint64_t file) {
             stage.say("ready");
             thread.control(file, code_pend, nullptr, 0, client.arena(4096), 4096).ignore();
         });
     }},
    {"leak-lock",
     [](const Stage& stage) {
         with_device(stage, true, [&](TestClient& client, ClientThread& thread, std::uint64_t file) {
             ASSERT_TRUE(thread.control(file, code_leak_lock, client.arena(20000), 20000, nullptr, 0).is_success());
             stage.say("ready");
         });
     }},
    {"leak-map",
     [](const Stage& stage) {
         with_device(stage, true, [&](TestClient&, ClientThread& thread, std::uint64_t file) {
             ASSERT_TRUE(thread.control(file, code_leak_map, nullptr, 0, nullptr, 0).is_success());
             stage.say("ready");
         });
     }},
    {"fork",  // a child that keeps socket, views and descriptors; then both stay
     [](const Stage& stage) {
         with_device(stage, true, [&](TestClient&, ClientThread&, std::uint64_t) {
             const pid_t child = ::fork();
             if (child == 0) stay();
             stage.say("ready");
             stage.say(std::to_string(child));
         });
     }},
    {"forked-child-ends",  // the child's end is not the client's
     [](const Stage& stage) {
         with_device(stage, true, [&](TestClient& client, ClientThread& thread, std::uint64_t file) {
             const pid_t child = ::fork();
             if (child == 0) ::_exit(0);
             int status = 0;
             ASSERT_EQ(::waitpid(child, &status, 0), child);
             std::uint8_t* buffer = client.arena(4096);
             for (int i = 0; i < 100; ++i) {
                 ASSERT_TRUE(thread.control(file, code_echo, buffer, 3000, buffer, 3000).is_success());
             }
             stage.say("ready");
         });
     }},
    {"forked-child-speaks",  // a message with other credentials
     [](const Stage& stage) {
         auto peer = channel::RawPeer::connect(stage.socket);
         ASSERT_TRUE(peer.greet());
         stage.say("ready");
         const pid_t child = ::fork();
         if (child == 0) {
             peer.send_attach();
             ::_exit(0);
         }
         int status = 0;
         ASSERT_EQ(::waitpid(child, &status, 0), child);
         ASSERT_TRUE(peer.closed_by_peer());
         stage.say("closed");
         stay();
     }},
    {"truncate",  // a file under a section is cut off and grows again while drivers use it, at DISPATCH_LEVEL, too
     [](const Stage& stage) {
         with_device(stage, false, [&](TestClient& client, ClientThread& thread, std::uint64_t file) {
             constexpr std::uint32_t bytes = 65536;
             char name[] = "/tmp/pw-chaos-file-XXXXXX";
             const int descriptor = ::mkstemp(name);
             ASSERT_GE(descriptor, 0);
             ::unlink(name);
             ASSERT_EQ(::ftruncate(descriptor, bytes), 0);
             auto handle = client.channel().attach_file(descriptor);
             ASSERT_TRUE(handle.is_ok());
             nt::NtCreateSectionIn create{};
             create.desired_access = 0xF001F;
             create.page_protection = PAGE_READWRITE;
             create.allocation_attributes = 0x8000000;  // SEC_COMMIT
             create.file.value = *handle;
             nt::NtCreateSectionOut section{};
             ASSERT_TRUE(thread.call(create, &section).is_success());
             std::uint64_t base = 0;
             ASSERT_TRUE(thread.map_view(section.handle.value, &base).is_success());
             auto* view = reinterpret_cast<std::uint8_t*>(base);
             std::uint8_t* block = client.arena(4096);
             std::atomic<bool> over{false};
             std::thread cutter([&] {
                 while (!over.load()) {
                     EXPECT_EQ(::ftruncate(descriptor, 0), 0);
                     EXPECT_EQ(::ftruncate(descriptor, bytes), 0);
                 }
             });
             int served = 0;
             int refused = 0;
             for (std::uint32_t i = 0; i < 600; ++i) {
                 const std::uint32_t at = i % 15 * 4096;
                 Status status;
                 switch (i % 5) {
                     case 0:  // a DPC fills the locked pages
                         status = thread.control(file, code_delay, nullptr, 0, view + at, 4096 + i, 0,
                                                 reinterpret_cast<std::uint64_t>(block));
                         break;
                     case 1: status = thread.control(file, code_fill, nullptr, 0, view + at, 8192); break;
                     case 2: status = thread.control(file, code_neither, view + at, 64, view, bytes); break;
                     case 3: status = thread.control(file, code_echo, view, bytes, block, 4096); break;
                     default: status = thread.control(file, code_echo, block, 2000, view + at, 2000); break;
                 }
                 const bool is_error = status.code() == STATUS_IN_PAGE_ERROR || status.code() == STATUS_ACCESS_VIOLATION;
                 EXPECT_TRUE(status.is_success() || is_error) << std::hex << status.code();
                 (is_error ? refused : served) += 1;
             }
             over.store(true);
             cutter.join();
             EXPECT_GT(served + refused, 0);
             ASSERT_FALSE(::testing::Test::HasFailure());
             stage.say("ready");
         });
     }},
    {"exec",
     [](const Stage& stage) {
         with_device(stage, true, [&](TestClient&, ClientThread&, std::uint64_t) {
             stage.say("ready");
             ::execl("/bin/sleep", "sleep", "1000", nullptr);
         });
     }},
    {"delay-flood",  // overlapped requests complete into it for as long as it lives, and views come and go
     [](const Stage& stage) {
         with_device(stage, false, [&](TestClient& client, ClientThread& thread, std::uint64_t file) {
             std::uint8_t* buffer = client.arena(65536);
             std::uint64_t section = 0;
             ASSERT_TRUE(thread.create_section(u"", 65536, &section).is_success());
             for (std::uint32_t i = 0;; ++i) {
                 std::memcpy(buffer, &i, sizeof i);
                 thread.control(file, code_delay, buffer, 4, buffer + 4096, 4096, 0,
                                reinterpret_cast<std::uint64_t>(buffer + 16)).ignore();
                 std::uint64_t view = 0;
                 if (thread.map_view(section, &view).is_success()) thread.unmap_view(view).ignore();
                 if (i == 500) stage.say("ready");
             }
         });
     }},
    {"overlapped-roundtrips",  // requests that others' threads finish, and views
     [](const Stage& stage) {
         with_device(stage, false, [&](TestClient& client, ClientThread& thread, std::uint64_t file) {
             std::uint8_t* buffer = client.arena(65536);
             std::uint64_t event = 0;
             std::uint64_t section = 0;
             ASSERT_TRUE(thread.create_event(u"", &event).is_success());
             ASSERT_TRUE(thread.create_section(u"", 65536, &section).is_success());
             for (std::uint32_t i = 0; i < 100; ++i) {
                 std::memcpy(buffer, &i, sizeof i);
                 ASSERT_EQ(thread.control(file, code_delay, buffer, 4, buffer + 4096, 4096, event,
                                          reinterpret_cast<std::uint64_t>(buffer + 16)).code(), STATUS_PENDING);
                 ASSERT_EQ(thread.wait(event, {}).code(), STATUS_SUCCESS);
                 for (std::size_t b = 0; b < 4096; ++b) ASSERT_EQ(buffer[4096 + b], pattern_byte(i, b));
                 std::uint64_t view = 0;
                 ASSERT_TRUE(thread.map_view(section, &view).is_success());
                 *reinterpret_cast<volatile std::uint32_t*>(view) = i;
                 ASSERT_TRUE(thread.unmap_view(view).is_success());
             }
             stage.say("ready");
         });
     }},
    {"flood-calls",
     [](const Stage& stage) {
         auto client = connected(stage);
         ASSERT_TRUE(client);
         std::vector<std::thread> threads;
         std::atomic<int> calls{0};
         for (int t = 0; t < 8; ++t) {
             threads.emplace_back([&] {
                 ClientThread thread(*client);
                 std::uint64_t file = 0;
                 thread.open_device(&file, true).ignore();
                 std::uint8_t* buffer = client->arena(65536);
                 for (;; calls.fetch_add(1)) {
                     thread.control(file, code_fill, buffer, 4, buffer, 65536).ignore();
                     thread.close(12345).ignore();
                 }
             });
         }
         while (calls.load() < 1000) std::this_thread::yield();
         stage.say("ready");
         stay();
     }},
    {"flood-attach",  // threads that come and go, and messages that nobody answers
     [](const Stage& stage) {
         auto client = connected(stage);
         ASSERT_TRUE(client);
         for (int i = 0;; ++i) {
             const ClientThread thread(*client);
             if (i == 100) stage.say("ready");
             if (client->channel().is_broken()) stay();
         }
     }},
    {"flood-connect",
     [](const Stage& stage) {
         std::vector<channel::RawPeer> peers;
         for (int i = 0; i < 200; ++i) peers.push_back(channel::RawPeer::connect(stage.socket));
         // The ninth was closed at once: the end of the stream comes when the host has looked at it.
         ASSERT_TRUE(peers.back().closed_by_peer());
         stage.say("ready");
         stay();
     }},
    {"exit-in-call",  // one thread ends the process while others are in calls
     [](const Stage& stage) {
         auto client = connected(stage);
         ASSERT_TRUE(client);
         std::vector<std::thread> threads;
         std::atomic<int> busy{0};
         for (int t = 0; t < 4; ++t) {
             threads.emplace_back([&] {
                 ClientThread thread(*client);
                 std::uint64_t file = 0;
                 thread.open_device(&file, true).ignore();
                 std::uint8_t* buffer = client->arena(4096);
                 for (;;) {
                     busy.fetch_add(1);
                     thread.control(file, code_fill, buffer, 4, buffer, 4096).ignore();
                 }
             });
         }
         while (busy.load() < 1000) {
         }
         stage.say("ready");
         std::_Exit(0);
     }},
};

// A client that is idle after some calls. What kept it from that; empty when nothing did.
std::string make_calls(TestClient& client, ClientThread& thread) {
    if (!thread) return "no thread";
    std::uint64_t file = 0;
    Status status = thread.open_device(&file, true);
    std::uint8_t* buffer = client.arena(4096);
    for (int n = 0; n < 5 && status.is_success(); ++n) status = thread.control(file, code_echo, buffer, 1000, buffer, 1000);
    return status.is_success() ? std::string() : "status " + std::to_string(static_cast<std::uint32_t>(status.code()));
}

// So many clients, each a child of this process. Each says "ready" or what went wrong: the test counts lines.
void many_clients(const Stage& stage, unsigned count) {
    ::setpgid(0, 0);
    for (unsigned i = 0; i < count; ++i) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child != 0) continue;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // they end with the one that the test ends
        std::string why;
        auto client = TestClient::connect(stage.socket, &why);
        if (!client) {
            stage.say("failed: " + why);
            stay();
        }
        ClientThread thread(*client);
        why = make_calls(*client, thread);
        stage.say(why.empty() ? "ready" : "failed: " + why);
        stay();
    }
    stay();
}

}  // namespace

TEST(ChaosRole, DISABLED_Holder) {
    const char* action = std::getenv("PW_CHAOS_ACTION");
    ASSERT_NE(action, nullptr);
    if (std::string_view(action).starts_with("many-")) {
        return many_clients(Stage{role_socket(), static_cast<int>(role_number("PW_CHAOS_READY"))},
                            static_cast<unsigned>(std::atoi(action + 5)));
    }
    const auto found = actions.find(action);
    ASSERT_NE(found, actions.end()) << action;
    found->second(Stage{role_socket(), static_cast<int>(role_number("PW_CHAOS_READY"))});
}

}  // namespace pw::chaos
