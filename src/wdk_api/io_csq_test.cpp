// SPDX-License-Identifier: Apache-2.0
#include <atomic>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

// A driver's queue as the documentation shows it: a list, its lock, its callbacks.
struct DriverQueue {
    IO_CSQ csq;
    LIST_ENTRY list;
    KSPIN_LOCK lock;
    std::atomic<int> cancelled{0};
    std::vector<PIRP> cancelled_irps;
    NTSTATUS insert_answer = STATUS_SUCCESS;
    PVOID last_insert_context = nullptr;

    explicit DriverQueue(bool ex = false) {
        InitializeListHead(&list);
        KeInitializeSpinLock(&lock);
        const NTSTATUS status =
            ex ? IoCsqInitializeEx(&csq, insert_ex, remove, peek, acquire, release, complete_canceled)
               : IoCsqInitialize(&csq, insert, remove, peek, acquire, release, complete_canceled);
        EXPECT_EQ(status, STATUS_SUCCESS);
    }

    static DriverQueue& of(PIO_CSQ queue) { return *CONTAINING_RECORD(queue, DriverQueue, csq); }
    static void NTAPI insert(PIO_CSQ queue, PIRP irp) { InsertTailList(&of(queue).list, &irp->Tail.Overlay.ListEntry); }
    static NTSTATUS NTAPI insert_ex(PIO_CSQ queue, PIRP irp, PVOID context) {
        of(queue).last_insert_context = context;
        if (NT_SUCCESS(of(queue).insert_answer)) insert(queue, irp);
        return of(queue).insert_answer;
    }
    static void NTAPI remove(PIO_CSQ, PIRP irp) { RemoveEntryList(&irp->Tail.Overlay.ListEntry); }
    static PIRP NTAPI peek(PIO_CSQ queue, PIRP irp, PVOID context) {
        LIST_ENTRY& list = of(queue).list;
        for (PLIST_ENTRY link = irp ? irp->Tail.Overlay.ListEntry.Flink : list.Flink; link != &list; link = link->Flink) {
            PIRP candidate = CONTAINING_RECORD(link, IRP, Tail.Overlay.ListEntry);
            if (!context || IoGetCurrentIrpStackLocation(candidate)->FileObject == context) return candidate;
        }
        return nullptr;
    }
    static void NTAPI acquire(PIO_CSQ queue, PKIRQL irql) { *irql = KeAcquireSpinLockRaiseToDpc(&of(queue).lock); }
    static void NTAPI release(PIO_CSQ queue, KIRQL irql) { KeReleaseSpinLock(&of(queue).lock, irql); }
    static void NTAPI complete_canceled(PIO_CSQ queue, PIRP irp) {
        EXPECT_LE(KeGetCurrentIrql(), DISPATCH_LEVEL);
        KIRQL irql;
        acquire(queue, &irql);
        of(queue).cancelled_irps.push_back(irp);
        release(queue, irql);
        of(queue).cancelled.fetch_add(1);
    }
};

bool is_pending_marked(PIRP irp) { return (IoGetCurrentIrpStackLocation(irp)->Control & SL_PENDING_RETURNED) != 0; }

class IoCsq : public KernelFixture {
protected:
    void SetUp() override {
        KernelFixture::SetUp();
        device_ = make_device();
    }
    PIRP irp() { return make_received_irp(device_); }
    PDEVICE_OBJECT device_ = nullptr;
};

TEST_F(IoCsq, InsertMarksTheIrpPendingAndRemovalKeepsTheOrder) {
    DriverQueue queue;
    PIRP first = irp();
    PIRP second = irp();
    IoCsqInsertIrp(&queue.csq, first, nullptr);
    IoCsqInsertIrp(&queue.csq, second, nullptr);
    EXPECT_TRUE(is_pending_marked(first));
    EXPECT_NE(first->CancelRoutine, nullptr);
    EXPECT_EQ(IoCsqRemoveNextIrp(&queue.csq, nullptr), first);
    EXPECT_EQ(first->CancelRoutine, nullptr);
    EXPECT_EQ(IoCsqRemoveNextIrp(&queue.csq, nullptr), second);
    EXPECT_EQ(IoCsqRemoveNextIrp(&queue.csq, nullptr), nullptr);
    IoFreeIrp(first);
    IoFreeIrp(second);
}

TEST_F(IoCsq, ThePeekContextChoosesTheIrp) {
    DriverQueue queue;
    PIRP other = irp();
    PIRP wanted = irp();
    auto* file = reinterpret_cast<PFILE_OBJECT>(0x1000);
    IoGetCurrentIrpStackLocation(wanted)->FileObject = file;
    IoCsqInsertIrp(&queue.csq, other, nullptr);
    IoCsqInsertIrp(&queue.csq, wanted, nullptr);
    EXPECT_EQ(IoCsqRemoveNextIrp(&queue.csq, file), wanted);
    EXPECT_EQ(IoCsqRemoveNextIrp(&queue.csq, file), nullptr);
    EXPECT_EQ(IoCsqRemoveNextIrp(&queue.csq, nullptr), other);
    IoFreeIrp(other);
    IoFreeIrp(wanted);
}

TEST_F(IoCsq, ACancelledIrpLeavesTheQueueThroughTheDriver) {
    DriverQueue queue;
    PIRP queued = irp();
    IoCsqInsertIrp(&queue.csq, queued, nullptr);
    EXPECT_TRUE(IoCancelIrp(queued));
    EXPECT_EQ(queue.cancelled_irps, std::vector<PIRP>{queued});
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);  // the cancel spin lock is free again
    EXPECT_EQ(IoCsqRemoveNextIrp(&queue.csq, nullptr), nullptr);
    IoFreeIrp(queued);
}

TEST_F(IoCsq, AnIrpThatIsCancelledAlreadyGoesStraightBack) {
    DriverQueue queue;
    PIRP cancelled = irp();
    EXPECT_FALSE(IoCancelIrp(cancelled));
    IoCsqInsertIrp(&queue.csq, cancelled, nullptr);
    EXPECT_EQ(queue.cancelled.load(), 1);
    EXPECT_TRUE(IsListEmpty(&queue.list));
    EXPECT_EQ(cancelled->CancelRoutine, nullptr);
    IoFreeIrp(cancelled);
}

TEST_F(IoCsq, AContextFindsItsIrpOnce) {
    DriverQueue queue;
    PIRP queued = irp();
    IO_CSQ_IRP_CONTEXT context = {};
    IoCsqInsertIrp(&queue.csq, queued, &context);
    EXPECT_EQ(IoCsqRemoveIrp(&queue.csq, &context), queued);
    EXPECT_EQ(IoCsqRemoveIrp(&queue.csq, &context), nullptr);
    EXPECT_FALSE(IoCancelIrp(queued));
    EXPECT_EQ(queue.cancelled.load(), 0);
    IoFreeIrp(queued);
}

TEST_F(IoCsq, AContextOfACancelledIrpFindsNothing) {
    DriverQueue queue;
    PIRP queued = irp();
    IO_CSQ_IRP_CONTEXT context = {};
    IoCsqInsertIrp(&queue.csq, queued, &context);
    EXPECT_TRUE(IoCancelIrp(queued));
    EXPECT_EQ(IoCsqRemoveIrp(&queue.csq, &context), nullptr);
    EXPECT_EQ(queue.cancelled.load(), 1);
    IoFreeIrp(queued);
}

TEST_F(IoCsq, AnExInsertRoutineGetsItsContextAndMayRefuse) {
    DriverQueue queue(true);
    PIRP refused = irp();
    IO_CSQ_IRP_CONTEXT context = {};
    int marker = 0;
    queue.insert_answer = STATUS_DEVICE_BUSY;
    EXPECT_EQ(IoCsqInsertIrpEx(&queue.csq, refused, &context, &marker), STATUS_DEVICE_BUSY);
    EXPECT_EQ(queue.last_insert_context, &marker);
    EXPECT_FALSE(is_pending_marked(refused));
    EXPECT_EQ(refused->CancelRoutine, nullptr);
    EXPECT_EQ(context.Irp, nullptr);
    queue.insert_answer = STATUS_SUCCESS;
    EXPECT_EQ(IoCsqInsertIrpEx(&queue.csq, refused, &context, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(IoCsqRemoveIrp(&queue.csq, &context), refused);
    IoFreeIrp(refused);
}

TEST_F(IoCsq, RemovalAndCancellationNeverBothGetAnIrp) {
    constexpr int count = 500;
    DriverQueue queue;
    std::vector<PIRP> irps;
    for (int i = 0; i < count; ++i) irps.push_back(irp());
    std::vector<PIRP> removed;
    std::atomic<bool> inserted_all{false};
    {
        const std::jthread inserter = on_system_thread([&] {
            for (PIRP one : irps) IoCsqInsertIrp(&queue.csq, one, nullptr);
            inserted_all = true;
        });
        const std::jthread canceller = on_system_thread([&] {
            for (PIRP one : irps) static_cast<void>(IoCancelIrp(one));
        });
        const std::jthread remover = on_system_thread([&] {
            while (true) {
                const bool last_round = inserted_all;
                while (PIRP one = IoCsqRemoveNextIrp(&queue.csq, nullptr)) removed.push_back(one);
                if (last_round) return;
                std::this_thread::yield();
            }
        });
    }
    std::vector<PIRP> all = removed;
    all.insert(all.end(), queue.cancelled_irps.begin(), queue.cancelled_irps.end());
    std::sort(all.begin(), all.end());
    std::sort(irps.begin(), irps.end());
    EXPECT_EQ(all, irps);
    EXPECT_TRUE(IsListEmpty(&queue.list));
    for (PIRP one : irps) IoFreeIrp(one);
}

class IoRemoveLock : public KernelFixture {
protected:
    void initialize(ULONG high_watermark = 0) {
        IoInitializeRemoveLockEx(&lock_, 0x74736574, 0, high_watermark, sizeof(lock_));
    }
    NTSTATUS acquire() { return IoAcquireRemoveLockEx(&lock_, this, __FILE__, __LINE__, sizeof(lock_)); }
    void release() { IoReleaseRemoveLockEx(&lock_, this, sizeof(lock_)); }
    void release_and_wait() { IoReleaseRemoveLockAndWaitEx(&lock_, this, sizeof(lock_)); }
    IO_REMOVE_LOCK lock_;
};

TEST_F(IoRemoveLock, RemovalWithoutOtherHoldersIsOverAtOnce) {
    initialize();
    EXPECT_EQ(acquire(), STATUS_SUCCESS);
    release();
    EXPECT_EQ(acquire(), STATUS_SUCCESS);
    release_and_wait();
    EXPECT_EQ(acquire(), STATUS_DELETE_PENDING);
    EXPECT_EQ(acquire(), STATUS_DELETE_PENDING);
}

TEST_F(IoRemoveLock, RemovalWaitsForTheLastHolder) {
    initialize();
    EXPECT_EQ(acquire(), STATUS_SUCCESS);
    EXPECT_EQ(acquire(), STATUS_SUCCESS);  // the request under way
    std::atomic<bool> released{false};
    const std::jthread holder = on_system_thread([&] {
        // The removal has begun once new acquisitions are refused.
        while (NT_SUCCESS(acquire())) release();
        released = true;
        release();
    });
    release_and_wait();
    EXPECT_TRUE(released);
}

TEST_F(IoRemoveLock, AReleaseTooManyIsReported) {
    initialize();
    release();
    EXPECT_TRUE(has_report("released more often"));
    EXPECT_EQ(acquire(), STATUS_SUCCESS);
    release_and_wait();
    release_and_wait();
    EXPECT_TRUE(has_report("twice for one remove lock"));
}

TEST_F(IoRemoveLock, ReleaseWorksAtDispatchLevel) {
    initialize();
    EXPECT_EQ(acquire(), STATUS_SUCCESS);
    const KIRQL irql = KeRaiseIrqlToDpcLevel();
    EXPECT_EQ(acquire(), STATUS_SUCCESS);
    release();
    KeLowerIrql(irql);
    release_and_wait();
}

}  // namespace
}  // namespace pw::wdk::test
