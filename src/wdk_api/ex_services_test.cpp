// SPDX-License-Identifier: Apache-2.0
#include <atomic>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

constexpr ULONG tag = 0x74736574;

class Lookaside : public KernelFixture {};

TEST_F(Lookaside, HandsAFreedBlockOutAgain) {
    NPAGED_LOOKASIDE_LIST list;
    ExInitializeNPagedLookasideList(&list, nullptr, nullptr, 0, 100, tag, 0);
    void* first = ExAllocateFromNPagedLookasideList(&list);
    ASSERT_NE(first, nullptr);
    ExFreeToNPagedLookasideList(&list, first);
    EXPECT_EQ(ExQueryDepthSList(&list.L.ListHead), 1);
    EXPECT_EQ(ExAllocateFromNPagedLookasideList(&list), first);
    EXPECT_EQ(list.L.TotalAllocates, 2u);
    EXPECT_EQ(list.L.AllocateMisses, 1u);
    ExFreeToNPagedLookasideList(&list, first);
    ExDeleteNPagedLookasideList(&list);
    EXPECT_EQ(ExQueryDepthSList(&list.L.ListHead), 0);
}

TEST_F(Lookaside, GivesBackWhatExceedsItsDepthAndEverythingInTheEnd) {
    static int live = 0;
    live = 0;
    PAGED_LOOKASIDE_LIST list;
    ExInitializePagedLookasideList(
        &list,
        [](POOL_TYPE type, SIZE_T bytes, ULONG block_tag) -> PVOID {
            EXPECT_EQ(type, PagedPool);
            EXPECT_EQ(block_tag, tag);
            EXPECT_GE(bytes, sizeof(SLIST_ENTRY));  // asked for 1 byte: a block holds the list's link
            ++live;
            return ExAllocatePoolWithTag(type, bytes, block_tag);
        },
        [](PVOID block) {
            --live;
            ExFreePool(block);
        },
        0, 1, tag, 0);
    std::vector<void*> blocks(list.L.Depth + 5u);
    for (void*& block : blocks) block = ExAllocateFromPagedLookasideList(&list);
    EXPECT_EQ(live, static_cast<int>(blocks.size()));
    for (void* block : blocks) ExFreeToPagedLookasideList(&list, block);
    EXPECT_EQ(live, list.L.Depth);
    EXPECT_EQ(list.L.FreeMisses, 5u);
    ExDeletePagedLookasideList(&list);
    EXPECT_EQ(live, 0);
}

TEST_F(Lookaside, AnExListPassesItselfToItsRoutines) {
    static PLOOKASIDE_LIST_EX seen = nullptr;
    LOOKASIDE_LIST_EX list;
    EXPECT_EQ(ExInitializeLookasideListEx(&list, nullptr, nullptr, NonPagedPoolNx,
                                          EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL | EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE,
                                          64, tag, 0),
              STATUS_INVALID_PARAMETER_5);
    EXPECT_EQ(ExInitializeLookasideListEx(
                  &list,
                  [](POOL_TYPE type, SIZE_T bytes, ULONG block_tag, PLOOKASIDE_LIST_EX which) -> PVOID {
                      seen = which;
                      return ExAllocatePoolWithTag(type, bytes, block_tag);
                  },
                  nullptr, NonPagedPoolNx, 0, 64, tag, 0),
              STATUS_SUCCESS);
    void* block = ExAllocateFromLookasideListEx(&list);
    EXPECT_EQ(seen, &list);
    ExFreeToLookasideListEx(&list, block);
    ExFlushLookasideListEx(&list);
    EXPECT_EQ(ExQueryDepthSList(&list.L.ListHead), 0);
    ExDeleteLookasideListEx(&list);
}

class Callback : public KernelFixture {
protected:
    // A callback object of that name; empty: unnamed.
    PCALLBACK_OBJECT create(std::u16string_view name, bool may_create, bool multiple, NTSTATUS expected = STATUS_SUCCESS) {
        UNICODE_STRING text = string_of(name);
        OBJECT_ATTRIBUTES attributes = attributes_of(name.empty() ? nullptr : &text, OBJ_CASE_INSENSITIVE | OBJ_PERMANENT);
        PCALLBACK_OBJECT object = nullptr;
        EXPECT_EQ(ExCreateCallback(&object, &attributes, may_create, multiple), expected);
        return object;
    }
    static void NTAPI note(PVOID context, PVOID first, PVOID) {
        static_cast<std::vector<ULONG_PTR>*>(first)->push_back(reinterpret_cast<ULONG_PTR>(context));
    }
};

TEST_F(Callback, CallsItsRoutinesInOrderOfRegistration) {
    PCALLBACK_OBJECT object = create({}, true, true);
    PVOID one = ExRegisterCallback(object, note, reinterpret_cast<PVOID>(1));
    PVOID two = ExRegisterCallback(object, note, reinterpret_cast<PVOID>(2));
    std::vector<ULONG_PTR> seen;
    ExNotifyCallback(object, &seen, nullptr);
    EXPECT_EQ(seen, (std::vector<ULONG_PTR>{1, 2}));
    ExUnregisterCallback(one);
    const KIRQL irql = KeRaiseIrqlToDpcLevel();
    ExNotifyCallback(object, &seen, nullptr);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeLowerIrql(irql);
    EXPECT_EQ(seen, (std::vector<ULONG_PTR>{1, 2, 2}));
    ExUnregisterCallback(two);
    ObfDereferenceObject(object);
}

TEST_F(Callback, OneWithoutMultipleCallbacksTakesOneRoutine) {
    PCALLBACK_OBJECT object = create({}, true, false);
    PVOID one = ExRegisterCallback(object, note, nullptr);
    EXPECT_NE(one, nullptr);
    EXPECT_EQ(ExRegisterCallback(object, note, nullptr), nullptr);
    ExUnregisterCallback(one);
    ObfDereferenceObject(object);
}

TEST_F(Callback, IsOpenedByNameAndCreatedOnlyOnDemand) {
    EXPECT_EQ(create(u"\\Callback\\Test", false, true, STATUS_OBJECT_NAME_NOT_FOUND), nullptr);
    PCALLBACK_OBJECT object = create(u"\\Callback\\Test", true, true);
    EXPECT_EQ(create(u"\\callback\\TEST", false, true), object);
    EXPECT_EQ(create(u"\\Callback\\Test", true, true), object);
    create(u"\\Device", true, true, STATUS_OBJECT_TYPE_MISMATCH);
    ObMakeTemporaryObject(object);
    create(u"\\Callback\\Test", false, true, STATUS_OBJECT_NAME_NOT_FOUND);
    for (int i = 0; i < 3; ++i) ObfDereferenceObject(object);
}

TEST_F(Callback, UnregisteringWaitsForACallUnderWay) {
    struct Scene {
        KEVENT entered;
        KEVENT may_leave;
        std::atomic<bool> left{false};
    } scene;
    KeInitializeEvent(&scene.entered, NotificationEvent, FALSE);
    KeInitializeEvent(&scene.may_leave, NotificationEvent, FALSE);
    PCALLBACK_OBJECT object = create({}, true, true);
    PVOID registration = ExRegisterCallback(
        object,
        [](PVOID context, PVOID, PVOID) {
            auto& s = *static_cast<Scene*>(context);
            KeSetEvent(&s.entered, 0, FALSE);
            KeWaitForSingleObject(&s.may_leave, Executive, KernelMode, FALSE, nullptr);
            s.left = true;
        },
        &scene);
    const std::jthread notifier = on_system_thread([&] { ExNotifyCallback(object, nullptr, nullptr); });
    KeWaitForSingleObject(&scene.entered, Executive, KernelMode, FALSE, nullptr);
    const std::jthread releaser = on_system_thread([&] { KeSetEvent(&scene.may_leave, 0, FALSE); });
    ExUnregisterCallback(registration);
    EXPECT_TRUE(scene.left);
    ObfDereferenceObject(object);
}

class WorkItem : public KernelFixture {};

TEST_F(WorkItem, RunsAtPassiveLevelInTheSystemProcessAndMayQueueItselfAgain) {
    struct Work {
        WORK_QUEUE_ITEM item;
        KEVENT done;
        std::atomic<int> runs{0};
        bool in_system_process = false;
        KIRQL irql = HIGH_LEVEL;
    } work;
    KeInitializeEvent(&work.done, NotificationEvent, FALSE);
    ExInitializeWorkItem(
        &work.item,
        [](PVOID context) {
            auto& w = *static_cast<Work*>(context);
            w.irql = KeGetCurrentIrql();
            w.in_system_process = PsGetCurrentProcess() == PsInitialSystemProcess;
            if (w.runs.fetch_add(1) == 0) {
                ExQueueWorkItem(&w.item, DelayedWorkQueue);
            } else {
                KeSetEvent(&w.done, 0, FALSE);
            }
        },
        &work);
    const KIRQL irql = KeRaiseIrqlToDpcLevel();
    ExQueueWorkItem(&work.item, CriticalWorkQueue);
    KeLowerIrql(irql);
    KeWaitForSingleObject(&work.done, Executive, KernelMode, FALSE, nullptr);
    EXPECT_EQ(work.runs, 2);
    EXPECT_EQ(work.irql, PASSIVE_LEVEL);
    EXPECT_TRUE(work.in_system_process);
}

TEST_F(WorkItem, QueueingAQueuedItemIsABugCheck) {
    WORK_QUEUE_ITEM item;
    ExInitializeWorkItem(&item, [](PVOID) {}, nullptr);
    item.List.Flink = &item.List;  // as while it waits
    PW_EXPECT_BUG_CHECK(ExQueueWorkItem(&item, DelayedWorkQueue), "WORKER_INVALID");
}

class ExMiscellany : public KernelFixture {};

TEST_F(ExMiscellany, IdentifiersAreRandomAndSaySo) {
    UUID one;
    UUID two;
    EXPECT_EQ(ExUuidCreate(&one), STATUS_SUCCESS);
    EXPECT_EQ(ExUuidCreate(&two), STATUS_SUCCESS);
    EXPECT_NE(std::memcmp(&one, &two, sizeof(one)), 0);
    EXPECT_EQ(one.Data3 >> 12, 4);
    EXPECT_EQ(one.Data4[0] >> 6, 2);
}

TEST_F(ExMiscellany, ProcessorFeaturesOfX64AreThere) {
    EXPECT_TRUE(ExIsProcessorFeaturePresent(PF_XMMI64_INSTRUCTIONS_AVAILABLE));
    EXPECT_TRUE(ExIsProcessorFeaturePresent(PF_COMPARE_EXCHANGE_DOUBLE));
    EXPECT_FALSE(ExIsProcessorFeaturePresent(PF_FLOATING_POINT_PRECISION_ERRATA));
    EXPECT_FALSE(ExIsProcessorFeaturePresent(0xFFFF));
}

TEST_F(ExMiscellany, TheVersionIsTheOneThatRtlReports) {
    ULONG major = 0;
    ULONG build = 0;
    EXPECT_FALSE(PsGetVersion(&major, nullptr, &build, nullptr));
    EXPECT_EQ(major, 10u);
    EXPECT_EQ(build, NtBuildNumber);
    EXPECT_EQ(KeNumberProcessors, 2);
}

TEST_F(ExMiscellany, AnUnknownSystemRoutineHasNoAddress) {
    for (const auto* name : {u"NoSuchRoutine", u"printf", u"PwInitializeDriverRuntime", u"", u"Ke\u0394"}) {
        UNICODE_STRING text = string_of(name);
        EXPECT_EQ(MmGetSystemRoutineAddress(&text), nullptr);
    }
}

}  // namespace
}  // namespace pw::wdk::test
