// SPDX-License-Identifier: Apache-2.0
// Many requests at once: each completes exactly once, whoever wins the race between completion and cancellation.
#include <atomic>
#include <random>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

// A device whose requests wait in a cancel-safe queue.
struct PendingQueue {
    IO_CSQ csq;
    LIST_ENTRY list;
    KSPIN_LOCK lock;
    std::atomic<ULONG> cancelled{0};
};
PendingQueue* queue = nullptr;

void NTAPI insert(PIO_CSQ, PIRP irp) { InsertTailList(&queue->list, &irp->Tail.Overlay.ListEntry); }
void NTAPI remove(PIO_CSQ, PIRP irp) { RemoveEntryList(&irp->Tail.Overlay.ListEntry); }
PIRP NTAPI peek(PIO_CSQ, PIRP irp, PVOID) {
    PLIST_ENTRY next = irp ? irp->Tail.Overlay.ListEntry.Flink : queue->list.Flink;
    return next == &queue->list ? nullptr : CONTAINING_RECORD(next, IRP, Tail.Overlay.ListEntry);
}
void NTAPI acquire(PIO_CSQ, PKIRQL irql) { *irql = KeAcquireSpinLockRaiseToDpc(&queue->lock); }
void NTAPI release(PIO_CSQ, KIRQL irql) { KeReleaseSpinLock(&queue->lock, irql); }
void complete(PIRP irp, NTSTATUS status) {
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = 0;
    IofCompleteRequest(irp, IO_NO_INCREMENT);
}
void NTAPI complete_cancelled(PIO_CSQ, PIRP irp) {
    queue->cancelled.fetch_add(1, std::memory_order_relaxed);
    complete(irp, STATUS_CANCELLED);
}

// What became of one request.
struct Outcome {
    std::atomic<int> completions{0};
    std::atomic<NTSTATUS> status{STATUS_PENDING};
};
std::atomic<ULONG> completed{0};

NTSTATUS NTAPI note(PDEVICE_OBJECT, PIRP irp, PVOID context) {
    auto* outcome = static_cast<Outcome*>(context);
    outcome->completions.fetch_add(1, std::memory_order_relaxed);
    outcome->status.store(irp->IoStatus.Status, std::memory_order_relaxed);
    completed.fetch_add(1, std::memory_order_release);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

class ManyRequests : public KernelFixture {
protected:
    void SetUp() override {
        KernelFixture::SetUp();
        queue = &queue_;
        completed.store(0);
        InitializeListHead(&queue_.list);
        KeInitializeSpinLock(&queue_.lock);
        ASSERT_EQ(IoCsqInitialize(&queue_.csq, insert, remove, peek, acquire, release, complete_cancelled), STATUS_SUCCESS);
        driver()->MajorFunction[IRP_MJ_READ] = [](PDEVICE_OBJECT, PIRP irp) -> NTSTATUS {
            IoCsqInsertIrp(&queue->csq, irp, nullptr);
            return STATUS_PENDING;
        };
        device_ = make_device();
    }
    void TearDown() override {
        for (PIRP irp : irps_) IoFreeIrp(irp);
        KernelFixture::TearDown();
    }
    void allocate(std::size_t count) {
        outcomes_ = std::vector<Outcome>(count);
        for (std::size_t i = 0; i < count; ++i) irps_.push_back(IoAllocateIrp(device_->StackSize, FALSE));
    }
    void send(std::size_t i) {
        IoGetNextIrpStackLocation(irps_[i])->MajorFunction = IRP_MJ_READ;
        IoSetCompletionRoutine(irps_[i], note, &outcomes_[i], TRUE, TRUE, TRUE);
        EXPECT_EQ(IofCallDriver(device_, irps_[i]), STATUS_PENDING);
    }
    // Takes requests out of the queue and completes them until all of them are done.
    void serve() {
        while (completed.load(std::memory_order_acquire) < irps_.size()) {
            if (PIRP irp = IoCsqRemoveNextIrp(&queue_.csq, nullptr)) {
                complete(irp, STATUS_SUCCESS);
            } else {
                std::this_thread::yield();
            }
        }
    }
    // How many ended with the status; every request must have ended once.
    [[nodiscard]] std::size_t count(NTSTATUS status) {
        std::size_t found = 0;
        for (const Outcome& outcome : outcomes_) {
            EXPECT_EQ(outcome.completions.load(), 1);
            if (outcome.status.load() == status) ++found;
        }
        return found;
    }

    PendingQueue queue_;
    PDEVICE_OBJECT device_ = nullptr;
    std::vector<PIRP> irps_;
    std::vector<Outcome> outcomes_;
};

TEST_F(ManyRequests, AHundredThousandPendedOnesCompleteExactlyOnce) {
    constexpr std::size_t total = 100'000;
    allocate(total);
    {
        auto first = on_system_thread([&] {
            for (std::size_t i = 0; i < total; i += 2) send(i);
        });
        auto second = on_system_thread([&] {
            for (std::size_t i = 1; i < total; i += 2) send(i);
        });
        auto server = on_system_thread([&] { serve(); });
        serve();
    }
    EXPECT_EQ(count(STATUS_SUCCESS), total);
    EXPECT_TRUE(IsListEmpty(&queue_.list));
}

TEST_F(ManyRequests, AStormOfCancelsAgainstCompletionsLosesAndDoublesNone) {
    constexpr std::size_t total = 20'000;
    constexpr unsigned seed = 20260731;
    allocate(total);
    std::atomic<std::size_t> sent{0};
    const auto cancel = [&](unsigned own_seed) {
        std::mt19937 random(own_seed);
        while (completed.load(std::memory_order_acquire) < total) {
            const std::size_t known = sent.load(std::memory_order_acquire);
            if (known == 0) continue;
            // Mostly among the latest, where the race is.
            const std::size_t back = random() % std::min<std::size_t>(known, 16);
            IoCancelIrp(irps_[known - 1 - back]);
        }
    };
    {
        auto sender = on_system_thread([&] {
            for (std::size_t i = 0; i < total; ++i) {
                send(i);
                sent.store(i + 1, std::memory_order_release);
            }
        });
        auto canceller = on_system_thread([&] { cancel(seed); });
        auto other_canceller = on_system_thread([&] { cancel(seed + 1); });
        auto server = on_system_thread([&] { serve(); });
    }
    const std::size_t cancelled = count(STATUS_CANCELLED);
    EXPECT_EQ(cancelled, queue_.cancelled.load());
    EXPECT_EQ(count(STATUS_SUCCESS), total - cancelled);
    EXPECT_TRUE(IsListEmpty(&queue_.list));
}

}  // namespace
}  // namespace pw::wdk::test
