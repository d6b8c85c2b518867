// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/bug_check.h"

#include <csetjmp>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "base/trace_ring.h"
#include "kernel/dispatcher/dispatcher_test_support.h"

namespace pw::ke {
namespace {

using namespace test;

TEST(BugCheck, KnowsNtsNames) {
    EXPECT_STREQ(bug_check_name(0xD1), "DRIVER_IRQL_NOT_LESS_OR_EQUAL");
    EXPECT_STREQ(bug_check_name(0x50), "PAGE_FAULT_IN_NONPAGED_AREA");
    EXPECT_STREQ(bug_check_name(0x12345678), "UNKNOWN");
}

[[gnu::noinline]] void a_named_function() {
    bug_check(0xD1, 0x1234, 2, 1, 0xabcd);
    asm volatile("");
}

TEST(BugCheckDeathTest, PrintsCodeParametersIrqlAndTheStackWithFileAndLine) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            a_named_function();
        },
        "STOP: 0x000000D1 DRIVER_IRQL_NOT_LESS_OR_EQUAL \\(0x1234, 0x2, 0x1, 0xabcd\\)"
        "(.|\n)*memory referenced(.|\n)*IRQL 0(.|\n)*a_named_function\\(\\) at .*bug_check_test.cpp:[0-9]+");
}

TEST(BugCheckDeathTest, PrintsTheLastEventsAndWhatTheHooksTell) {
    PW_EXPECT_BUG_CHECK(
        {
            BugCheckHooks hooks;
            hooks.current_process = [] { return std::string("app (42)"); };
            hooks.driver_of = [](const void*) { return std::string("foo.sys"); };
            set_bug_check_hooks(hooks);
            trace("the last thing", 0x77);
            BugCheckContext context;
            context.instruction = reinterpret_cast<const void*>(&a_named_function);
            context.frame_pointer = __builtin_frame_address(0);
            context.detail = "in detail";
            bug_check(0xC4, 1, 2, 3, 4, &context);
        },
        "in detail(.|\n)*app \\(42\\)(.|\n)*foo.sys(.|\n)*the last thing 0x77");
}

struct HasOneReport : testing::MatcherInterface<const std::string&> {
    bool MatchAndExplain(const std::string& text, testing::MatchResultListener*) const override {
        const std::size_t first = text.find("*** STOP: 0x000000E2");
        return first != std::string::npos && text.find("*** STOP", first + 1) == std::string::npos &&
               text.find("*** end of bug check") != std::string::npos;
    }
    void DescribeTo(std::ostream* out) const override { *out << "has one whole report"; }
};

TEST(BugCheckDeathTest, OnlyTheFirstOfSeveralThreadsReports) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            std::vector<std::thread> threads;
            for (int i = 0; i < 4; ++i) threads.emplace_back([] { bug_check(0xE2); });
            for (std::thread& thread : threads) thread.join();
        },
        testing::Matcher<const std::string&>(new HasOneReport));
}

jmp_buf escape;
ULONG seen_code;

TEST(BugCheck, ATestCanTakeTheActionAndGoOn) {
    const BugCheckAction before = set_bug_check_action([](const BugCheckReport& report) {
        seen_code = report.code;
        forget_bug_check();
        longjmp(escape, 1);
    });
    testing::internal::CaptureStderr();
    if (setjmp(escape) == 0) bug_check(0xE2);
    testing::internal::GetCapturedStderr();
    set_bug_check_action(before);
    EXPECT_EQ(seen_code, 0xE2u);
}

TEST(TraceRing, KeepsTheLastEventsInOrder) {
    for (std::uint64_t i = 0; i < trace_capacity + 10; ++i) trace("count", i);
    std::vector<TraceEvent> events(trace_capacity);
    const std::size_t count = read_trace(events.data(), 5);
    ASSERT_EQ(count, 5u);
    for (std::size_t i = 0; i < count; ++i) {
        EXPECT_STREQ(events[i].name, "count");
        EXPECT_EQ(events[i].arguments[0], trace_capacity + 5 + i);
    }
}

}  // namespace
}  // namespace pw::ke
