// SPDX-License-Identifier: Apache-2.0
// The table of documented IRQL limits, row by row: above its limit every routine stops the system before it looks at an argument.
#include "wdk_api/irql_limit.h"

#include <ntifs.h>
#include <wdmsec.h>

#include <csetjmp>
#include <string>

#include "base/leak_amnesty_test.h"
#include "kernel/dispatcher/bug_check.h"
#include "verifier/verifier.h"
#include "verifier/violation.h"
#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk {
namespace {

struct Row {
    const char* name;
    const void* routine;
    KIRQL limit;
};

constexpr ULONG irql_not_less_or_equal = 0x0A;
constexpr KIRQL device_level = DISPATCH_LEVEL + 1;
constexpr ULONG tag = 0x54736574;

// A routine as a machine sees it: more arguments than any of them has.
using Routine = void (*)(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t,
                         std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t);

std::vector<Row> rows() {
    return {
#define PW_IRQL_MOST(Name, Limit) {#Name, reinterpret_cast<const void*>(&::Name), Limit},
#define PW_IRQL_ARGUMENTS(Name, Limit, Text)
#define PW_IRQL_ROOM(Name, Limit, Text)
#define PW_IRQL_ANY(Name)
#define PW_IRQL_UNSTATED(Name)
#include "wdk_api/irql/all.inc"
#undef PW_IRQL_MOST
#undef PW_IRQL_ARGUMENTS
#undef PW_IRQL_ROOM
#undef PW_IRQL_ANY
#undef PW_IRQL_UNSTATED
    };
}

std::jmp_buf back;
ULONG stopped_code;
ULONG_PTR stopped_parameters[4];
std::string stopped_text;

void leave(const ke::BugCheckReport& report) {
    stopped_code = report.code;
    std::copy(std::begin(report.parameters), std::end(report.parameters), std::begin(stopped_parameters));
    stopped_text = report.text;
    ke::forget_bug_check();
    std::longjmp(back, 1);
}

class IrqlLimit : public test::KernelFixture {
protected:
    void SetUp() override {
        KernelFixture::SetUp();
        ke::set_bug_check_hooks({.without_stack = true});
        previous_ = ke::set_bug_check_action(leave);
    }
    void TearDown() override {
        ke::set_bug_check_action(previous_);
        ke::set_bug_check_hooks({});
        KernelFixture::TearDown();
    }

    // Whether `act` ended in a bug check at `irql`.
    template <typename Act>
    static bool stops_at(KIRQL irql, const Act& act) {
        stopped_code = 0;
        stopped_text.clear();
        const KIRQL old_irql = KfRaiseIrql(irql);
        const bool stopped = call(act);
        ke::Thread::current()->pretend_irql(irql);
        KeLowerIrql(old_irql);
        return stopped;
    }

    template <typename Act>
    [[gnu::noinline]] static bool call(const Act& act) {
        if (setjmp(back) != 0) return true;
        act();
        return false;
    }

private:
    ke::BugCheckAction previous_ = nullptr;
};

#if defined(__clang__)
__attribute__((no_sanitize("undefined")))
#endif
void call_with_nothing(const void* routine) {
    reinterpret_cast<Routine>(const_cast<void*>(routine))(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

TEST_F(IrqlLimit, StopsEveryRoutineOfTheTableAboveItsLimitUnderNtsName) {
    const std::vector<Row> table = rows();
    ASSERT_GT(table.size(), 400u);
    for (const Row& row : table) {
        const KIRQL irql = row.limit < DISPATCH_LEVEL ? KIRQL{DISPATCH_LEVEL} : device_level;
        EXPECT_TRUE(stops_at(irql, [&] { call_with_nothing(row.routine); })) << row.name;
        EXPECT_EQ(stopped_code, irql_not_less_or_equal) << row.name;
        EXPECT_EQ(stopped_parameters[1], irql) << row.name;
        EXPECT_NE(stopped_text.find(std::string(row.name) + " may be called at IRQL <= "), std::string::npos) << row.name;
    }
}

TEST_F(IrqlLimit, DependsOnTheArgumentsWhereTheDocumentationSaysSo) {
    KEVENT event;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    EXPECT_FALSE(stops_at(DISPATCH_LEVEL, [&] { KeSetEvent(&event, 0, FALSE); }));
    EXPECT_TRUE(stops_at(DISPATCH_LEVEL, [&] { KeSetEvent(&event, 0, TRUE); }));
    EXPECT_TRUE(stops_at(device_level, [&] { KeSetEvent(&event, 0, FALSE); }));
    EXPECT_EQ(stopped_code, irql_not_less_or_equal);
}

TEST_F(IrqlLimit, KnowsPagedPoolAtDispatchLevelUnderThePoolsName) {
    constexpr ULONG bad_pool_caller = 0xC2;
    PVOID paged = ExAllocatePoolWithTag(PagedPool, 64, tag);
    EXPECT_TRUE(stops_at(DISPATCH_LEVEL, [] { static_cast<void>(ExAllocatePoolWithTag(PagedPool, 64, tag)); }));
    EXPECT_EQ(stopped_code, bad_pool_caller);
    EXPECT_EQ(stopped_parameters[0], 0x8u);
    EXPECT_EQ(stopped_parameters[1], DISPATCH_LEVEL);
    EXPECT_TRUE(stops_at(DISPATCH_LEVEL, [&] { ExFreePoolWithTag(paged, tag); }));
    EXPECT_EQ(stopped_code, bad_pool_caller);
    EXPECT_EQ(stopped_parameters[0], 0x9u);
    ExFreePoolWithTag(paged, tag);
    PVOID nonpaged = nullptr;
    EXPECT_FALSE(stops_at(DISPATCH_LEVEL, [&] { nonpaged = ExAllocatePoolWithTag(NonPagedPoolNx, 64, tag); }));
    EXPECT_FALSE(stops_at(DISPATCH_LEVEL, [&] { ExFreePoolWithTag(nonpaged, tag); }));
    EXPECT_TRUE(stops_at(device_level, [] { static_cast<void>(ExAllocatePoolWithTag(NonPagedPoolNx, 64, tag)); }));
}

TEST_F(IrqlLimit, SaysACallAtApcLevelOnceAndGoesOnAsNtDoes) {
    NTSTATUS status = STATUS_SUCCESS;
    EXPECT_FALSE(stops_at(APC_LEVEL, [&] { status = ZwDeleteFile(nullptr); }));
    EXPECT_NE(status, STATUS_SUCCESS);
    EXPECT_TRUE(has_report("ZwDeleteFile may be called at IRQL <= PASSIVE_LEVEL"));
}

TEST_F(IrqlLimit, StopsACallAtApcLevelWithTheVerifier) {
    const pw::test::LeakAmnesty amnesty;
    verifier::Verifier verifier(kernel());
    EXPECT_TRUE(stops_at(APC_LEVEL, [] { static_cast<void>(ZwClose(nullptr)); }));
    EXPECT_EQ(stopped_code, verifier::driver_verifier_detected_violation);
    EXPECT_EQ(stopped_parameters[0], verifier::own_irql_too_high);
    EXPECT_TRUE(stops_at(DISPATCH_LEVEL, [] { static_cast<void>(ExAllocatePoolWithTag(PagedPool, 64, tag)); }));
    EXPECT_EQ(stopped_code, verifier::driver_verifier_detected_violation);
    EXPECT_EQ(stopped_parameters[0], 0x1u);
    EXPECT_TRUE(stops_at(device_level, [] { static_cast<void>(ExAllocatePoolWithTag(NonPagedPool, 64, tag)); }));
    EXPECT_EQ(stopped_parameters[0], 0x2u);
    verifier.disconnect();
}

TEST_F(IrqlLimit, StopsACompletionAboveDispatchLevel) {
    PDEVICE_OBJECT device = make_device();
    PIRP irp = make_received_irp(device);
    EXPECT_TRUE(stops_at(device_level, [&] { IofCompleteRequest(irp, IO_NO_INCREMENT); }));
    EXPECT_EQ(stopped_code, irql_not_less_or_equal);
    IoFreeIrp(irp);
}

}  // namespace
}  // namespace pw::wdk
