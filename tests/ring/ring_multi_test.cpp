// SPDX-License-Identifier: Apache-2.0
// Many producers: order of each, slots of the dead, sleeping.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "ring_test_support.h"

namespace partywall::test {
namespace {

constexpr std::uint32_t multi = PW_RING_MULTI_PRODUCER;

struct Item {
    std::uint32_t producer;
    std::uint32_t number;
};

struct MultiRing {
    explicit MultiRing(std::uint32_t ring_capacity)
        : capacity(ring_capacity), geometry(ring_geometry<Item>(multi, capacity)), memory(geometry) {
        EXPECT_EQ(pw_ring_create(memory.get(), memory.bytes(), &geometry), PW_RING_OK);
        EXPECT_EQ(consumer.attach(memory.get(), memory.bytes(), multi, capacity), PW_RING_OK);
    }
    RingProducer<Item> producer(std::uint16_t id) {
        RingProducer<Item> out;
        EXPECT_EQ(out.attach(memory.get(), memory.bytes(), multi, capacity, 0, id), PW_RING_OK);
        return out;
    }
    std::uint32_t capacity;
    pw_ring_geometry geometry;
    RingMemory memory;
    RingConsumer<Item> consumer;
};

TEST(MultiRing, WantsANameForEachProducer) {
    MultiRing ring(4);
    RingProducer<Item> nobody;
    EXPECT_EQ(nobody.attach(ring.memory.get(), ring.memory.bytes(), multi, 4, 0, 0), PW_RING_INVALID);
    EXPECT_EQ(nobody.push(Item{}), PW_RING_CORRUPT);
}

TEST(MultiRing, GivesElementsInTheOrderOfTheirSlotsAndIsBounded) {
    MultiRing ring(4);
    auto a = ring.producer(1);
    auto b = ring.producer(2);
    for (std::uint32_t lap = 0; lap < 10; ++lap) {
        ASSERT_EQ(a.push(Item{1, lap}), PW_RING_OK);
        ASSERT_EQ(b.push(Item{2, lap}), PW_RING_OK);
        ASSERT_EQ(a.push(Item{3, lap}), PW_RING_OK);
        ASSERT_EQ(b.push(Item{4, lap}), PW_RING_OK);
        EXPECT_EQ(a.push(Item{}), PW_RING_FULL);
        EXPECT_EQ(b.prepare_sleep(), PW_RING_FULL);
        for (std::uint32_t i = 1; i <= 4; ++i) {
            Item item{};
            ASSERT_EQ(ring.consumer.pop(item), PW_RING_OK);
            EXPECT_EQ(item.producer, i);
            EXPECT_EQ(item.number, lap);
        }
        Item item{};
        EXPECT_EQ(ring.consumer.pop(item), PW_RING_EMPTY);
    }
}

TEST(MultiRing, ReservesBatchesAndPassesOverWhatIsGivenBack) {
    MultiRing ring(8);
    auto a = ring.producer(1);
    auto span = a.reserve(5);
    ASSERT_EQ(span.count, 5u);
    for (std::uint32_t i = 0; i < 5; ++i) span[i] = Item{1, i};
    ASSERT_EQ(a.commit(2), PW_RING_OK);
    auto b = ring.producer(2);
    EXPECT_EQ(b.reserve(8).count, 3u);  // to the end
    ASSERT_EQ(b.commit(3), PW_RING_OK);
    EXPECT_EQ(ring.consumer.peek().count, 2u);
    ASSERT_EQ(ring.consumer.release(2), PW_RING_OK);
    EXPECT_EQ(ring.consumer.peek().count, 3u);
    EXPECT_EQ(ring.consumer.handle()->skipped, 3u);
    ASSERT_EQ(ring.consumer.release(3), PW_RING_OK);
    EXPECT_EQ(ring.consumer.peek().status, PW_RING_EMPTY);
    EXPECT_EQ(a.reserve(8).count, 8u);
}

TEST(MultiRing, StallsAtASlotThatIsClaimedAndGoesOnWhenItsProducerIsRetired) {
    MultiRing ring(8);
    auto dead = ring.producer(7);
    auto alive = ring.producer(8);
    ASSERT_EQ(dead.reserve(2).count, 2u);  // and is killed here
    ASSERT_EQ(alive.push(Item{8, 1}), PW_RING_OK);
    EXPECT_EQ(ring.consumer.peek().status, PW_RING_STALLED);
    EXPECT_EQ(pw_ring_retire_producer(ring.memory.get(), &ring.geometry, 9), 0u);
    EXPECT_EQ(ring.consumer.peek().status, PW_RING_STALLED);
    EXPECT_EQ(pw_ring_retire_producer(ring.memory.get(), &ring.geometry, 7), 2u);
    Item item{};
    ASSERT_EQ(ring.consumer.pop(item), PW_RING_OK);
    EXPECT_EQ(item.number, 1u);
    EXPECT_EQ(ring.consumer.handle()->skipped, 2u);
    // Who was taken for dead learns it.
    EXPECT_EQ(dead.commit(2), PW_RING_LOST);
    EXPECT_EQ(dead.handle()->lost, 2u);
    EXPECT_EQ(ring.consumer.pop(item), PW_RING_EMPTY);
}

TEST(MultiRing, LetsAnImpatientConsumerPassOverOneSlot) {
    MultiRing ring(4);
    auto slow = ring.producer(3);
    auto fast = ring.producer(4);
    ASSERT_EQ(slow.reserve(1).count, 1u);
    ASSERT_EQ(fast.push(Item{4, 1}), PW_RING_OK);
    ASSERT_EQ(ring.consumer.peek().status, PW_RING_STALLED);
    std::uint16_t who = 0;
    ASSERT_EQ(pw_ring_skip_stalled(ring.consumer.handle(), &who), PW_RING_OK);
    EXPECT_EQ(who, 3u);
    Item item{};
    ASSERT_EQ(ring.consumer.pop(item), PW_RING_OK);
    EXPECT_EQ(item.producer, 4u);
    EXPECT_EQ(slow.commit(1), PW_RING_LOST);
    EXPECT_EQ(pw_ring_skip_stalled(ring.consumer.handle(), &who), PW_RING_INVALID);  // nothing is stalled
    // The slow one is welcome again.
    ASSERT_EQ(slow.push(Item{3, 2}), PW_RING_OK);
    ASSERT_EQ(ring.consumer.pop(item), PW_RING_OK);
    EXPECT_EQ(item.producer, 3u);
}

TEST(MultiRing, FindsItsWayWhenTheOneWhoHadToMoveTheHeadIsGone) {
    MultiRing ring(8);
    auto a = ring.producer(1);
    for (std::uint32_t i = 0; i < 5; ++i) ASSERT_EQ(a.push(Item{1, i}), PW_RING_OK);
    ring.memory.control().head = 2;  // as if the movers had died
    ASSERT_EQ(a.push(Item{1, 5}), PW_RING_OK);
    EXPECT_EQ(ring.memory.control().head, 6u);
    Item item{};
    for (std::uint32_t i = 0; i < 6; ++i) {
        ASSERT_EQ(ring.consumer.pop(item), PW_RING_OK);
        EXPECT_EQ(item.number, i);
    }
    ring.memory.control().head = 0;  // a lap behind
    ASSERT_EQ(a.push(Item{1, 6}), PW_RING_OK);
    ASSERT_EQ(ring.consumer.pop(item), PW_RING_OK);
    EXPECT_EQ(item.number, 6u);
}

// A producer of the test below: numbers in order, a death now and then, at last a marker.
void produce(MultiRing& ring, std::uint16_t id, std::uint32_t total, Event& data, Event& room, std::atomic<std::uint64_t>& committed) {
    constexpr std::uint32_t marker = ~0u;
    auto producer = ring.producer(id);
    producer.set_wake(data.wake());
    bool slept = false;
    bool marked = false;
    for (std::uint32_t next = 0; !marked;) {
        auto span = producer.reserve(next < total ? 1 + next % 3 : 1);
        if (span.status == PW_RING_FULL || span.status == PW_RING_BUSY) {
            if (producer.prepare_sleep() == PW_RING_FULL) {
                room.wait();
                slept = true;
            }
            continue;
        }
        ASSERT_EQ(span.status, PW_RING_OK);
        if (next < total && next % 977 == 5) {
            // Dies with a claim, is retired, and comes back.
            ASSERT_EQ(pw_ring_retire_producer(ring.memory.get(), &ring.geometry, id), span.count);
            data.set();
            producer = ring.producer(id);
            producer.set_wake(data.wake());
            ++next;
            continue;
        }
        marked = next >= total;
        for (Item& item : span) item = Item{id, marked ? marker : next++};
        committed += span.count;
        ASSERT_EQ(producer.commit(span.count), PW_RING_OK);
        if (slept) room.set();  // pass the wake on: others may have slept, too
        slept = false;
    }
    room.set();
}

TEST(MultiRing, LosesNothingUnderManyProducersThatSleepAndSomeThatDie) {
    MultiRing ring(16);
    constexpr std::uint16_t producers = 4;
    Event data, room;
    ring.consumer.set_wake(room.wake());
    std::atomic<std::uint64_t> committed{0};
    std::vector<std::thread> threads;
    for (std::uint16_t id = 1; id <= producers; ++id) {
        threads.emplace_back([&, id] { produce(ring, id, 20'000, data, room, committed); });
    }
    std::uint64_t last[producers + 1] = {};
    std::uint64_t got = 0;
    for (unsigned markers = 0; markers < producers;) {
        Item item{};
        const pw_ring_status status = ring.consumer.pop(item);
        if (status == PW_RING_EMPTY || status == PW_RING_STALLED) {
            const pw_ring_status again = ring.consumer.prepare_sleep();
            if (again == PW_RING_EMPTY || again == PW_RING_STALLED) data.wait();
            continue;
        }
        ASSERT_EQ(status, PW_RING_OK);
        ++got;
        ASSERT_TRUE(item.producer >= 1 && item.producer <= producers);
        ASSERT_GE(item.number + std::uint64_t{1}, last[item.producer] + 1);  // in order
        last[item.producer] = item.number + std::uint64_t{1};
        if (item.number == ~0u) ++markers;
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(got, committed.load());
    EXPECT_GT(ring.consumer.handle()->skipped, 0u);
}

}  // namespace
}  // namespace partywall::test
