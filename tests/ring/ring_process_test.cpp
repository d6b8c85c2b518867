// SPDX-License-Identifier: Apache-2.0
// Producer and consumer in two processes; a producer that is killed in the middle.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>

#include "ring_test_support.h"

namespace partywall::test {
namespace {

class SharedRing {
public:
    SharedRing(std::uint32_t kind, std::uint32_t capacity) : geometry_(ring_geometry<std::uint64_t>(kind, capacity)) {
        memory_ = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        EXPECT_NE(memory_, MAP_FAILED);
        EXPECT_EQ(pw_ring_create(memory_, bytes(), &geometry_), PW_RING_OK);
    }
    ~SharedRing() { munmap(memory_, bytes()); }
    SharedRing(const SharedRing&) = delete;
    SharedRing& operator=(const SharedRing&) = delete;

    [[nodiscard]] void* memory() const { return memory_; }
    [[nodiscard]] std::uint64_t bytes() const { return pw_ring_bytes(&geometry_); }
    [[nodiscard]] const pw_ring_geometry& geometry() const { return geometry_; }

private:
    pw_ring_geometry geometry_;
    void* memory_;
};

// Runs the body in a child process, which ends with what it returns.
pid_t in_child(const std::function<int()>& body) {
    const pid_t child = fork();
    if (child == 0) _exit(body());
    return child;
}

int end_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(RingProcesses, StreamInOrderAcrossTwoProcesses) {
    SharedRing ring(PW_RING_SINGLE_PRODUCER, 256);
    constexpr std::uint64_t total = 1'000'000;
    const pid_t child = in_child([&] {
        RingProducer<std::uint64_t> producer;
        if (producer.attach(ring.memory(), ring.bytes(), PW_RING_SINGLE_PRODUCER, 256) != PW_RING_OK) return 1;
        for (std::uint64_t next = 0; next < total;) {
            const auto span = producer.reserve(32);
            if (span.empty()) {
                sched_yield();
                continue;
            }
            for (std::uint64_t& element : span) element = next++ * 3;
            producer.commit(span.count);
        }
        return 0;
    });
    ASSERT_GT(child, 0);
    RingConsumer<std::uint64_t> consumer;
    ASSERT_EQ(consumer.attach(ring.memory(), ring.bytes(), PW_RING_SINGLE_PRODUCER, 256), PW_RING_OK);
    std::uint64_t expected = 0;
    while (expected < total) {
        const auto span = consumer.peek();
        if (span.empty()) {
            ASSERT_EQ(span.status, PW_RING_EMPTY);
            sched_yield();
            continue;
        }
        for (const std::uint64_t element : span) ASSERT_EQ(element, expected++ * 3);
        consumer.release(span.count);
    }
    EXPECT_EQ(end_of(child), 0);
}

TEST(RingProcesses, SurviveAProducerThatIsKilledBetweenReserveAndCommit) {
    SharedRing ring(PW_RING_MULTI_PRODUCER, 64);
    RingConsumer<std::uint64_t> consumer;
    ASSERT_EQ(consumer.attach(ring.memory(), ring.bytes(), PW_RING_MULTI_PRODUCER, 64), PW_RING_OK);
    std::uint64_t got = 0;
    for (std::uint16_t id = 1; id <= 20; ++id) {
        const pid_t child = in_child([&] {
            RingProducer<std::uint64_t> producer;
            if (producer.attach(ring.memory(), ring.bytes(), PW_RING_MULTI_PRODUCER, 64, 0, id) != PW_RING_OK) return 1;
            for (std::uint64_t i = 0; i < id; ++i) {
                if (producer.push(i) != PW_RING_OK) return 2;
            }
            if (producer.reserve(3).empty()) return 3;
            kill(getpid(), SIGKILL);
            return 4;
        });
        ASSERT_GT(child, 0);
        ASSERT_EQ(end_of(child), 128 + SIGKILL);
        std::uint64_t value = 0;
        for (std::uint64_t i = 0; i < id; ++i) {
            ASSERT_EQ(consumer.pop(value), PW_RING_OK);
            ASSERT_EQ(value, i);
            ++got;
        }
        ASSERT_EQ(consumer.pop(value), PW_RING_STALLED);
        ASSERT_GT(pw_ring_retire_producer(ring.memory(), &ring.geometry(), id), 0u);
        ASSERT_EQ(consumer.pop(value), PW_RING_EMPTY);
    }
    EXPECT_EQ(got, 210u);
}

}  // namespace
}  // namespace partywall::test
