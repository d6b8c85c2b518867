// SPDX-License-Identifier: Apache-2.0
// A peer that lies: nothing outside of the ring is touched, no call takes longer than the ring is long.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <random>
#include <thread>

#include "ring_test_support.h"

namespace partywall::test {
namespace {

constexpr std::uint32_t single = PW_RING_SINGLE_PRODUCER;
constexpr std::uint32_t multi = PW_RING_MULTI_PRODUCER;

struct HostileRing {
    HostileRing(std::uint32_t kind, std::uint32_t capacity) : geometry(ring_geometry<std::uint64_t>(kind, capacity)), memory(geometry) {
        EXPECT_EQ(pw_ring_create(memory.get(), memory.bytes(), &geometry), PW_RING_OK);
        EXPECT_EQ(producer.attach(memory.get(), memory.bytes(), kind, capacity), PW_RING_OK);
        EXPECT_EQ(consumer.attach(memory.get(), memory.bytes(), kind, capacity), PW_RING_OK);
    }
    pw_ring_geometry geometry;
    RingMemory memory;
    RingProducer<std::uint64_t> producer;
    RingConsumer<std::uint64_t> consumer;
};

TEST(HostileRing, AttachesToNothingThatIsNotARingOfThisGeometry) {
    HostileRing ring(single, 16);
    pw_ring_consumer consumer;
    const auto attach = [&](const pw_ring_geometry* expected) {
        return pw_ring_attach_consumer(&consumer, ring.memory.get(), ring.memory.bytes(), expected, 0);
    };
    EXPECT_EQ(attach(nullptr), PW_RING_OK);
    pw_ring_header& header = ring.memory.control().header;
    const pw_ring_header good = header;
    const auto spoil = [&](auto change) {
        header = good;
        change();
        EXPECT_EQ(attach(nullptr), PW_RING_CORRUPT);
        EXPECT_EQ(attach(&ring.geometry), PW_RING_CORRUPT);
        std::uint64_t value;
        EXPECT_EQ(pw_ring_pop(&consumer, &value), PW_RING_CORRUPT);
    };
    spoil([&] { header.magic ^= 1; });
    spoil([&] { header.version = 2; });
    spoil([&] { header.kind = multi; });  // the offsets do not fit
    spoil([&] { header.kind = 0; });
    spoil([&] { header.element_bytes = 0; });
    spoil([&] { header.element_bytes = 16; });
    spoil([&] { header.element_bytes = 0xffffffff; });
    spoil([&] { header.capacity = 0; });
    spoil([&] { header.capacity = 1u << 30; });
    spoil([&] { header.capacity = 12; });
    spoil([&] { header.control_bytes = 4096; });
    spoil([&] { header.slots_offset = 8; });
    spoil([&] { header.data_offset = ~0ull; });
    spoil([&] { header.total_bytes = 1; });
    header = good;
    const pw_ring_geometry other = {single, 8, 8};
    EXPECT_EQ(attach(&other), PW_RING_CORRUPT);
    EXPECT_EQ(pw_ring_attach_consumer(&consumer, ring.memory.get(), ring.memory.bytes() - 1, nullptr, 0), PW_RING_CORRUPT);
    EXPECT_EQ(pw_ring_attach_consumer(&consumer, ring.memory.get(), 64, nullptr, 0), PW_RING_INVALID);
    EXPECT_EQ(pw_ring_attach_consumer(&consumer, ring.memory.get(), ring.memory.bytes(), nullptr, 2), PW_RING_INVALID);
}

TEST(HostileRing, ConsumerRefusesAHeadThatCannotBeAndStaysSo) {
    for (const std::uint64_t head : {std::uint64_t{17}, ~std::uint64_t{0}, std::uint64_t{1} << 63}) {
        HostileRing ring(single, 16);
        ring.memory.control().head = head;
        EXPECT_EQ(ring.consumer.peek().status, PW_RING_CORRUPT);
        ring.memory.control().head = 1;
        std::uint64_t value;
        EXPECT_EQ(ring.consumer.pop(value), PW_RING_CORRUPT);
        EXPECT_EQ(ring.consumer.prepare_sleep(), PW_RING_CORRUPT);
        EXPECT_EQ(ring.consumer.release(0), PW_RING_CORRUPT);
    }
    // Going back is a lie, too, as soon as it shows; what was seen before can still be read.
    HostileRing ring(single, 16);
    ring.producer.push(1);
    ring.producer.push(2);
    std::uint64_t value;
    ASSERT_EQ(ring.consumer.pop(value), PW_RING_OK);
    ring.memory.control().head = 0;
    ASSERT_EQ(ring.consumer.peek(4).status, PW_RING_CORRUPT);
}

TEST(HostileRing, ProducerRefusesATailThatCannotBe) {
    for (const std::uint64_t tail : {std::uint64_t{17}, ~std::uint64_t{0}}) {
        HostileRing ring(single, 16);
        for (std::uint64_t i = 0; i < 16; ++i) ASSERT_EQ(ring.producer.push(i), PW_RING_OK);
        ring.memory.control().tail = tail;
        EXPECT_EQ(ring.producer.reserve(1).status, PW_RING_CORRUPT);
        ring.memory.control().tail = 16;
        EXPECT_EQ(ring.producer.push(0), PW_RING_CORRUPT);
        EXPECT_EQ(ring.producer.prepare_sleep(), PW_RING_CORRUPT);
    }
}

TEST(HostileRing, OurOwnCountIsNotReadBackFromSharedMemory) {
    HostileRing ring(single, 16);
    ASSERT_EQ(ring.producer.push(1), PW_RING_OK);
    ring.memory.control().head = 12345;  // the consumer scribbles over the producer's word
    ring.memory.control().tail = 0;
    ASSERT_EQ(ring.producer.push(2), PW_RING_OK);
    EXPECT_EQ(ring.memory.control().head, 2u);
    std::uint64_t value;
    ASSERT_EQ(ring.consumer.pop(value), PW_RING_OK);
    EXPECT_EQ(value, 1u);
    ring.memory.control().tail = 999;
    ASSERT_EQ(ring.consumer.pop(value), PW_RING_OK);
    EXPECT_EQ(value, 2u);
    EXPECT_EQ(ring.memory.control().tail, 2u);
}

TEST(HostileRing, ConsumerOfManyRefusesASlotWordThatCannotBe) {
    HostileRing ring(multi, 8);
    ring.memory.slots()[0] = pw_ring_slot_word(5, PW_RING_SLOT_COMMITTED, 1);
    EXPECT_EQ(ring.consumer.peek().status, PW_RING_CORRUPT);
    EXPECT_EQ(ring.consumer.peek().status, PW_RING_CORRUPT);
}

TEST(HostileRing, ConsumerOfManyPassesOverAtMostOneRingOfNothing) {
    HostileRing ring(multi, 8);
    // A producer that gives everything back for ever: here one that has written two laps ahead.
    for (std::uint64_t i = 0; i < 8; ++i) ring.memory.slots()[i] = pw_ring_slot_word(i, PW_RING_SLOT_SKIPPED, 1);
    EXPECT_EQ(ring.consumer.peek().status, PW_RING_EMPTY);
    EXPECT_EQ(ring.consumer.handle()->skipped, 8u);
}

TEST(HostileRing, ProducerOfManyFindsTheRingAgainOrGivesUp) {
    HostileRing ring(multi, 8);
    ring.memory.control().head = 1ull << 40;
    ASSERT_EQ(ring.producer.push(1), PW_RING_OK);
    std::uint64_t value;
    ASSERT_EQ(ring.consumer.pop(value), PW_RING_OK);
    ring.memory.control().head = 1ull << 40;
    ring.memory.control().tail = 1ull << 41;
    EXPECT_EQ(ring.producer.push(1), PW_RING_BUSY);
    for (std::uint64_t i = 0; i < 8; ++i) ring.memory.slots()[i] = 0xdeadbeefdeadbeef;
    EXPECT_EQ(ring.producer.push(1), PW_RING_BUSY);
    EXPECT_EQ(ring.producer.prepare_sleep(), PW_RING_BUSY);
}

// A thread scribbles over every shared word while both sides work: all that must hold is that the calls come back and
// that the spans lie inside.
void storm(std::uint32_t kind) {
    std::mt19937_64 random(kind);
    std::atomic<bool> stop{false};
    HostileRing ring(kind, 64);
    std::thread scribbler([&] {
        std::mt19937_64 words(42);
        while (!stop.load()) {
            pw_ring_control& control = ring.memory.control();
            std::uint64_t* const targets[] = {&control.head, &control.tail, &control.producer_ticket, &control.consumer_ticket};
            __atomic_store_n(targets[words() % 4], words() % 3 == 0 ? words() : words() % 100, __ATOMIC_RELAXED);
            if (kind == multi) {
                __atomic_store_n(&ring.memory.slots()[words() % 64],
                                 pw_ring_slot_word(words() % 200, words() % 4, static_cast<unsigned>(words() % 3)), __ATOMIC_RELAXED);
            }
        }
    });
    auto* const data = static_cast<const unsigned char*>(ring.memory.get()) + pw_ring_data_offset(&ring.geometry);
    const auto is_inside = [&](const std::uint64_t* first, std::uint32_t count) {
        const auto* begin = reinterpret_cast<const unsigned char*>(first);
        return count >= 1 && count <= 64 && begin >= data && begin + count * 8 <= data + 64 * 8;
    };
    unsigned corrupt = 0;
    for (int i = 0; i < 100'000 || corrupt < 10; ++i) {
        const auto room = ring.producer.reserve(1 + static_cast<std::uint32_t>(random() % 70));
        if (room.status == PW_RING_OK) {
            ASSERT_TRUE(is_inside(room.data, room.count));
            ring.producer.commit(room.count);
        } else if (room.status == PW_RING_CORRUPT) {
            ++corrupt;
            (void)ring.producer.attach(ring.memory.get(), ring.memory.bytes(), kind, 64);
        }
        const auto seen = ring.consumer.peek(1 + static_cast<std::uint32_t>(random() % 70));
        if (seen.status == PW_RING_OK) {
            ASSERT_TRUE(is_inside(seen.data, seen.count));
            ring.consumer.release(seen.count);
        } else if (seen.status == PW_RING_CORRUPT) {
            ++corrupt;
            (void)ring.consumer.attach(ring.memory.get(), ring.memory.bytes(), kind, 64);
        }
    }
    stop.store(true);
    scribbler.join();
}

TEST(HostileRing, SurvivesAScribblerWithOneProducer) { storm(single); }
TEST(HostileRing, SurvivesAScribblerWithManyProducers) { storm(multi); }

}  // namespace
}  // namespace partywall::test
