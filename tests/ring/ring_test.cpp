// SPDX-License-Identifier: Apache-2.0
// One producer, one consumer: order, spans, wraps, sleeping.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "ring_test_support.h"

namespace partywall::test {
namespace {

constexpr std::uint32_t single = PW_RING_SINGLE_PRODUCER;

struct Pair {
    explicit Pair(std::uint32_t capacity) : memory(ring_geometry<std::uint64_t>(single, capacity)) {
        const pw_ring_geometry geometry = ring_geometry<std::uint64_t>(single, capacity);
        EXPECT_EQ(pw_ring_create(memory.get(), memory.bytes(), &geometry), PW_RING_OK);
        EXPECT_EQ(producer.attach(memory.get(), memory.bytes(), single, capacity), PW_RING_OK);
        EXPECT_EQ(consumer.attach(memory.get(), memory.bytes(), single, capacity), PW_RING_OK);
    }
    RingMemory memory;
    RingProducer<std::uint64_t> producer;
    RingConsumer<std::uint64_t> consumer;
};

TEST(Ring, RefusesGeometriesThatNoRingCanHave) {
    const pw_ring_geometry bad[] = {{0, 8, 16},  {3, 8, 16}, {single, 0, 16}, {single, PW_RING_MAX_ELEMENT_BYTES + 1, 16},
                                    {single, 8, 0}, {single, 8, 1}, {single, 8, 24}, {single, 8, 1u << 31}};
    alignas(8) static unsigned char memory[4096 * 4];
    for (const pw_ring_geometry& geometry : bad) {
        EXPECT_EQ(pw_ring_bytes(&geometry), 0u);
        EXPECT_EQ(pw_ring_create(memory, sizeof memory, &geometry), PW_RING_INVALID);
    }
    const pw_ring_geometry too_long = {single, 8, 4096};
    EXPECT_EQ(pw_ring_create(memory, sizeof memory, &too_long), PW_RING_INVALID);
    const pw_ring_geometry good = {single, 8, 16};
    EXPECT_EQ(pw_ring_create(memory + 1, sizeof memory - 1, &good), PW_RING_INVALID);
}

TEST(Ring, GivesElementsInOrderAndIsBounded) {
    Pair ring(8);
    std::uint64_t value = 0;
    EXPECT_EQ(ring.consumer.pop(value), PW_RING_EMPTY);
    std::uint64_t written = 0, read = 0;
    for (int lap = 0; lap < 5; ++lap) {
        while (ring.producer.push(written) == PW_RING_OK) ++written;
        EXPECT_EQ(written - read, 8u);
        EXPECT_EQ(ring.producer.push(0), PW_RING_FULL);
        for (int i = 0; i < 5; ++i) {
            ASSERT_EQ(ring.consumer.pop(value), PW_RING_OK);
            EXPECT_EQ(value, read++);
        }
    }
}

TEST(Ring, ReservesAndPeeksWithoutACopyUpToTheRingsEnd) {
    Pair ring(8);
    auto room = ring.producer.reserve(6);
    ASSERT_EQ(room.count, 6u);
    for (std::uint32_t i = 0; i < 6; ++i) room[i] = i;
    EXPECT_EQ(ring.producer.commit(4), PW_RING_OK);  // two are given back
    auto seen = ring.consumer.peek();
    ASSERT_EQ(seen.count, 4u);
    EXPECT_EQ(seen[3], 3u);
    EXPECT_EQ(ring.consumer.release(3), PW_RING_OK);
    EXPECT_EQ(ring.consumer.peek().count, 1u);
    room = ring.producer.reserve(8);
    EXPECT_EQ(room.count, 4u);  // to the end; the rest is a second span
    EXPECT_EQ(ring.producer.commit(4), PW_RING_OK);
    EXPECT_EQ(ring.producer.reserve(8).count, 3u);
    EXPECT_EQ(ring.producer.commit(3), PW_RING_OK);
    EXPECT_EQ(ring.producer.reserve(1).status, PW_RING_FULL);
}

TEST(Ring, RefusesCallsInTheWrongOrder) {
    Pair ring(8);
    EXPECT_EQ(ring.producer.commit(1), PW_RING_INVALID);
    EXPECT_EQ(ring.consumer.release(1), PW_RING_INVALID);
    EXPECT_EQ(ring.producer.reserve(0).status, PW_RING_INVALID);
    EXPECT_EQ(ring.consumer.peek(0).status, PW_RING_INVALID);
    ASSERT_EQ(ring.producer.reserve(2).count, 2u);
    EXPECT_EQ(ring.producer.reserve(2).status, PW_RING_INVALID);
    EXPECT_EQ(ring.producer.commit(3), PW_RING_INVALID);
    EXPECT_EQ(ring.producer.commit(2), PW_RING_OK);
    ASSERT_EQ(ring.consumer.peek(1).count, 1u);
    EXPECT_EQ(ring.consumer.release(2), PW_RING_INVALID);
}

// Four pages of elements mapped twice would be one span; here the memory just lies behind the elements.
TEST(Ring, HasNoEndForAMirroredMapping) {
    const pw_ring_geometry geometry = {single, 4096, 4};
    RingMemory memory(geometry, pw_ring_data_bytes(&geometry));
    ASSERT_EQ(pw_ring_create(memory.get(), memory.bytes(), &geometry), PW_RING_OK);
    pw_ring_producer producer;
    EXPECT_EQ(pw_ring_attach_producer(&producer, memory.get(), memory.bytes() - 1, &geometry, PW_RING_MIRRORED, 1), PW_RING_INVALID);
    ASSERT_EQ(pw_ring_attach_producer(&producer, memory.get(), memory.bytes(), &geometry, PW_RING_MIRRORED, 1), PW_RING_OK);
    pw_ring_consumer consumer;
    ASSERT_EQ(pw_ring_attach_consumer(&consumer, memory.get(), memory.bytes(), &geometry, PW_RING_MIRRORED), PW_RING_OK);
    void* place = nullptr;
    const void* element = nullptr;
    std::uint32_t count = 0;
    ASSERT_EQ(pw_ring_reserve(&producer, 3, &place, &count), PW_RING_OK);
    ASSERT_EQ(pw_ring_commit(&producer, 3), PW_RING_OK);
    ASSERT_EQ(pw_ring_peek(&consumer, 3, &element, &count), PW_RING_OK);
    ASSERT_EQ(pw_ring_release(&consumer, 3), PW_RING_OK);
    ASSERT_EQ(pw_ring_reserve(&producer, 4, &place, &count), PW_RING_OK);
    EXPECT_EQ(count, 4u);
    EXPECT_EQ(static_cast<unsigned char*>(place), static_cast<unsigned char*>(memory.get()) + 8192 + 3 * 4096);
    ASSERT_EQ(pw_ring_commit(&producer, 4), PW_RING_OK);
    ASSERT_EQ(pw_ring_peek(&consumer, 9, &element, &count), PW_RING_OK);
    EXPECT_EQ(count, 4u);
    // A mirror is made of whole pages.
    const pw_ring_geometry odd = {single, 8, 4};
    RingMemory small(odd, 32);
    ASSERT_EQ(pw_ring_create(small.get(), small.bytes(), &odd), PW_RING_OK);
    EXPECT_EQ(pw_ring_attach_consumer(&consumer, small.get(), small.bytes(), &odd, PW_RING_MIRRORED), PW_RING_INVALID);
}

TEST(Ring, IsTakenOverByTheNextProducerAndTheNextConsumer) {
    Pair ring(8);
    ASSERT_EQ(ring.producer.push(1), PW_RING_OK);
    ASSERT_EQ(ring.producer.push(2), PW_RING_OK);
    // The producer dies with a reservation: what it had not committed was never there.
    ring.producer.reserve(4)[0] = 99;
    RingProducer<std::uint64_t> second;
    ASSERT_EQ(second.attach(ring.memory.get(), ring.memory.bytes(), single, 8), PW_RING_OK);
    ASSERT_EQ(second.push(3), PW_RING_OK);
    std::uint64_t value = 0;
    ASSERT_EQ(ring.consumer.pop(value), PW_RING_OK);
    // The consumer dies with a peek: what it had not released is there still.
    ASSERT_EQ(ring.consumer.peek()[0], 2u);
    RingConsumer<std::uint64_t> next;
    ASSERT_EQ(next.attach(ring.memory.get(), ring.memory.bytes(), single, 8), PW_RING_OK);
    ASSERT_EQ(next.pop(value), PW_RING_OK);
    EXPECT_EQ(value, 2u);
    ASSERT_EQ(next.pop(value), PW_RING_OK);
    EXPECT_EQ(value, 3u);
}

TEST(Ring, WakesOnlyWhoSleeps) {
    Pair ring(4);
    Event data, room;
    ring.producer.set_wake(data.wake());
    ring.consumer.set_wake(room.wake());
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < 100; ++i) {
        ASSERT_EQ(ring.producer.push(i), PW_RING_OK);
        ASSERT_EQ(ring.consumer.pop(value), PW_RING_OK);
    }
    EXPECT_EQ(data.sets(), 0u);
    EXPECT_EQ(room.sets(), 0u);
    EXPECT_EQ(ring.consumer.prepare_sleep(), PW_RING_EMPTY);
    ASSERT_EQ(ring.producer.push(7), PW_RING_OK);
    ASSERT_EQ(ring.producer.push(8), PW_RING_OK);
    EXPECT_EQ(data.sets(), 1u);  // once for each sleep
    EXPECT_EQ(ring.consumer.prepare_sleep(), PW_RING_OK);
    ASSERT_EQ(ring.producer.push(9), PW_RING_OK);
    ASSERT_EQ(ring.producer.push(10), PW_RING_OK);
    EXPECT_EQ(ring.producer.prepare_sleep(), PW_RING_FULL);
    ASSERT_EQ(ring.consumer.pop(value), PW_RING_OK);
    EXPECT_EQ(room.sets(), 1u);
}

// Both sides sleep whenever they can: a lost wake would hang, a torn element or a wrong order would show.
TEST(Ring, LosesNoWakeAndNoElementBetweenTwoThreads) {
    Pair ring(16);
    Event data, room;
    ring.producer.set_wake(data.wake());
    ring.consumer.set_wake(room.wake());
    constexpr std::uint64_t total = 200'000;
    std::thread thread([&] {
        std::uint64_t next = 0;
        while (next < total) {
            const auto span = ring.producer.reserve(1 + static_cast<std::uint32_t>(next % 5));
            if (span.status == PW_RING_FULL) {
                if (ring.producer.prepare_sleep() == PW_RING_FULL) room.wait();
                continue;
            }
            for (std::uint64_t& element : span) element = next++;
            ring.producer.commit(span.count);
        }
    });
    std::uint64_t expected = 0;
    while (expected < total) {
        const auto span = ring.consumer.peek(1 + static_cast<std::uint32_t>(expected % 7));
        if (span.status == PW_RING_EMPTY) {
            if (ring.consumer.prepare_sleep() == PW_RING_EMPTY) data.wait();
            continue;
        }
        for (const std::uint64_t element : span) {
            if (element != expected++) ADD_FAILURE() << element << " instead of " << expected - 1;
        }
        ring.consumer.release(span.count);
    }
    thread.join();
}

}  // namespace
}  // namespace partywall::test
