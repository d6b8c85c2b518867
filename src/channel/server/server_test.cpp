// SPDX-License-Identifier: Apache-2.0
#include "channel/server/server.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>

#include "channel/client/client_channel.h"
#include "channel/fake_kernel_test.h"
#include "channel/raw_peer_test.h"
#include "platform/process_spawn.h"

namespace pw::channel {
namespace {

class ServerTest : public ::testing::Test {
protected:
    void start(ServerOptions options = {}) {
        folder_ = platform::make_private_directory(::testing::TempDir() + "pw-channel-");
        path_ = folder_ + "/socket";
        server_ = std::make_unique<Server>(kernel_, std::move(options));
        std::string why;
        ASSERT_TRUE(server_->start(path_, &why)) << why;
    }
    void TearDown() override {
        if (server_) server_->stop();
        EXPECT_EQ(kernel_.attached_processes, kernel_.finished_processes);
        EXPECT_EQ(kernel_.attached_threads, kernel_.detached_threads);
        EXPECT_EQ(kernel_.wrong_rundowns, 0);
        if (!folder_.empty()) platform::remove_folder(folder_);
    }
    std::unique_ptr<ClientChannel> connect() {
        std::string why;
        auto channel = ClientChannel::connect(path_, &why);
        EXPECT_TRUE(channel) << why;
        return channel;
    }
    static Status set_event(ClientChannel& channel, ClientPagePair& pages, std::uint64_t value, std::int32_t* previous) {
        const nt::NtSetEventIn in{{value}};
        nt::NtSetEventOut out{-1};
        OutgoingCall call;
        call.number = nt::CallNumber::NtSetEvent;
        call.in = &in;
        call.in_bytes = sizeof in;
        call.out = &out;
        call.out_bytes = sizeof out;
        const Status status = channel.call(pages, call);
        *previous = out.previous_state;
        return status;
    }
    // A second client still gets right answers.
    void expect_others_are_served() {
        auto channel = connect();
        ASSERT_TRUE(channel);
        auto pages = channel->attach_thread(0);
        ASSERT_TRUE(pages.is_ok());
        std::int32_t previous = 0;
        EXPECT_TRUE(set_event(*channel, **pages, 42, &previous).is_success());
        EXPECT_EQ(previous, 42);
    }

    FakeKernel kernel_;
    std::string folder_;
    std::string path_;
    std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, CarriesStructsBothWays) {
    start();
    auto channel = connect();
    ASSERT_TRUE(channel);
    EXPECT_EQ(channel->slot().base, FakeKernel::slots_base);
    EXPECT_EQ(kernel_.last_identity.process_id, platform::own_process_id());
    auto pages = channel->attach_thread(0);
    ASSERT_TRUE(pages.is_ok());
    for (std::int32_t i = 0; i < 2000; ++i) {
        std::int32_t previous = -1;
        ASSERT_TRUE(set_event(*channel, **pages, static_cast<std::uint64_t>(i), &previous).is_success());
        ASSERT_EQ(previous, i);
    }
}

TEST_F(ServerTest, CarriesAPayloadBothWays) {
    start();
    auto channel = connect();
    ASSERT_TRUE(channel);
    auto pages = channel->attach_thread(0);
    ASSERT_TRUE(pages.is_ok());
    nt::NtDeviceIoControlFileIn in{};
    const auto room = (*pages)->payload_room(sizeof in);
    const std::string text(3000, 'x');
    std::memcpy(room.data(), text.data(), text.size());
    in.inline_input = {0, 3000};
    nt::NtDeviceIoControlFileOut out{};
    OutgoingCall call{nt::CallNumber::NtDeviceIoControlFile, &in, sizeof in, 3000, &out, sizeof out};
    ASSERT_TRUE(channel->call(**pages, call).is_success());
    ASSERT_EQ(call.reply_payload_bytes, 3000u);
    EXPECT_EQ(std::memcmp(call.reply_payload, text.data(), text.size()), 0);
    EXPECT_EQ(out.block.information, 3000u);
}

// A thread that makes no call is reached through its service thread; calls go on before and after.
TEST_F(ServerTest, TheDoorbellOfAThreadLeadsToItsKernelApcs) {
    start();
    auto channel = connect();
    ASSERT_TRUE(channel);
    auto pages = channel->attach_thread(0);
    ASSERT_TRUE(pages.is_ok());
    std::int32_t previous = 0;
    for (int round = 1; round <= 50; ++round) {
        ASSERT_TRUE(set_event(*channel, **pages, static_cast<std::uint64_t>(round), &previous).is_success());
        ASSERT_EQ(previous, round);
        kernel_.ring_the_doorbell();
        kernel_.wait_until([&] { return kernel_.apc_deliveries == round; });
    }
    // Rung many times before anybody looks, it is answered at least once, and no call is lost.
    for (int i = 0; i < 1000; ++i) {
        kernel_.ring_the_doorbell();
        ASSERT_TRUE(set_event(*channel, **pages, static_cast<std::uint64_t>(i), &previous).is_success());
        ASSERT_EQ(previous, i);
    }
    kernel_.wait_until([&] { return kernel_.apc_deliveries > 50; });
    (*pages)->post_detach();
    kernel_.wait_until([&] { return kernel_.detached_threads == 1; });
    EXPECT_EQ(kernel_.ring_doorbell, nullptr);  // nobody rings for a thread that is gone
}

TEST_F(ServerTest, AReplySaysThatUserApcsAreDue) {
    start();
    auto channel = connect();
    ASSERT_TRUE(channel);
    auto pages = channel->attach_thread(0);
    ASSERT_TRUE(pages.is_ok());
    for (const bool due : {false, true, false}) {
        kernel_.user_apc_due = due;
        const nt::NtSetEventIn in{{1}};
        nt::NtSetEventOut out{};
        OutgoingCall call{nt::CallNumber::NtSetEvent, &in, sizeof in, 0, &out, sizeof out};
        ASSERT_TRUE(channel->call(**pages, call).is_success());
        EXPECT_EQ(call.user_apc_due, due);
    }
}

TEST_F(ServerTest, ServesSeveralThreadsOfSeveralClients) {
    start();
    std::vector<std::thread> threads;
    auto first = connect();
    auto second = connect();
    ASSERT_TRUE(first && second);
    for (ClientChannel* channel : {first.get(), second.get()}) {
        for (int t = 0; t < 3; ++t) {
            threads.emplace_back([channel, t] {
                auto pages = channel->attach_thread(0);
                ASSERT_TRUE(pages.is_ok());
                for (std::int32_t i = 0; i < 300; ++i) {
                    std::int32_t previous = -1;
                    ASSERT_TRUE(set_event(*channel, **pages, static_cast<std::uint64_t>(t * 1000 + i), &previous).is_success());
                    ASSERT_EQ(previous, t * 1000 + i);
                }
                (*pages)->post_detach();
            });
        }
    }
    for (auto& thread : threads) thread.join();
    kernel_.wait_until([&] { return kernel_.detached_threads == 6; });
}

TEST_F(ServerTest, PassesTheKernelsRefusalOfAThreadOn) {
    start();
    kernel_.refused_token = 7;
    auto channel = connect();
    ASSERT_TRUE(channel);
    EXPECT_EQ(channel->attach_thread(7).status().code(), STATUS_INVALID_PARAMETER);
    EXPECT_TRUE(channel->attach_thread(8).is_ok());
}

TEST_F(ServerTest, RefusesThreadsBeyondTheLimit) {
    ServerOptions options;
    options.max_threads_per_process = 2;
    start(options);
    auto channel = connect();
    ASSERT_TRUE(channel);
    auto first = channel->attach_thread(0);
    auto second = channel->attach_thread(0);
    ASSERT_TRUE(first.is_ok() && second.is_ok());
    EXPECT_EQ(channel->attach_thread(0).status().code(), STATUS_QUOTA_EXCEEDED);
}

TEST_F(ServerTest, EndsBlockedCallsWhenItStops) {
    start();
    auto channel = connect();
    ASSERT_TRUE(channel);
    auto pages = channel->attach_thread(0);
    ASSERT_TRUE(pages.is_ok());
    Status status;
    std::thread blocked([&] {
        const nt::NtDelayExecutionIn in{};
        OutgoingCall call{nt::CallNumber::NtDelayExecution, &in, sizeof in};
        status = channel->call(**pages, call);
    });
    kernel_.wait_until([&] { return kernel_.blocked_calls == 1; });
    server_->stop();
    blocked.join();
    EXPECT_TRUE(status.code() == STATUS_PROCESS_IS_TERMINATING || status.code() == STATUS_PORT_DISCONNECTED);
    std::int32_t previous = 0;
    // Its socket is closed now, and the agent has seen or will see it.
    EXPECT_EQ(set_event(*channel, **pages, 1, &previous).code(), STATUS_PORT_DISCONNECTED);
}

TEST_F(ServerTest, TellsAClientOfAnotherVersionSo) {
    start();
    RawPeer peer = RawPeer::connect(path_);
    Hello hello = RawPeer::hello();
    hello.version = 99;
    peer.send_hello(hello);
    ASSERT_TRUE(peer.receive());
    const auto text = refusal_text(peer.bytes());
    ASSERT_TRUE(text.has_value());
    EXPECT_NE(text->find("version 99"), std::string::npos);
    EXPECT_TRUE(peer.closed_by_peer());
    EXPECT_EQ(kernel_.attached_processes, 0);
}

TEST_F(ServerTest, TellsAClientThatTheKernelRefusedIt) {
    start();
    kernel_.refuse_processes = true;
    std::string why;
    EXPECT_FALSE(ClientChannel::connect(path_, &why));
    EXPECT_NE(why.find("0xc000009a"), std::string::npos) << why;
}

TEST_F(ServerTest, TellsAClientBeyondTheLimitWhy) {
    ServerOptions options;
    options.max_connections = 1;
    start(options);
    auto first = connect();
    ASSERT_TRUE(first);
    for (int i = 0; i < 20; ++i) {  // greeted before the host looked, or not
        std::string why;
        EXPECT_FALSE(ClientChannel::connect(path_, &why));
        EXPECT_NE(why.find("too many connections"), std::string::npos) << why;
    }
}

TEST_F(ServerTest, AnswersWhetherAFaultHitAGuardPage) {
    start();
    RawPeer peer = RawPeer::connect(path_);
    ASSERT_TRUE(peer.greet());
    kernel_.guard_page.store(0x5000);
    for (const std::uint32_t expected : {1u, 0u}) {
        const TouchGuard question{static_cast<std::uint32_t>(MessageKind::touch_guard), 0, 0x5000};
        peer.send_bytes(std::as_bytes(std::span(&question, 1)));
        GuardTouched answer{};
        do {
            ASSERT_TRUE(peer.receive());
        } while (!validate_guard_touched(peer.bytes(), peer.message.descriptor_count, &answer));
        EXPECT_EQ(answer.was_guard, expected);
    }
}

TEST_F(ServerTest, RefusesGreetingsThatAreNone) {
    start();
    const std::byte noise[40] = {};
    for (std::size_t length : {1u, 11u, 40u}) {
        RawPeer peer = RawPeer::connect(path_);
        peer.send_bytes(std::span(noise).first(length));
        ASSERT_TRUE(peer.receive());
        EXPECT_TRUE(refusal_text(peer.bytes()).has_value());
        EXPECT_TRUE(peer.closed_by_peer());
    }
    RawPeer without = RawPeer::connect(path_);
    without.send(RawPeer::hello());
    ASSERT_TRUE(without.receive());
    EXPECT_TRUE(refusal_text(without.bytes()).has_value());
    RawPeer wrong = RawPeer::connect(path_);
    const platform::Descriptor event = platform::make_event_descriptor();
    wrong.send(RawPeer::hello(), {event.get(), event.get()});
    ASSERT_TRUE(wrong.receive());
    EXPECT_NE(refusal_text(wrong.bytes()).value_or("").find("memory files"), std::string::npos);
    EXPECT_EQ(kernel_.attached_processes, 0);
    expect_others_are_served();
}

TEST_F(ServerTest, ClosesAConnectionThatSaysNothing) {
    ServerOptions options;
    options.handshake_timeout_ms = 20;
    start(options);
    RawPeer peer = RawPeer::connect(path_);
    EXPECT_TRUE(peer.closed_by_peer());
}

TEST_F(ServerTest, RunsDownAClientThatClosesAtAnyStep) {
    start();
    for (int step = 0; step < 6; ++step) {
        RawPeer peer = RawPeer::connect(path_);
        if (step >= 1) peer.send_hello();
        if (step >= 2) { ASSERT_TRUE(peer.receive()); }
        if (step >= 3) peer.send_attach();
        if (step >= 4) { ASSERT_TRUE(peer.take_pages()); }
        if (step >= 5) {
            peer.request().header.number.store(static_cast<std::uint32_t>(nt::CallNumber::NtDelayExecution));
            peer.request().header.in_bytes.store(sizeof(nt::NtDelayExecutionIn));
            peer.ring();
            kernel_.wait_until([&] { return kernel_.blocked_calls == 1; });
        }
        peer.close();
        // Every process that was attached is run down, also when the client did not wait for the welcome.
        if (step >= 2) kernel_.wait_until([&] { return kernel_.finished_processes == kernel_.attached_processes; });
    }
    expect_others_are_served();
}

TEST_F(ServerTest, CutsOffAClientThatAttachesWithoutReading) {
    ServerOptions options;
    options.max_threads_per_process = 4;
    start(options);
    RawPeer peer = RawPeer::connect(path_);
    ASSERT_TRUE(peer.greet());
    // Each message gets an answer that nobody reads; in the end the host closes the socket.
    std::size_t sent = 0;
    do {
        peer.send_attach();
        ++sent;
    } while (peer.sent_ok() && sent < 1'000'000);
    EXPECT_LT(sent, 1'000'000u);
    kernel_.wait_until([&] { return kernel_.finished_processes == 1; });
    expect_others_are_served();
}

TEST_F(ServerTest, ClosesTheChannelOnAMessageThatIsNone) {
    start();
    RawPeer peer = RawPeer::connect(path_);
    ASSERT_TRUE(peer.greet());
    const std::byte noise[16] = {};
    peer.send_bytes(noise);
    EXPECT_TRUE(peer.closed_by_peer());
    kernel_.wait_until([&] { return kernel_.finished_processes == 1; });
}

TEST_F(ServerTest, AnswersNonsenseInTheRequestPageWithAStatus) {
    start();
    RawPeer peer = RawPeer::connect(path_);
    ASSERT_TRUE(peer.greet());
    peer.send_attach();
    ASSERT_TRUE(peer.take_pages());
    RequestHeader& header = peer.request().header;
    header.number.store(0xfffffff0);
    EXPECT_EQ(peer.ring_and_wait(), STATUS_INVALID_SYSTEM_SERVICE);
    header.number.store(static_cast<std::uint32_t>(nt::CallNumber::NtSetEvent));
    header.in_bytes.store(4000);
    EXPECT_EQ(peer.ring_and_wait(), STATUS_INVALID_PARAMETER);
    header.in_bytes.store(sizeof(nt::NtSetEventIn));
    header.payload_bytes.store(0xffffffff);
    EXPECT_EQ(peer.ring_and_wait(), STATUS_INVALID_PARAMETER);
    header.payload_bytes.store(0);
    EXPECT_EQ(peer.ring_and_wait(), STATUS_SUCCESS);
}

TEST_F(ServerTest, SurvivesAClientThatScribblesInItsPages) {
    start();
    RawPeer peer = RawPeer::connect(path_);
    ASSERT_TRUE(peer.greet());
    peer.send_attach();
    ASSERT_TRUE(peer.take_pages());
    std::mt19937 random(1);
    auto* words = reinterpret_cast<std::atomic<std::uint32_t>*>(peer.request_page.data());
    for (int i = 0; i < 200'000; ++i) {
        // Mostly the header and the first fields; small numbers, so that calls get through. Never the detach number,
        // never a call that blocks.
        const std::size_t index = random() % (i % 4 == 0 ? 1024u : 16u);
        std::uint32_t value = random() % 3 == 0 ? static_cast<std::uint32_t>(random()) : random() % 64u;
        if (index == 1 && (value == detach_call_number || value == static_cast<std::uint32_t>(nt::CallNumber::NtDelayExecution))) value = 3;
        words[index].store(value);
        if (i % 64 == 0) peer.ring();
    }
    expect_others_are_served();
    peer.close();
    kernel_.wait_until([&] { return kernel_.finished_processes == 2; });
}

TEST_F(ServerTest, GivesTheReplyPageSoThatItCanNeverBeWritten) {
    start();
    RawPeer peer = RawPeer::connect(path_);
    ASSERT_TRUE(peer.greet());
    peer.send_attach();
    ASSERT_TRUE(peer.receive());
    ASSERT_EQ(peer.message.descriptor_count, 2u);
    EXPECT_FALSE(platform::SharedPage::map(peer.message.descriptors[1], platform::PeerAccess::read_write));
    // Not through /proc either, whatever the descriptor's mode.
    const platform::Descriptor again = platform::reopen_writable(peer.message.descriptors[1].get());
    EXPECT_FALSE(again && platform::SharedPage::map(again, platform::PeerAccess::read_write));
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
    Server server(kernel_, {});
    std::string why;
    EXPECT_FALSE(server.start("/nonexistent/folder/socket", &why));
    EXPECT_NE(why.find("/nonexistent/folder/socket"), std::string::npos);
}

TEST(ClientConnect, SaysThatNoHostIsThere) {
    std::string why;
    EXPECT_FALSE(ClientChannel::connect("/nonexistent/socket", &why));
    EXPECT_NE(why.find("cannot connect to '/nonexistent/socket'"), std::string::npos);
}

}  // namespace
}  // namespace pw::channel
