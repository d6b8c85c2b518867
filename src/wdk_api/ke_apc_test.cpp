// SPDX-License-Identifier: Apache-2.0
// APCs of drivers through their own names: kernel mode, user mode, threads that end, processes that are attached to.
#include <nt/ke.h>
#include <nt/ke_apc.h>
#include <nt/ps.h>

#include <vector>

#include "kernel/services/apc_services.h"
#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

struct Apcs : KernelFixture {
    // A thread of a client's process, without an OS thread of its own.
    Ref<ps::Thread> client_thread() {
        client_ = kernel().processes().create_process(4000, "client", {});
        auto thread = kernel().processes().create_thread(*client_);
        EXPECT_TRUE(thread.is_ok());
        return std::move(thread).value();
    }
    void end(ps::Thread& thread) {
        kernel().processes().exit_thread(thread);
        kernel().processes().process_gone(*client_);
        client_.reset();
    }
    Ref<ps::Process> client_;
};

struct Seen : KAPC {
    int kernel = 0;
    int rundown = 0;
    bool drops_normal = false;

    static Seen& of(PRKAPC apc) { return *static_cast<Seen*>(apc); }
    static void NTAPI on_kernel(PRKAPC apc, PKNORMAL_ROUTINE* normal, PVOID*, PVOID*, PVOID* argument2) {
        ++of(apc).kernel;
        EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
        if (of(apc).drops_normal) *normal = nullptr;
        *argument2 = reinterpret_cast<PVOID>(std::uintptr_t{9});
    }
    static void NTAPI on_rundown(PRKAPC apc) { ++of(apc).rundown; }
    void init(PKTHREAD thread, KPROCESSOR_MODE mode, std::uintptr_t routine, KAPC_ENVIRONMENT environment = OriginalApcEnvironment) {
        KeInitializeApc(this, thread, environment, on_kernel, on_rundown, reinterpret_cast<PKNORMAL_ROUTINE>(routine), mode,
                        reinterpret_cast<PVOID>(std::uintptr_t{7}));
    }
};

TEST_F(Apcs, InitialisingSetsTheDocumentedFields) {
    Seen apc;
    apc.init(KeGetCurrentThread(), UserMode, 0);
    EXPECT_EQ(apc.Thread, KeGetCurrentThread());
    EXPECT_EQ(apc.ApcMode, KernelMode);  // without a normal routine it is a special kernel APC
    EXPECT_EQ(apc.NormalContext, nullptr);
    EXPECT_FALSE(apc.Inserted);
    apc.init(KeGetCurrentThread(), UserMode, 0x1000);
    EXPECT_EQ(apc.ApcMode, UserMode);
    EXPECT_EQ(apc.NormalContext, reinterpret_cast<PVOID>(std::uintptr_t{7}));
}

TEST_F(Apcs, AUserApcIsTakenByItsThreadWithWhatTheKernelRoutineLeftOfIt) {
    Ref<ps::Thread> thread = client_thread();
    Seen apc;
    apc.init(thread->nt(), UserMode, 0x1000);
    EXPECT_TRUE(KeInsertQueueApc(&apc, reinterpret_cast<PVOID>(std::uintptr_t{8}), nullptr, 0));
    EXPECT_FALSE(KeInsertQueueApc(&apc, nullptr, nullptr, 0));
    EXPECT_TRUE(apc.Inserted);
    {
        ke::Thread::Binding binding(*thread);
        ps::UserApc call;
        ASSERT_EQ(nt::take_user_apc({kernel(), *thread, UserMode}, &call), STATUS_SUCCESS);
        EXPECT_EQ(call.routine, 0x1000u);
        EXPECT_EQ(call.arguments[0], 7u);
        EXPECT_EQ(call.arguments[1], 8u);
        EXPECT_EQ(call.arguments[2], 9u);
        EXPECT_EQ(apc.kernel, 1);
        EXPECT_FALSE(apc.Inserted);
        // A kernel routine may take it back.
        apc.drops_normal = true;
        EXPECT_TRUE(KeInsertQueueApc(&apc, nullptr, nullptr, 0));
        EXPECT_EQ(nt::take_user_apc({kernel(), *thread, UserMode}, &call), STATUS_NO_MORE_ENTRIES);
        EXPECT_EQ(apc.kernel, 2);
    }
    EXPECT_EQ(apc.rundown, 0);
    end(*thread);
}

TEST_F(Apcs, WhatIsRemovedIsNeitherRunNorRunDown) {
    Ref<ps::Thread> thread = client_thread();
    Seen user, special;
    user.init(thread->nt(), UserMode, 0x1000);
    special.init(thread->nt(), KernelMode, 0);
    EXPECT_FALSE(KeRemoveQueueApc(&user));
    EXPECT_TRUE(KeInsertQueueApc(&user, nullptr, nullptr, 0));
    EXPECT_TRUE(KeInsertQueueApc(&special, nullptr, nullptr, 0));
    EXPECT_TRUE(KeRemoveQueueApc(&user));
    EXPECT_FALSE(KeRemoveQueueApc(&user));
    EXPECT_TRUE(KeRemoveQueueApc(&special));
    EXPECT_EQ(user.kernel + special.kernel + user.rundown + special.rundown, 0);
    EXPECT_TRUE(KeInsertQueueApc(&user, nullptr, nullptr, 0));
    EXPECT_TRUE(KeRemoveQueueApc(&user));
    end(*thread);
}

TEST_F(Apcs, AThreadThatEndsRunsDownWhatItHasNotRun) {
    Ref<ps::Thread> thread = client_thread();
    Seen user, normal, late;
    user.init(thread->nt(), UserMode, 0x1000);
    normal.init(thread->nt(), KernelMode, 0x2000);
    late.init(thread->nt(), UserMode, 0x1000);
    EXPECT_TRUE(KeInsertQueueApc(&user, nullptr, nullptr, 0));
    EXPECT_TRUE(KeInsertQueueApc(&normal, nullptr, nullptr, 0));
    end(*thread);
    EXPECT_EQ(user.rundown, 1);
    EXPECT_EQ(normal.rundown, 1);
    EXPECT_EQ(user.kernel + normal.kernel, 0);
    EXPECT_FALSE(KeInsertQueueApc(&late, nullptr, nullptr, 0));
    EXPECT_FALSE(KeInsertQueueApc(&normal, nullptr, nullptr, 0));
}

TEST_F(Apcs, ASystemThreadTakesNoUserApcs) {
    Seen apc;
    apc.init(KeGetCurrentThread(), UserMode, 0x1000);
    EXPECT_FALSE(KeInsertQueueApc(&apc, nullptr, nullptr, 0));
    EXPECT_FALSE(apc.Inserted);
}

TEST_F(Apcs, OneOfTheThreadsOwnProcessWaitsUntilTheThreadIsBackInIt) {
    Ref<ps::Thread> thread = client_thread();
    Seen own, attached;
    KAPC_STATE state;
    own.init(KeGetCurrentThread(), KernelMode, 0);
    KeStackAttachProcess(client_->nt(), &state);
    attached.init(KeGetCurrentThread(), KernelMode, 0, CurrentApcEnvironment);
    EXPECT_TRUE(KeInsertQueueApc(&own, nullptr, nullptr, 0));
    EXPECT_TRUE(KeInsertQueueApc(&attached, nullptr, nullptr, 0));
    EXPECT_EQ(own.kernel, 0);
    EXPECT_EQ(attached.kernel, 1);
    KeUnstackDetachProcess(&state);
    EXPECT_EQ(own.kernel, 1);
    end(*thread);
}

TEST_F(Apcs, InsertionWorksAtDispatchLevel) {
    Seen apc;
    apc.init(KeGetCurrentThread(), KernelMode, 0);
    const KIRQL old_irql = KeRaiseIrqlToDpcLevel();
    EXPECT_TRUE(KeInsertQueueApc(&apc, nullptr, nullptr, 0));
    EXPECT_EQ(apc.kernel, 0);
    KeLowerIrql(old_irql);
    EXPECT_EQ(apc.kernel, 1);
}

}  // namespace
}  // namespace pw::wdk::test
