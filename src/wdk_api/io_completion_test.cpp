// SPDX-License-Identifier: Apache-2.0
// Completion ports as drivers see them: order, how many threads run, what ends a wait, what is left when the port goes.
#include <nt/io.h>
#include <nt/ke.h>
#include <nt/zw.h>

#include <atomic>
#include <vector>

#include "kernel/services/completion_services.h"
#include "platform/threads.h"
#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

constexpr ACCESS_MASK all_access = 0x001F0003;

class CompletionPorts : public KernelFixture {
protected:
    HANDLE make_port(ULONG concurrency = 0) {
        OBJECT_ATTRIBUTES attributes = attributes_of(nullptr);
        HANDLE port = nullptr;
        EXPECT_EQ(ZwCreateIoCompletion(&port, all_access, &attributes, concurrency), STATUS_SUCCESS);
        return port;
    }
    static NTSTATUS post(HANDLE port, ULONG_PTR value) {
        return ZwSetIoCompletion(port, reinterpret_cast<PVOID>(value), nullptr, STATUS_SUCCESS, value);
    }
    // The key of the next packet; 0 and *status else.
    static ULONG_PTR take(HANDLE port, LARGE_INTEGER* timeout = nullptr, NTSTATUS* status = nullptr) {
        PVOID key = nullptr;
        PVOID context = nullptr;
        IO_STATUS_BLOCK block = {};
        const NTSTATUS result = ZwRemoveIoCompletion(port, &key, &context, &block, timeout);
        if (status) *status = result;
        return result == STATUS_SUCCESS ? reinterpret_cast<ULONG_PTR>(key) : 0;
    }
    std::uint32_t depth(HANDLE port) {
        auto object = kernel_caller().reference_as<io::CompletionPort>(reinterpret_cast<std::uint64_t>(port), 0);
        EXPECT_TRUE(object.is_ok());
        return (*object)->depth();
    }
    static void yield_until(const std::function<bool()>& condition) {
        while (!condition()) platform::yield_thread();
    }
};

TEST_F(CompletionPorts, PacketsComeInOrderWithAllThatTheyCarry) {
    HANDLE port = make_port();
    LARGE_INTEGER now = {};
    NTSTATUS status = STATUS_SUCCESS;
    EXPECT_EQ(take(port, &now, &status), 0u);
    EXPECT_EQ(status, STATUS_TIMEOUT);
    EXPECT_EQ(ZwSetIoCompletion(port, reinterpret_cast<PVOID>(1), reinterpret_cast<PVOID>(2), STATUS_BUFFER_OVERFLOW, 3),
              STATUS_SUCCESS);
    EXPECT_EQ(post(port, 4), STATUS_SUCCESS);
    EXPECT_EQ(depth(port), 2u);
    PVOID key = nullptr;
    PVOID context = nullptr;
    IO_STATUS_BLOCK block = {};
    ASSERT_EQ(ZwRemoveIoCompletion(port, &key, &context, &block, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(key, reinterpret_cast<PVOID>(1));
    EXPECT_EQ(context, reinterpret_cast<PVOID>(2));
    EXPECT_EQ(block.Status, STATUS_BUFFER_OVERFLOW);
    EXPECT_EQ(block.Information, 3u);
    EXPECT_EQ(take(port), 4u);
    EXPECT_EQ(depth(port), 0u);
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
}

TEST_F(CompletionPorts, ADriverPostsThroughAPointer) {
    HANDLE port = make_port();
    PVOID object = nullptr;
    ASSERT_EQ(ObReferenceObjectByHandle(port, all_access, nullptr, KernelMode, &object, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(IoSetIoCompletion(object, reinterpret_cast<PVOID>(5), nullptr, STATUS_SUCCESS, 0, TRUE), STATUS_SUCCESS);
    EXPECT_EQ(take(port), 5u);
    // Nobody can take it any more: the packet is dropped, the call succeeds as in NT.
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
    EXPECT_EQ(IoSetIoCompletion(object, reinterpret_cast<PVOID>(6), nullptr, STATUS_SUCCESS, 0, TRUE), STATUS_SUCCESS);
    ObfDereferenceObject(object);
}

// A port is in none of the documented lists of objects that can be waited for: who waited for it would take a packet's wake.
TEST_F(CompletionPorts, APortIsNotWaitedFor) {
    HANDLE port = make_port();
    LARGE_INTEGER now = {};
    EXPECT_EQ(ZwWaitForSingleObject(port, FALSE, &now), STATUS_OBJECT_TYPE_MISMATCH);
    EXPECT_EQ(post(port, 1), STATUS_SUCCESS);
    EXPECT_EQ(ZwWaitForSingleObject(port, FALSE, &now), STATUS_OBJECT_TYPE_MISMATCH);
    EXPECT_EQ(take(port), 1u);
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
}

// "The maximum number of threads that the operating system can allow to concurrently process I/O completion packets."
TEST_F(CompletionPorts, OnlySoManyThreadsRunUntilOneOfThemWaits) {
    HANDLE port = make_port(1);
    KEVENT wait_now, go_on;
    KeInitializeEvent(&go_on, NotificationEvent, FALSE);
    KeInitializeEvent(&wait_now, NotificationEvent, FALSE);
    std::atomic<int> phase{0};
    std::atomic<ULONG_PTR> second_got{0};
    auto first = on_system_thread([&] {
        EXPECT_EQ(take(port), 1u);
        phase = 1;
        yield_until([&] { return phase == 2; });  // it runs
        EXPECT_EQ(KeWaitForSingleObject(&go_on, Executive, KernelMode, FALSE, nullptr), STATUS_SUCCESS);
    });
    EXPECT_EQ(post(port, 1), STATUS_SUCCESS);
    yield_until([&] { return phase == 1; });
    EXPECT_EQ(post(port, 2), STATUS_SUCCESS);
    // Without waiting nobody gets it either.
    LARGE_INTEGER now = {};
    NTSTATUS status = STATUS_SUCCESS;
    auto impatient = on_system_thread([&] { EXPECT_EQ(take(port, &now, &status), 0u); });
    impatient.join();
    EXPECT_EQ(status, STATUS_TIMEOUT);
    auto second = on_system_thread([&] {
        second_got = take(port);
        KeSetEvent(&go_on, IO_NO_INCREMENT, FALSE);
    });
    EXPECT_EQ(depth(port), 1u);
    EXPECT_EQ(second_got, 0u);
    phase = 2;  // the first one waits: another may run
    second.join();
    EXPECT_EQ(second_got, 2u);
    first.join();
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
}

TEST_F(CompletionPorts, AThreadThatComesBackMakesRoomForItself) {
    HANDLE port = make_port(1);
    for (ULONG_PTR i = 1; i <= 10; ++i) EXPECT_EQ(post(port, i), STATUS_SUCCESS);
    for (ULONG_PTR i = 1; i <= 10; ++i) EXPECT_EQ(take(port), i);
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
}

TEST_F(CompletionPorts, AThreadThatEndsMakesRoomForAnother) {
    HANDLE port = make_port(1);
    EXPECT_EQ(post(port, 1), STATUS_SUCCESS);
    EXPECT_EQ(post(port, 2), STATUS_SUCCESS);
    on_system_thread([&] { EXPECT_EQ(take(port), 1u); }).join();
    EXPECT_EQ(take(port), 2u);
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
}

TEST_F(CompletionPorts, OneThreadTakesManyPacketsAndCountsOnce) {
    HANDLE port = make_port(1);
    for (ULONG_PTR i = 1; i <= 5; ++i) EXPECT_EQ(post(port, i), STATUS_SUCCESS);
    std::vector<io::CompletionPacket> packets(3);
    std::uint32_t count = 0;
    const auto handle = reinterpret_cast<std::uint64_t>(port);
    EXPECT_EQ(nt::remove_io_completion(kernel_caller(), handle, packets, false, nullptr, &count), STATUS_SUCCESS);
    ASSERT_EQ(count, 3u);
    EXPECT_EQ(packets[2].key, 3u);
    EXPECT_EQ(nt::remove_io_completion(kernel_caller(), handle, packets, false, nullptr, &count), STATUS_SUCCESS);
    EXPECT_EQ(count, 2u);
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
}

TEST_F(CompletionPorts, ClosingTheLastHandleLetsWaitersGo) {
    HANDLE port = make_port();
    std::atomic<ps::Thread*> waiter{nullptr};
    NTSTATUS status = STATUS_SUCCESS;
    auto thread = on_system_thread([&] {
        waiter = ps::Thread::current();
        take(port, nullptr, &status);
    });
    yield_until([&] { return waiter.load() && waiter.load()->is_waiting(); });
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
    thread.join();
    EXPECT_EQ(status, STATUS_ABANDONED_WAIT_0);
    EXPECT_EQ(post(port, 1), STATUS_INVALID_HANDLE);
}

TEST_F(CompletionPorts, PacketsThatNobodyTookGoWithThePortAndTheQuota) {
    HANDLE port = make_port();
    auto& count = kernel().processes().system_process().completion_packet_count;
    const std::uint32_t before = count;
    for (ULONG_PTR i = 1; i <= 100; ++i) EXPECT_EQ(post(port, i), STATUS_SUCCESS);
    EXPECT_EQ(count, before + 100);
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
    EXPECT_EQ(count, before);
}

TEST_F(CompletionPorts, AThreadWorksForOnePortAtATime) {
    HANDLE first = make_port(1);
    HANDLE second = make_port(1);
    EXPECT_EQ(post(first, 1), STATUS_SUCCESS);
    EXPECT_EQ(post(first, 2), STATUS_SUCCESS);
    EXPECT_EQ(post(second, 3), STATUS_SUCCESS);
    EXPECT_EQ(take(first), 1u);
    EXPECT_EQ(take(second), 3u);  // no longer one of the first port's
    on_system_thread([&] { EXPECT_EQ(take(first), 2u); }).join();
    EXPECT_EQ(ZwClose(first), STATUS_SUCCESS);
    EXPECT_EQ(ZwClose(second), STATUS_SUCCESS);
}

TEST_F(CompletionPorts, EveryPacketGoesToOneOfManyThreads) {
    HANDLE port = make_port(2);
    constexpr ULONG_PTR total = 4000;
    std::vector<std::atomic<int>> seen(total + 1);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.push_back(on_system_thread([&] {
                while (const ULONG_PTR value = take(port)) {
                    if (value == ~ULONG_PTR{0}) break;
                    ++seen[value];
                    if (value % 16 == 0) {
                        LARGE_INTEGER tick;
                        tick.QuadPart = -1;
                        KeDelayExecutionThread(KernelMode, FALSE, &tick);
                    }
                }
            }));
        }
        for (ULONG_PTR i = 1; i <= total; ++i) ASSERT_EQ(post(port, i), STATUS_SUCCESS);
        for (int i = 0; i < 4; ++i) ASSERT_EQ(post(port, ~ULONG_PTR{0}), STATUS_SUCCESS);
    }
    for (ULONG_PTR i = 1; i <= total; ++i) ASSERT_EQ(seen[i], 1);
    EXPECT_EQ(ZwClose(port), STATUS_SUCCESS);
}

}  // namespace
}  // namespace pw::wdk::test
