// SPDX-License-Identifier: Apache-2.0
// Clients that speak the wire themselves and lie: the host stays up, others go on, and nothing of them stays.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>

#include "channel/raw_peer_test.h"
#include "channel/wire/call_table.h"
#include "holder_test.h"
#include "host_counts_test.h"
#include "test_host_test.h"

namespace pw::chaos {
namespace {

using channel::RawPeer;
using Random = std::mt19937_64;

class Hostile : public ::testing::Test {
protected:
    Hostile() {
        Holder(host_.socket_path(), "forked-child-ends").kill();
        host_.wait_until_empty();
        before_ = HostCounts::steady(host_.kernel());
    }
    void expect_others_are_served() { Holder(host_.socket_path(), "forked-child-ends").kill(); }
    void expect_nothing_left() {
        request_descriptor_.reset();
        host_.wait_until_empty();
        HostCounts after = HostCounts::settled(host_.kernel(), before_);
        after.mappings = before_.mappings;
        EXPECT_LE(after.committed_pages, before_.committed_pages + 1024);  // the pool may have grown
        after.committed_pages = before_.committed_pages;
        EXPECT_LE(after.kernel_threads, before_.kernel_threads + 2);  // as many DPC threads as processors
        after.kernel_threads = before_.kernel_threads;
        after.threads = std::min(after.threads, before_.threads + 2) == after.threads ? before_.threads : after.threads;
        EXPECT_EQ(after, before_);
    }
    [[nodiscard]] std::unique_ptr<RawPeer> attached() {
        auto peer = std::make_unique<RawPeer>(RawPeer::connect(host_.socket_path()));
        EXPECT_TRUE(peer->greet());
        peer->send_attach();
        while (peer->receive()) {
            if (peer->kind() != static_cast<std::uint32_t>(channel::MessageKind::thread_attached)) continue;
            EXPECT_EQ(peer->message.descriptor_count, 2u);
            peer->request_page = platform::SharedPage::map(peer->message.descriptors[0], platform::PeerAccess::read_write);
            peer->reply_page = platform::SharedPage::map(peer->message.descriptors[1], platform::PeerAccess::read_only);
            request_descriptor_ = std::move(peer->message.descriptors[0]);
            return peer;
        }
        return nullptr;
    }
    // A call with a good header and fields that are mostly small numbers.
    static void post_call(RawPeer& peer, Random& random, std::uint32_t number) {
        const channel::CallShape* shape = channel::call_shape(number);
        ASSERT_NE(shape, nullptr);
        auto* words = reinterpret_cast<std::atomic<std::uint32_t>*>(peer.request().body);
        for (std::size_t i = 0; i < 64; ++i) {
            const std::uint64_t word = random() % 8 == 0 ? random() : random() % 3 == 0 ? random() % 64 : 0;
            words[i].store(static_cast<std::uint32_t>(word), std::memory_order_relaxed);
        }
        peer.request().header.number.store(number);
        peer.request().header.in_bytes.store(shape->in_bytes);
        peer.request().header.payload_bytes.store(static_cast<std::uint32_t>(random() % 200));
        peer.ring();
    }
    static std::uint32_t call_count() { return static_cast<std::uint32_t>(nt::CallNumber::count); }
    static bool blocks(std::uint32_t number) {
        const auto call = static_cast<nt::CallNumber>(number);
        return call == nt::CallNumber::NtDelayExecution || call == nt::CallNumber::NtWaitForSingleObject ||
               call == nt::CallNumber::NtWaitForMultipleObjects;
    }

    TestHost host_;
    HostCounts before_;
    platform::Descriptor request_descriptor_;
};

TEST_F(Hostile, ScribblesOverItsPagesWhileCallsRun) {
    Holder other(host_.socket_path(), "attach");
    for (unsigned seed = 0; seed < 6; ++seed) {
        auto peer = attached();
        ASSERT_TRUE(peer);
        std::atomic<bool> over{false};
        // The second writer races with every capture.
        std::jthread scribbler([&] {
            Random random(seed + 1000);
            auto* words = reinterpret_cast<std::atomic<std::uint32_t>*>(peer->request_page.data());
            while (!over.load()) {
                const std::size_t index = random() % 4 == 0 ? random() % 1024 : 8 + random() % 32;
                if (index == 0) continue;  // the sequence is the other thread's
                std::uint32_t value = static_cast<std::uint32_t>(random() % 3 == 0 ? random() : random() % 64);
                if (index == 1 && (value == channel::detach_call_number || blocks(value))) value = 3;
                words[index].store(value, std::memory_order_relaxed);
            }
        });
        Random random(seed);
        for (int i = 0; i < 4000; ++i) {
            std::uint32_t number = static_cast<std::uint32_t>(random() % call_count());
            if (blocks(number)) number = 0;
            post_call(*peer, random, number);
            if (i % 8 == 0) peer->ring();
        }
        over.store(true);
        scribbler.join();
        peer->close();
    }
    other.kill();
    expect_others_are_served();
    expect_nothing_left();
}

TEST_F(Hostile, CutsOffTheFileUnderAViewWhileADriverUsesIt) {
    Holder other(host_.socket_path(), "attach");
    Holder(host_.socket_path(), "truncate").kill();
    other.kill();
    expect_others_are_served();
    expect_nothing_left();
}

TEST_F(Hostile, EveryCallWithNonsenseIsAnswered) {
    auto peer = attached();
    ASSERT_TRUE(peer);
    Random random(77);
    for (std::uint32_t number = 0; number < call_count(); ++number) {
        // The number of a process that lives, said to be an announced child's, keeps that child's object until it ends.
        if (blocks(number) || number == static_cast<std::uint32_t>(nt::CallNumber::PwChildStarted)) continue;
        for (int round = 0; round < 50; ++round) {
            SCOPED_TRACE(std::to_string(number));
            post_call(*peer, random, number);
            // Waits for the answer to the newest ring.
            const std::uint32_t wanted = peer->request().header.sequence.load();
            const platform::SharedWord never{0};
            for (;;) {
                peer->request().header.client_sleeps.store(1);
                const std::uint32_t seen = peer->reply().header.sequence.load();
                if (seen == wanted) break;
                platform::sleep_on_either(peer->reply().header.sequence, seen, never, 0);
            }
        }
    }
    peer.reset();
    expect_nothing_left();
}

TEST_F(Hostile, ClosesAtEachStepOfACall) {
    Random random(5);
    for (std::uint32_t number = 0; number < call_count(); ++number) {
        auto peer = attached();
        ASSERT_TRUE(peer);
        post_call(*peer, random, number);
        if (number % 2 == 0) std::this_thread::yield();
        peer->close();
    }
    expect_others_are_served();
    expect_nothing_left();
}

TEST_F(Hostile, ClosesAtEachStepOfTheHandshake) {
    for (int step = 0; step < 40; ++step) {
        RawPeer peer = RawPeer::connect(host_.socket_path());
        if (step % 4 >= 1) peer.send_hello();
        if (step % 4 >= 2) { ASSERT_TRUE(peer.receive()); }
        if (step % 4 >= 3) peer.send_attach();
        peer.close();
    }
    expect_others_are_served();
    expect_nothing_left();
}

TEST_F(Hostile, SendsDescriptorsOfTheWrongKind) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
    const platform::Descriptor read_end(pipe_ends[0]);
    const platform::Descriptor write_end(pipe_ends[1]);
    const platform::Descriptor folder(::open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const platform::Descriptor memory(::memfd_create("mem", MFD_CLOEXEC));
    const platform::Descriptor event = platform::make_event_descriptor();
    const platform::Descriptor maps(platform::open_own_maps());
    const platform::Descriptor status(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
    const platform::Descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const std::string file_named_mem = host_.socket_path() + ".d";
    ASSERT_EQ(::mkdir(file_named_mem.c_str(), 0700), 0);
    const platform::Descriptor fake(::open((file_named_mem + "/mem").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ::unlink((file_named_mem + "/mem").c_str());
    ::rmdir(file_named_mem.c_str());
    for (const int first : {read_end.get(), write_end.get(), folder.get(), memory.get(), event.get(), maps.get(), status.get(),
                            null.get(), fake.get()}) {
        RawPeer peer = RawPeer::connect(host_.socket_path());
        peer.send(RawPeer::hello(), {first, maps.get()});
        ASSERT_TRUE(peer.receive());
        EXPECT_TRUE(channel::refusal_text(peer.bytes()).has_value());
        EXPECT_TRUE(peer.closed_by_peer());
    }
    // Descriptors where none belong.
    for (const int extra : {read_end.get(), memory.get()}) {
        RawPeer peer = RawPeer::connect(host_.socket_path());
        ASSERT_TRUE(peer.greet());
        peer.send(channel::AttachThread{static_cast<std::uint32_t>(channel::MessageKind::attach_thread), 0, 0}, {extra, extra, extra});
        EXPECT_TRUE(peer.closed_by_peer());
    }
    expect_others_are_served();
}

TEST_F(Hostile, CannotShrinkItsPagesAndHolesDoNoHarm) {
    auto peer = attached();
    ASSERT_TRUE(peer);
    EXPECT_EQ(::ftruncate(request_descriptor_.get(), 0), -1);
    EXPECT_EQ(::ftruncate(request_descriptor_.get(), 1 << 20), -1);
    Random random(9);
    for (int i = 0; i < 2000; ++i) {
        post_call(*peer, random, static_cast<std::uint32_t>(nt::CallNumber::NtSetEvent));
        ::fallocate(request_descriptor_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096);
    }
    peer.reset();
    expect_others_are_served();
    expect_nothing_left();
}

TEST_F(Hostile, FloodsOfMessagesEndTheFlooderAlone) {
    Holder other(host_.socket_path(), "attach");
    {
        RawPeer peer = RawPeer::connect(host_.socket_path());
        ASSERT_TRUE(peer.greet());
        std::size_t sent = 0;
        do {
            peer.send_attach();
        } while (peer.sent_ok() && ++sent < 1'000'000);
        EXPECT_LT(sent, 1'000'000u);
    }
    other.kill();
    expect_others_are_served();
    expect_nothing_left();
}

}  // namespace
}  // namespace pw::chaos
