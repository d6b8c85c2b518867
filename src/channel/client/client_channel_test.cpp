// SPDX-License-Identifier: Apache-2.0
#include "channel/client/client_channel.h"

#include <gtest/gtest.h>

#include <thread>

#include "channel/raw_peer_test.h"
#include "channel/server/mapping_stream.h"
#include "channel/test_addresses_test.h"
#include "channel/wait_policy.h"
#include "ntstatus.h"
#include "platform/shared_memory.h"

namespace pw::channel {
namespace {

constexpr std::uint64_t slot_base = test_slots_base;
constexpr std::uint64_t slot_bytes = 1 << 20;

// Plays the host by hand.
class ClientChannelTest : public ::testing::Test, public MappingStream::DescriptorSource {
protected:
    void SetUp() override {
        platform::Descriptor ours;
        platform::Descriptor theirs;
        ASSERT_TRUE(platform::socket_pair(&ours, &theirs));
        host_socket_ = ours.get();
        host_ = std::make_unique<RawPeer>(std::move(ours));
        client_control_ = platform::SharedPage::create("test", platform::PeerAccess::read_write);
        host_control_ = platform::SharedPage::create("test", platform::PeerAccess::read_only);
        nudge_ = platform::make_event_descriptor();
        attention_ = platform::make_event_descriptor();
        queue_ = std::make_unique<OutgoingQueue>(host_socket_, attention_.get());
        stream_ = std::make_unique<MappingStream>(*queue_, control().issued_mapping);
        auto memory = platform::SharedMemory::create(16 * page_size_bytes, "test");
        ASSERT_TRUE(memory.is_ok());
        memory_ = std::move(memory).value();
        auto view = platform::Reservation::anywhere(16 * page_size_bytes);
        ASSERT_TRUE(view.is_ok());
        view_ = std::move(view).value();
        ASSERT_TRUE(platform::map_fixed(view_.base(), view_.length_bytes(), platform::PageAccess::read_write,
                                        memory_.descriptor(), 0).is_success());
        Welcome welcome{};
        welcome.kind = static_cast<std::uint32_t>(MessageKind::welcome);
        welcome.version = wire_version;
        welcome.slot_base = slot_base;
        welcome.slot_bytes = slot_bytes;
        welcome.room_bytes = slot_bytes;
        host_->send(welcome, {client_control_.descriptor().get(), host_control_.descriptor().get(), nudge_.get()});
        queue_->open();
        std::string why;
        channel_ = ClientChannel::over(std::move(theirs), &why);
        ASSERT_TRUE(channel_) << why;
        ASSERT_TRUE(host_->receive());  // the greeting
    }
    platform::Descriptor open() override {
        ++opened_;
        return platform::duplicate_descriptor(memory_.descriptor());
    }
    HostControlPage& control() { return *reinterpret_cast<HostControlPage*>(host_control_.data()); }
    std::uint64_t applied() {
        return reinterpret_cast<ClientControlPage*>(client_control_.data())->applied_mapping.load();
    }
    static Mapping operation(MappingOperation op, std::uint64_t address, std::uint64_t pages) {
        Mapping mapping{};
        mapping.operation = static_cast<std::uint32_t>(op);
        mapping.address = address;
        mapping.length_bytes = pages * page_size_bytes;
        mapping.access = 3;
        mapping.segment = 5;
        return mapping;
    }
    void map(std::uint64_t address) { ASSERT_TRUE(stream_->send_with_segment(operation(MappingOperation::map, address, 1), *this)); }
    // Attaches a thread of the client with pages that the test serves.
    std::unique_ptr<ClientPagePair> attach() {
        std::unique_ptr<ClientPagePair> pages;
        std::thread client([&] {
            auto got = channel_->attach_thread(3);
            if (got.is_ok()) pages = std::move(got).value();
        });
        EXPECT_TRUE(host_->receive());
        request_ = platform::SharedPage::create("test", platform::PeerAccess::read_write);
        reply_ = platform::SharedPage::create("test", platform::PeerAccess::read_only);
        host_->send(ThreadAttached{static_cast<std::uint32_t>(MessageKind::thread_attached), 0},
                    {request_.descriptor().get(), reply_.descriptor().get()});
        client.join();
        return pages;
    }
    void wait_for_request() {
        auto& header = reinterpret_cast<RequestPage*>(request_.data())->header;
        auto& sleeping = reinterpret_cast<ReplyPage*>(reply_.data())->header.host_sleeps;
        const platform::SharedWord never{0};
        ASSERT_EQ(wait_for_change({header.sequence, sleeping, never}, served_, false), WaitEnd::changed);
        served_ = header.sequence.load();
    }
    void reply(std::uint64_t required_mapping) {
        auto& header = reinterpret_cast<ReplyPage*>(reply_.data())->header;
        header.required_mapping.store(required_mapping);
        header.status.store(0);
        publish(header.sequence, served_, reinterpret_cast<RequestPage*>(request_.data())->header.client_sleeps);
    }
    static Status close_handle(ClientChannel& channel, ClientPagePair& pages) {
        const nt::NtCloseIn in{{4}};
        OutgoingCall call{nt::CallNumber::NtClose, &in, sizeof in};
        return channel.call(pages, call);
    }

    int host_socket_ = -1;
    std::unique_ptr<RawPeer> host_;
    platform::SharedPage client_control_, host_control_, request_, reply_;
    platform::Descriptor nudge_, attention_;
    std::unique_ptr<OutgoingQueue> queue_;
    std::unique_ptr<MappingStream> stream_;
    platform::SharedMemory memory_;
    platform::Reservation view_;
    int opened_ = 0;
    std::uint32_t served_ = 0;
    std::unique_ptr<ClientChannel> channel_;
};

TEST_F(ClientChannelTest, HasAMappingInPlaceWhenTheCallThatMadeItReturns) {
    auto pages = attach();
    ASSERT_TRUE(pages);
    *reinterpret_cast<volatile int*>(view_.base()) = 77;
    std::thread host([&] {
        wait_for_request();
        map(slot_base);
        reply(1);
    });
    EXPECT_TRUE(close_handle(*channel_, *pages).is_success());
    host.join();
    EXPECT_EQ(*reinterpret_cast<volatile int*>(slot_base), 77);
    EXPECT_EQ(applied(), 1u);
}

TEST_F(ClientChannelTest, WaitsForAMappingThatTheHostCouldNotSendYet) {
    auto pages = attach();
    ASSERT_TRUE(pages);
    std::thread host([&] {
        wait_for_request();
        reply(1);
        map(slot_base);
    });
    EXPECT_TRUE(close_handle(*channel_, *pages).is_success());
    EXPECT_EQ(applied(), 1u);
    host.join();
}

TEST_F(ClientChannelTest, AgentAppliesMappingsWhenNoCallIsUnderWay) {
    map(slot_base + page_size_bytes);
    platform::signal_event_descriptor(nudge_.get());
    // The agent's acknowledgement is all that can end this loop.
    while (applied() != 1) std::this_thread::yield();
    EXPECT_TRUE(channel_->resolve_fault(slot_base + page_size_bytes, true));
    *reinterpret_cast<volatile int*>(slot_base + page_size_bytes) = 5;
    EXPECT_EQ(*reinterpret_cast<volatile int*>(view_.base()), 5);
}

TEST_F(ClientChannelTest, ResolvesAFaultAtAMappingThatIsOnItsWay) {
    EXPECT_FALSE(channel_->resolve_fault(slot_base, false));
    map(slot_base);
    EXPECT_TRUE(channel_->resolve_fault(slot_base, true));
    *reinterpret_cast<volatile int*>(slot_base) = 1;
    // Nothing new, but the page is there: another thread may have been quicker.
    EXPECT_TRUE(channel_->resolve_fault(slot_base, true));
    EXPECT_FALSE(channel_->resolve_fault(slot_base + 8 * page_size_bytes, false));
    EXPECT_FALSE(channel_->resolve_fault(1, false));
}

TEST_F(ClientChannelTest, AsksTheHostWhetherAFaultHitAGuardPage) {
    EXPECT_FALSE(channel_->touch_guard(slot_base));  // the host says that there is none: no question
    control().has_guards.store(1);
    std::thread host([&] {
        for (const std::uint32_t answer : {1u, 0u}) {
            EXPECT_TRUE(host_->receive());
            EXPECT_EQ(host_->kind(), static_cast<std::uint32_t>(MessageKind::touch_guard));
            if (answer != 0) map(slot_base);  // what the guard's end means for the page comes before the answer
            queue_->push_struct(GuardTouched{static_cast<std::uint32_t>(MessageKind::guard_touched), answer});
        }
    });
    EXPECT_TRUE(channel_->touch_guard(slot_base + 8));
    EXPECT_EQ(applied(), 1u);
    *reinterpret_cast<volatile int*>(slot_base) = 1;
    EXPECT_FALSE(channel_->touch_guard(slot_base + page_size_bytes));
    EXPECT_FALSE(channel_->touch_guard(slot_base + slot_bytes));  // not in the slot
    host.join();
}

TEST_F(ClientChannelTest, PassesADescriptorOnceUntilItIsForgotten) {
    map(slot_base);
    map(slot_base + page_size_bytes);
    EXPECT_EQ(opened_, 1);
    stream_->segment_is_idle(5, 4096);
    map(slot_base);
    EXPECT_EQ(opened_, 1);
    stream_->segment_is_idle(5, MappingStream::max_idle_bytes + 1);
    map(slot_base);
    EXPECT_EQ(opened_, 2);
    EXPECT_TRUE(channel_->resolve_fault(slot_base, false));
    EXPECT_EQ(applied(), control().issued_mapping.load());
}

TEST_F(ClientChannelTest, AdoptsMemoryWithItsContents) {
    auto own = platform::Reservation::anywhere(page_size_bytes, platform::PageAccess::read_write);
    ASSERT_TRUE(own.is_ok());
    const auto address = (*own).base();
    auto* word = reinterpret_cast<volatile int*>(address);
    *word = 1234;
    Mapping adopt = operation(MappingOperation::adopt, address, 1);
    adopt.offset_bytes = 2 * page_size_bytes;
    ASSERT_TRUE(stream_->send_with_segment(adopt, *this));
    ASSERT_TRUE(channel_->resolve_fault(slot_base, false) || applied() == 1);
    EXPECT_EQ(*reinterpret_cast<volatile int*>(view_.base() + 2 * page_size_bytes), 1234);
    *word = 4321;
    EXPECT_EQ(*reinterpret_cast<volatile int*>(view_.base() + 2 * page_size_bytes), 4321);
}

TEST_F(ClientChannelTest, EndsABlockedCallWhenTheHostDiesAndKeepsMappingsReadable) {
    map(slot_base);
    *reinterpret_cast<volatile int*>(view_.base()) = 9;
    ASSERT_TRUE(channel_->resolve_fault(slot_base, false));
    auto pages = attach();
    ASSERT_TRUE(pages);
    std::thread host([&] {
        wait_for_request();
        host_->close();
    });
    EXPECT_EQ(close_handle(*channel_, *pages).code(), STATUS_PORT_DISCONNECTED);
    host.join();
    EXPECT_TRUE(channel_->is_broken());
    EXPECT_EQ(close_handle(*channel_, *pages).code(), STATUS_PORT_DISCONNECTED);
    EXPECT_EQ(channel_->attach_thread(0).status().code(), STATUS_PORT_DISCONNECTED);
    EXPECT_EQ(*reinterpret_cast<volatile int*>(slot_base), 9);
}

TEST_F(ClientChannelTest, BreaksWhenTheHostSendsNonsense) {
    const std::byte noise[20] = {};
    host_->send_bytes(noise);
    platform::signal_event_descriptor(nudge_.get());
    EXPECT_EQ(channel_->attach_thread(0).status().code(), STATUS_PORT_DISCONNECTED);
}

TEST(OutgoingQueueTest, KeepsOrderOverAFullSocketAndLosesNothing) {
    platform::Descriptor ours;
    platform::Descriptor theirs;
    ASSERT_TRUE(platform::socket_pair(&ours, &theirs));
    const auto attention = platform::make_event_descriptor();
    OutgoingQueue queue(ours.get(), attention.get());
    RawPeer reader(std::move(theirs));
    for (std::uint64_t i = 0; i < 3000; ++i) queue.push_struct(i);
    queue.open();
    EXPECT_TRUE(queue.has_backlog());
    for (std::uint64_t i = 0; i < 3000; ++i) {
        queue.flush();
        ASSERT_TRUE(reader.receive());
        std::uint64_t got = 0;
        std::memcpy(&got, reader.bytes().data(), sizeof got);
        ASSERT_EQ(got, i);
    }
    EXPECT_FALSE(queue.has_backlog());
}

TEST(OutgoingQueueTest, CutsOffAPeerThatNeverReads) {
    platform::Descriptor ours;
    platform::Descriptor theirs;
    ASSERT_TRUE(platform::socket_pair(&ours, &theirs));
    const auto attention = platform::make_event_descriptor();
    OutgoingQueue queue(ours.get(), attention.get());
    queue.open();
    for (std::size_t i = 0; i < 3 * OutgoingQueue::max_queued_messages && !queue.is_cut_off(); ++i) queue.push_struct(i);
    EXPECT_TRUE(queue.is_cut_off());
    EXPECT_FALSE(queue.has_backlog());
}

}  // namespace
}  // namespace pw::channel
