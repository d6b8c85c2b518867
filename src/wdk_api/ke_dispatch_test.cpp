// SPDX-License-Identifier: Apache-2.0
// Façades of the dispatcher: kernel queues, Ex timers, attach, debugger questions, times, affinity.
#include <nt/debug.h>
#include <nt/ex.h>
#include <nt/ke.h>
#include <nt/ps.h>

#include <atomic>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

class KeDispatch : public KernelFixture {};

TEST_F(KeDispatch, QueueReturnsEntriesAndStatuses) {
    KQUEUE queue;
    KeInitializeQueue(&queue, 1);
    LIST_ENTRY one, two;
    EXPECT_EQ(KeInsertQueue(&queue, &one), 0);
    EXPECT_EQ(KeInsertHeadQueue(&queue, &two), 1);
    EXPECT_EQ(KeReadStateQueue(&queue), 2);
    EXPECT_EQ(KeRemoveQueue(&queue, KernelMode, nullptr), &two);
    LARGE_INTEGER zero = {};
    EXPECT_EQ(KeRemoveQueue(&queue, KernelMode, &zero), &one);
    EXPECT_EQ(static_cast<NTSTATUS>(reinterpret_cast<LONG_PTR>(KeRemoveQueue(&queue, KernelMode, &zero))), STATUS_TIMEOUT);
    EXPECT_EQ(KeRundownQueue(&queue), nullptr);
}

TEST_F(KeDispatch, ExTimerCallsBackAndIsDeleted) {
    struct State {
        std::atomic<int> calls{0};
        std::atomic<int> deletes{0};
    } state;
    PEX_TIMER timer = ExAllocateTimer([](PEX_TIMER, PVOID context) { ++static_cast<State*>(context)->calls; }, &state, EX_TIMER_NOTIFICATION);
    ASSERT_NE(timer, nullptr);
    EXPECT_FALSE(ExSetTimer(timer, -10'000, 0, nullptr));
    LARGE_INTEGER timeout = long_time();
    EXPECT_EQ(KeWaitForSingleObject(timer, Executive, KernelMode, FALSE, &timeout), STATUS_SUCCESS);
    KeFlushQueuedDpcs();
    EXPECT_EQ(state.calls, 1);
    EXPECT_FALSE(ExSetTimer(timer, -600'000'000, 0, nullptr));
    EXPECT_TRUE(ExCancelTimer(timer, nullptr));
    EXPECT_FALSE(ExSetTimer(timer, -600'000'000, 0, nullptr));
    EXT_DELETE_PARAMETERS parameters = {};
    parameters.DeleteCallback = [](PVOID context) { ++static_cast<State*>(context)->deletes; };
    parameters.DeleteContext = &state;
    EXPECT_TRUE(ExDeleteTimer(timer, TRUE, TRUE, &parameters));
    EXPECT_EQ(state.deletes, 1);
    ULONG maximum, minimum, current;
    ExQueryTimerResolution(&maximum, &minimum, &current);
    EXPECT_EQ(maximum, 156250u);
    EXPECT_EQ(minimum, 5000u);
    EXPECT_EQ(ExSetTimerResolution(10'000, TRUE), 10'000u);
    EXPECT_EQ(ExSetTimerResolution(0, FALSE), 156250u);
}

TEST_F(KeDispatch, LocalTimeIsSystemTimeAndBack) {
    LARGE_INTEGER system, local, back;
    KeQuerySystemTime(&system);
    ExSystemTimeToLocalTime(&system, &local);
    ExLocalTimeToSystemTime(&local, &back);
    EXPECT_EQ(back.QuadPart, system.QuadPart);
    const LONGLONG offset = local.QuadPart - system.QuadPart;
    EXPECT_EQ(offset % 9'000'000'000, 0);  // quarters of an hour
}

TEST_F(KeDispatch, GroupAffinityIsRememberedAndReverted) {
    GROUP_AFFINITY wanted = {0b10, 0, {}}, previous = {0xFF, 7, {}};
    KeSetSystemGroupAffinityThread(&wanted, &previous);
    EXPECT_EQ(previous.Mask, 0u);
    EXPECT_EQ(previous.Group, 0);
    PROCESSOR_NUMBER number;
    EXPECT_EQ(KeGetCurrentProcessorNumberEx(&number), 1u);
    EXPECT_EQ(number.Number, 1);
    GROUP_AFFINITY second = {0b01, 0, {}};
    KeSetSystemGroupAffinityThread(&second, &previous);
    EXPECT_EQ(previous.Mask, 0b10u);
    EXPECT_EQ(KeGetCurrentProcessorNumber(), 0u);
    GROUP_AFFINITY wrong = {0b10, 1, {}};
    KeSetSystemGroupAffinityThread(&wrong, &previous);
    EXPECT_EQ(KeGetCurrentProcessorNumber(), 0u);
    KeRevertToUserGroupAffinityThread(&previous);
    EXPECT_EQ(KeSetSystemAffinityThreadEx(1), 0u);
    KeRevertToUserAffinityThreadEx(0);
}

TEST_F(KeDispatch, RunTimeAndPriorities) {
    ULONG user = 99;
    (void)KeQueryRuntimeThread(KeGetCurrentThread(), &user);
    EXPECT_EQ(user, 0u);
    EXPECT_EQ(KeSetBasePriorityThread(KeGetCurrentThread(), 3), 0);
    EXPECT_EQ(KeQueryPriorityThread(KeGetCurrentThread()), 11);
    EXPECT_EQ(KeSetBasePriorityThread(KeGetCurrentThread(), 0), 3);
    EXPECT_EQ(KeSetPriorityThread(KeGetCurrentThread(), LOW_REALTIME_PRIORITY), 8);
    EXPECT_EQ(KeQueryPriorityThread(KeGetCurrentThread()), LOW_REALTIME_PRIORITY);
}

TEST_F(KeDispatch, CacheAwareRundownLivesInPool) {
    PEX_RUNDOWN_REF_CACHE_AWARE rundown = ExAllocateCacheAwareRundownProtection(NonPagedPoolNx, 0x6e755274);
    ASSERT_NE(rundown, nullptr);
    EXPECT_TRUE(ExAcquireRundownProtectionCacheAware(rundown));
    ExReleaseRundownProtectionCacheAware(rundown);
    ExWaitForRundownProtectionReleaseCacheAware(rundown);
    EXPECT_FALSE(ExAcquireRundownProtectionCacheAware(rundown));
    ExRundownCompletedCacheAware(rundown);
    ExFreeCacheAwareRundownProtection(rundown);
}

TEST_F(KeDispatch, CallsOnAllProcessorsAndOnAnExpandedStack) {
    static std::atomic<unsigned> seen;
    seen = 0;
    EXPECT_EQ(KeIpiGenericCall(
                  [](ULONG_PTR argument) -> ULONG_PTR {
                      seen |= 1u << KeGetCurrentProcessorNumber();
                      return argument;
                  },
                  5),
              5u);
    EXPECT_EQ(seen, 0b11u);
    seen = 0;
    KeGenericCallDpc(
        [](PKDPC, PVOID, PVOID argument1, PVOID argument2) {
            seen |= 1u << KeGetCurrentProcessorNumber();
            KeSignalCallDpcSynchronize(argument2);
            KeSignalCallDpcDone(argument1);
        },
        nullptr);
    EXPECT_EQ(seen, 0b11u);
    int value = 0;
    EXPECT_EQ(KeExpandKernelStackAndCallout([](PVOID parameter) { *static_cast<int*>(parameter) = 7; }, &value, 1000), STATUS_SUCCESS);
    EXPECT_EQ(value, 7);
    EXPECT_EQ(KeExpandKernelStackAndCalloutEx([](PVOID) {}, nullptr, 1000, FALSE, &value), STATUS_INVALID_PARAMETER_5);
    XSTATE_SAVE save;
    EXPECT_EQ(KeSaveExtendedProcessorState(3, &save), STATUS_SUCCESS);
    KeRestoreExtendedProcessorState(&save);
    KDPC_WATCHDOG_INFORMATION watchdog = {1, 1, 1, 1, 1};
    EXPECT_EQ(KeQueryDpcWatchdogInformation(&watchdog), STATUS_SUCCESS);
    EXPECT_EQ(watchdog.DpcTimeLimit, 0u);
}

TEST_F(KeDispatch, WithoutADebuggerNobodyAnswers) {
    KdDebuggerNotPresent = FALSE;
    EXPECT_TRUE(KdRefreshDebuggerNotPresent());
    EXPECT_TRUE(KdDebuggerNotPresent);
    EXPECT_EQ(KdDisableDebugger(), STATUS_DEBUGGER_INACTIVE);
    EXPECT_EQ(KdEnableDebugger(), STATUS_DEBUGGER_INACTIVE);
    char answer[4] = {'x', 'x', 'x', 'x'};
    EXPECT_EQ(DbgPrompt("continue? ", answer, sizeof answer), 0u);
    EXPECT_EQ(answer[0], '\0');
    EXPECT_EQ(DbgQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL), TRUE);
    EXPECT_EQ(DbgSetDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, FALSE), STATUS_SUCCESS);
    EXPECT_EQ(DbgQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL), FALSE);
    EXPECT_EQ(DbgQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL), TRUE);
    EXPECT_EQ(DbgQueryDebugFilterState(DPFLTR_IHVVIDEO_ID, DPFLTR_INFO_LEVEL), TRUE);
    DbgSetDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, TRUE);
    EXPECT_TRUE(ExVerifySuite(SingleUserTS));
    EXPECT_FALSE(ExVerifySuite(DataCenter));
}

TEST_F(KeDispatch, NumberedSpinLocksRaiseAndExclude) {
    const KIRQL irql = KeAcquireQueuedSpinLock(LockQueueMasterLock);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KIRQL other = 0;
    EXPECT_FALSE(KeTryToAcquireQueuedSpinLock(LockQueueMasterLock, &other));
    EXPECT_TRUE(KeTryToAcquireQueuedSpinLockRaiseToSynch(LockQueueIoVpbLock, &other));
    EXPECT_EQ(KeGetCurrentIrql(), SYNCH_LEVEL);
    KeReleaseQueuedSpinLock(LockQueueIoVpbLock, other);
    KeReleaseQueuedSpinLock(LockQueueMasterLock, irql);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

}  // namespace
}  // namespace pw::wdk::test
