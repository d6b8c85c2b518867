// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <ntstatus.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "exceptions/exceptions.h"
#include "exceptions/seh_test_macros.h"

namespace {

constexpr std::size_t page_bytes = 4096;

std::uint32_t code_of(NTSTATUS status) { return static_cast<std::uint32_t>(status); }

class Faults : public testing::Test {
protected:
    Faults() {
        pw_faults_install();
        bad_ = static_cast<int*>(mmap(nullptr, page_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    }
    ~Faults() override {
        pw_seh_set_fault_policy(nullptr);
        pw_seh_set_bug_check(nullptr);
        pw_seh_set_unhandled(nullptr);
        pw_seh_set_top_level_filter(nullptr);
        munmap(bad_, page_bytes);
    }
    int* bad_ = nullptr;
};

__attribute__((noinline)) int read_int(const volatile int* p) { return *p; }

SEH_FUNCTION std::uint32_t code_of_reading(const volatile int* p) {
    SEH_MARK
    std::uint32_t code = 0;
    SEH_TRY
        read_int(p);
    SEH_EXCEPT((1))
        code = GetExceptionCode();
    SEH_END
    return code;
}

TEST_F(Faults, BecomeExceptionsInsideATry) { EXPECT_EQ(code_of_reading(bad_), code_of(STATUS_ACCESS_VIOLATION)); }

TEST_F(Faults, OfATruncatedFileAreInPageErrors) {
    const int file = memfd_create("short", 0);
    ASSERT_EQ(ftruncate(file, page_bytes), 0);
    auto* const view = static_cast<int*>(mmap(nullptr, page_bytes, PROT_READ, MAP_SHARED, file, 0));
    ASSERT_EQ(ftruncate(file, 0), 0);
    EXPECT_EQ(code_of_reading(view), code_of(STATUS_IN_PAGE_ERROR));
    munmap(view, page_bytes);
    close(file);
}

pw_fault_policy check_everything(const pw_fault_info*) { return PW_FAULT_BUG_CHECK; }
pw_fault_policy ask_default(const pw_fault_info*) { return PW_FAULT_DEFAULT; }

void report_bug_check(const pw_fault_info* fault, EXCEPTION_POINTERS* pointers) {
    const bool right = fault->has_frame == 1 && fault->status == code_of(STATUS_ACCESS_VIOLATION) && fault->is_write == 0 &&
                       pointers->ExceptionRecord->ExceptionInformation[1] == fault->address &&
                       pointers->ContextRecord->Rip == fault->instruction;
    std::fprintf(stderr, "bug check %s\n", right ? "with the fault" : "without the fault");
    std::_Exit(3);
}

TEST_F(Faults, CanBeBugChecksEvenInsideATry) {
    const auto run = [this] {
        pw_seh_set_fault_policy(check_everything);
        pw_seh_set_bug_check(report_bug_check);
        code_of_reading(bad_);
    };
    EXPECT_EXIT(run(), testing::ExitedWithCode(3), "bug check with the fault");
}

TEST_F(Faults, OfABugCheckWithoutAHookEndTheProcessByTheSignal) {
    const auto run = [this] {
        pw_seh_set_fault_policy(check_everything);
        code_of_reading(bad_);
    };
    EXPECT_DEATH(run(), "");
}

TEST_F(Faults, FollowTheDefaultWhenThePolicyAsksForIt) {
    pw_seh_set_fault_policy(ask_default);
    EXPECT_EQ(code_of_reading(bad_), code_of(STATUS_ACCESS_VIOLATION));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if !defined(__has_feature)
#define __has_feature(x) 0
#endif
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
TEST_F(Faults, OutsideATryKillByTheirSignal) {
    EXPECT_EXIT(read_int(bad_), testing::KilledBySignal(SIGSEGV), "");
    EXPECT_EXIT(__asm__ volatile("int3"), testing::KilledBySignal(SIGTRAP), "");
    EXPECT_EXIT(std::raise(SIGSEGV), testing::KilledBySignal(SIGSEGV), "");
}
#endif
#endif

SEH_FUNCTION void decline(const volatile int* p) {
    SEH_MARK
    SEH_TRY
        read_int(p);
    SEH_EXCEPT((0))
        std::_Exit(4);
    SEH_END
}

LONG leave_through_hook(EXCEPTION_POINTERS* pointers) {
    std::_Exit(pointers->ExceptionRecord->ExceptionCode == code_of(STATUS_ACCESS_VIOLATION) ? 5 : 6);
}

TEST_F(Faults, ThatNobodyTakesReachTheUnhandledHook) {
    const auto run = [this] {
        pw_seh_set_unhandled(leave_through_hook);
        decline(bad_);
    };
    EXPECT_EXIT(run(), testing::ExitedWithCode(5), "");
}

TEST_F(Faults, ThatNobodyTakesDieAtTheFaultingInstruction) { EXPECT_DEATH(decline(bad_), ""); }

LONG skip_to_zero(EXCEPTION_POINTERS* pointers) {
    static int zero = 0;
    for (DWORD64* reg = &pointers->ContextRecord->Rax; reg != &pointers->ContextRecord->Rip; ++reg) {
        if (*reg == pointers->ExceptionRecord->ExceptionInformation[1]) *reg = reinterpret_cast<DWORD64>(&zero);
    }
    return -1;
}

TEST_F(Faults, AreContinuedByATopLevelFilterOrAVectoredHandler) {
    pw_seh_set_top_level_filter(skip_to_zero);
    EXPECT_EQ(read_int(bad_), 0);
    pw_seh_set_top_level_filter(nullptr);
    void* const handle = pw_seh_add_vectored(0, skip_to_zero);
    EXPECT_EQ(read_int(bad_), 0);
    EXPECT_EQ(pw_seh_remove_vectored(handle), 1);
    EXPECT_EQ(pw_seh_remove_vectored(handle), 0);
}

std::vector<int> asked;
LONG first_handler(EXCEPTION_POINTERS*) {
    asked.push_back(1);
    return 0;
}
LONG second_handler(EXCEPTION_POINTERS*) {
    asked.push_back(2);
    return 0;
}

TEST_F(Faults, AskVectoredHandlersInOrderUnlessTheThreadIsInTheKernel) {
    void* const second = pw_seh_add_vectored(0, second_handler);
    void* const first = pw_seh_add_vectored(1, first_handler);
    code_of_reading(bad_);
    EXPECT_EQ(asked, (std::vector<int>{1, 2}));
    EXPECT_EQ(pw_seh_exchange_vectored(0), 1);
    code_of_reading(bad_);
    EXPECT_EQ(pw_seh_exchange_vectored(1), 0);
    EXPECT_EQ(asked.size(), 2u);
    pw_seh_remove_vectored(first);
    pw_seh_remove_vectored(second);
}

std::atomic<int> resolver_calls{0};
pw_fault_answer count_and_decline(const pw_fault_info* fault, void* context) {
    EXPECT_EQ(fault->address, reinterpret_cast<std::uint64_t>(context));
    EXPECT_EQ(fault->has_frame, 1);
    ++resolver_calls;
    return PW_FAULT_NOT_MINE;
}

TEST_F(Faults, AskResolversBeforeTheyBecomeExceptions) {
    for (int i = 0; i < 3; ++i) ASSERT_EQ(pw_fault_add_resolver(i, count_and_decline, bad_), 1);
    code_of_reading(bad_);
    EXPECT_EQ(resolver_calls, 3);
    pw_fault_remove_resolver(count_and_decline, bad_);
    code_of_reading(bad_);
    EXPECT_EQ(resolver_calls, 5);
    pw_fault_remove_resolver(count_and_decline, bad_);
    pw_fault_remove_resolver(count_and_decline, bad_);
    code_of_reading(bad_);
    EXPECT_EQ(resolver_calls, 5);
}

// The page can be read from the second access on, as a guard page.
pw_fault_answer guard_once(const pw_fault_info* fault, void* context) {
    void* const page = reinterpret_cast<void*>(fault->address & ~std::uint64_t{4095});
    if (page != context || ::mprotect(page, 4096, PROT_READ | PROT_WRITE) != 0) return PW_FAULT_NOT_MINE;
    return PW_FAULT_GUARD_PAGE;
}

TEST_F(Faults, AtAGuardPageHaveTheirOwnCodeAndHappenOnce) {
    void* const page = ::mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(page, MAP_FAILED);
    ASSERT_EQ(pw_fault_add_resolver(PW_FAULT_ORDER_MAPPING, guard_once, page), 1);
    EXPECT_EQ(code_of_reading(static_cast<int*>(page)), code_of(STATUS_GUARD_PAGE_VIOLATION));
    EXPECT_EQ(code_of_reading(static_cast<int*>(page)), 0u);
    // A guarded copy ends there, and can be tried again.
    ASSERT_EQ(::mprotect(page, 4096, PROT_NONE), 0);
    int value = 5;
    EXPECT_EQ(pw_guarded_copy(&value, page, sizeof value, nullptr), sizeof value);
    EXPECT_EQ(pw_guarded_copy(&value, page, sizeof value, nullptr), 0u);
    EXPECT_EQ(value, 0);
    pw_fault_remove_resolver(guard_once, page);
    ::munmap(page, 4096);
}

TEST_F(Faults, RefuseASeventeenthResolver) {
    int added = 0;
    while (pw_fault_add_resolver(0, count_and_decline, bad_) == 1) ++added;
    EXPECT_EQ(added, 15);  // the guarded accesses' own is there
    for (int i = 0; i < added; ++i) pw_fault_remove_resolver(count_and_decline, bad_);
}

pw_fault_answer decline_quietly(const pw_fault_info*, void*) { return PW_FAULT_NOT_MINE; }

TEST_F(Faults, SurviveResolversThatComeAndGo) {
    std::atomic<bool> stop{false};
    std::thread changer([&stop] {
        while (!stop) {
            EXPECT_EQ(pw_fault_add_resolver(1, decline_quietly, &stop), 1);
            pw_fault_remove_resolver(decline_quietly, &stop);
        }
    });
    for (int i = 0; i < 2000; ++i) ASSERT_EQ(code_of_reading(bad_), code_of(STATUS_ACCESS_VIOLATION));
    stop = true;
    changer.join();
}

SEH_FUNCTION int kernel_entry_hides_frames(const volatile int* p) {
    SEH_MARK
    int result = 0;
    SEH_TRY
        pw_seh_frame* const caller = pw_seh_exchange_frames(nullptr);
        result = caller != nullptr && code_of_reading(p) == code_of(STATUS_ACCESS_VIOLATION) ? 1 : -1;
        if (pw_seh_exchange_frames(caller) != nullptr) result = -2;
        read_int(p);
    SEH_EXCEPT((1))
        result += 10;
    SEH_END
    return result;
}

TEST_F(Faults, OfTheKernelDoNotSeeTheCallersFrames) { EXPECT_EQ(kernel_entry_hides_frames(bad_), 11); }

SEH_FUNCTION int count_finally(const volatile int* p) {
    SEH_MARK
    int order = 0;
    SEH_TRY
        SEH_TRY
            read_int(p);
        SEH_FINALLY
            order = order * 10 + 1 + AbnormalTermination();
        SEH_FINALLY_END
    SEH_EXCEPT((1))
        order = order * 10 + 3;
    SEH_END
    return order;
}

TEST_F(Faults, RunTerminationHandlersBeforeTheHandler) { EXPECT_EQ(count_finally(bad_), 23); }

}  // namespace
