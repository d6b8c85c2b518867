// SPDX-License-Identifier: Apache-2.0
// Limits of one process: each with its documented status, given back when things go, and nobody else's business.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "detached_process_test.h"
#include "holder_test.h"
#include "test_host_test.h"

namespace pw::chaos {
namespace {

constexpr std::uint64_t own_process = ~std::uint64_t{0};

HostSettings with_limits(const ps::ProcessLimits& limits) {
    HostSettings settings;
    settings.kernel = [limits](nt::KernelOptions& options) { options.process_limits = limits; };
    return settings;
}

Status create_event(DetachedProcess& p, std::u16string_view name, std::uint64_t* handle) {
    nt::NtCreateEventIn in{};
    in.desired_access = 0x1F0003;
    in.object.attributes = OBJ_CASE_INSENSITIVE;
    if (!name.empty()) {
        in.object.name = p.text(name);
        in.object.has_name = 1;
    }
    nt::NtCreateEventOut out{};
    const Status status = p.call(in, &out);
    *handle = out.handle.value;
    return status;
}

Status create_section(DetachedProcess& p, std::uint64_t bytes, std::uint64_t* handle) {
    nt::NtCreateSectionIn in{};
    in.desired_access = 0xF001F;
    in.page_protection = PAGE_READWRITE;
    in.allocation_attributes = 0x8000000;
    in.maximum_bytes = bytes;
    nt::NtCreateSectionOut out{};
    const Status status = p.call(in, &out);
    *handle = out.handle.value;
    return status;
}

Status allocate(DetachedProcess& p, std::uint64_t bytes) {
    nt::NtAllocateVirtualMemoryIn in{};
    in.process.value = own_process;
    in.region_bytes = bytes;
    in.allocation_type = 0x3000;
    in.page_protection = PAGE_READWRITE;
    return p.call(in);
}

Status open_device(DetachedProcess& p, bool synchronous, std::uint64_t* handle) {
    nt::NtCreateFileIn in{};
    in.object.name = p.text(device_path);
    in.object.has_name = 1;
    in.desired_access = GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE;
    in.share_access = 7;
    in.disposition = FILE_OPEN;
    in.options = synchronous ? FILE_SYNCHRONOUS_IO_NONALERT : 0;
    nt::NtCreateFileOut out{};
    const Status status = p.call(in, &out);
    *handle = out.handle.value;
    return status;
}

Status control(DetachedProcess& p, std::uint64_t file, ULONG code, std::uint32_t output_bytes) {
    nt::NtDeviceIoControlFileIn in{};
    in.file.value = file;
    in.code = code;
    in.output.value = p.arena(0);
    in.output_bytes = output_bytes;
    return p.call(in);
}

Status close(DetachedProcess& p, std::uint64_t handle) { return p.call(nt::NtCloseIn{{handle}}); }

TEST(Quota, Handles) {
    ps::ProcessLimits limits;
    limits.max_handles = 10;
    TestHost host(with_limits(limits));
    DetachedProcess process(host.kernel());
    std::uint64_t handle = 0;
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(create_event(process, u"", &handle).is_success());
    std::uint64_t more = 0;
    EXPECT_EQ(create_event(process, u"", &more).code(), STATUS_QUOTA_EXCEEDED);
    EXPECT_TRUE(close(process, handle).is_success());
    EXPECT_TRUE(create_event(process, u"", &more).is_success());
    // A name is not taken by an object that got no handle.
    EXPECT_EQ(create_event(process, u"\\BaseNamedObjects\\quota", &handle).code(), STATUS_QUOTA_EXCEEDED);
    EXPECT_TRUE(close(process, more).is_success());
    EXPECT_TRUE(create_event(process, u"\\BaseNamedObjects\\quota", &handle).is_success());
}

TEST(Quota, NamedObjects) {
    ps::ProcessLimits limits;
    limits.max_named_objects = 2;
    TestHost host(with_limits(limits));
    DetachedProcess process(host.kernel());
    std::uint64_t first = 0;
    std::uint64_t handle = 0;
    ASSERT_TRUE(create_event(process, u"\\BaseNamedObjects\\q1", &first).is_success());
    ASSERT_TRUE(create_event(process, u"\\BaseNamedObjects\\q2", &handle).is_success());
    EXPECT_EQ(create_event(process, u"\\BaseNamedObjects\\q3", &handle).code(), STATUS_QUOTA_EXCEEDED);
    EXPECT_TRUE(create_event(process, u"", &handle).is_success());
    EXPECT_TRUE(close(process, first).is_success());
    EXPECT_TRUE(create_event(process, u"\\BaseNamedObjects\\q3", &handle).is_success());
}

TEST(Quota, AnApplicationMakesNothingPermanent) {
    TestHost host;
    DetachedProcess process(host.kernel(), 12345);  // nobody special
    nt::NtCreateEventIn in{};
    in.desired_access = 0x1F0003;
    in.object.attributes = OBJ_PERMANENT;
    in.object.name = process.text(u"\\BaseNamedObjects\\permanent");
    in.object.has_name = 1;
    EXPECT_EQ(process.call(in).code(), STATUS_PRIVILEGE_NOT_HELD);
}

TEST(Quota, Threads) {
    ps::ProcessLimits limits;
    limits.max_threads = 4;
    TestHost host(with_limits(limits));
    DetachedProcess process(host.kernel());  // has one
    const nt::PwCreateThreadIn in{0x1FFFFF};
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(process.call(in).is_success());
    EXPECT_EQ(process.call(in).code(), STATUS_QUOTA_EXCEEDED);
}

TEST(Quota, SectionsAndVirtualMemoryCostSegmentsAndPages) {
    ps::ProcessLimits limits;
    limits.max_segments = 3;
    limits.max_committed_pages = 100;
    TestHost host(with_limits(limits));
    DetachedProcess process(host.kernel());
    mm::MemoryQuota& quota = *process.process().address_space().quota();
    std::uint64_t section = 0;
    EXPECT_EQ(create_section(process, 101 * 4096, &section).code(), STATUS_COMMITMENT_LIMIT);
    ASSERT_TRUE(create_section(process, 60 * 4096, &section).is_success());
    EXPECT_EQ(allocate(process, 41 * 4096).code(), STATUS_COMMITMENT_LIMIT);
    ASSERT_TRUE(allocate(process, 30 * 4096).is_success());
    ASSERT_TRUE(allocate(process, 10 * 4096).is_success());
    EXPECT_EQ(allocate(process, 4096).code(), STATUS_QUOTA_EXCEEDED);
    EXPECT_EQ(quota.charged_pages(), 100u);
    EXPECT_EQ(quota.segment_count(), 3u);
    EXPECT_TRUE(close(process, section).is_success());
    EXPECT_EQ(quota.charged_pages(), 40u);
    EXPECT_TRUE(allocate(process, 4096).is_success());
    // Another process has its own.
    {
        std::jthread other([&] {
            DetachedProcess second(host.kernel());
            EXPECT_TRUE(allocate(second, 100 * 4096).is_success());
        });
    }
}

TEST(Quota, LockedPages) {
    ps::ProcessLimits limits;
    limits.max_locked_pages = 4;
    TestHost host(with_limits(limits));
    DetachedProcess process(host.kernel());
    std::uint64_t file = 0;
    ASSERT_TRUE(open_device(process, true, &file).is_success());
    EXPECT_EQ(control(process, file, code_fill, 5 * 4096).code(), STATUS_WORKING_SET_QUOTA);
    EXPECT_EQ(control(process, file, code_fill, 4 * 4096).code(), STATUS_SUCCESS);
    EXPECT_EQ(control(process, file, code_fill, 4 * 4096).code(), STATUS_SUCCESS);  // given back
}

TEST(Quota, BufferedRequestsAreChargedWhileTheyRun) {
    ps::ProcessLimits limits;
    limits.max_committed_pages = 100;
    TestHost host(with_limits(limits));
    DetachedProcess process(host.kernel());
    std::uint64_t file = 0;
    ASSERT_TRUE(open_device(process, true, &file).is_success());
    EXPECT_EQ(control(process, file, code_echo, 101 * 4096).code(), STATUS_COMMITMENT_LIMIT);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(control(process, file, code_echo, 100 * 4096).code(), STATUS_SUCCESS);
    EXPECT_EQ(process.process().address_space().quota()->charged_pages(), 0u);
}

TEST(Quota, PendingRequests) {
    ps::ProcessLimits limits;
    limits.max_pending_requests = 3;
    TestHost host(with_limits(limits));
    DetachedProcess process(host.kernel());
    std::uint64_t file = 0;
    ASSERT_TRUE(open_device(process, false, &file).is_success());
    for (int i = 0; i < 3; ++i) ASSERT_EQ(control(process, file, code_pend, 4096).code(), STATUS_PENDING);
    EXPECT_EQ(control(process, file, code_pend, 4096).code(), STATUS_QUOTA_EXCEEDED);
    EXPECT_EQ(process.call(nt::NtCancelIoFileExIn{{file}, {0}, {0}}).code(), STATUS_SUCCESS);
}

// --- others go on
TEST(Isolation, AStoppedClientDelaysNobody) {
    TestHost host;
    Holder stopped(host.socket_path(), "delay-flood");
    stopped.send_signal(SIGSTOP);
    // Whole clients come, use every kind of completion, and go.
    for (int i = 0; i < 3; ++i) Holder(host.socket_path(), "overlapped-roundtrips").kill();
    host.wait_until_clients(1);
    stopped.kill();  // also a stopped process can be killed
    host.wait_until_empty();
}

TEST(Isolation, AFloodingClientDelaysNobody) {
    TestHost host;
    Holder calls(host.socket_path(), "flood-calls");
    Holder attaches(host.socket_path(), "flood-attach");
    for (int i = 0; i < 3; ++i) Holder(host.socket_path(), "overlapped-roundtrips").kill();
    calls.kill();
    attaches.kill();
    host.wait_until_empty();
}

TEST(Isolation, AClientThatTakesAllItsConnectionsLeavesTheOthersTheirs) {
    HostSettings settings;
    settings.server = [](channel::ServerOptions& options) {
        options.max_connections = 40;
        options.max_connections_per_process = 8;
        options.handshake_timeout_ms = 100'000;
    };
    TestHost host(settings);
    Holder flood(host.socket_path(), "flood-connect");
    EXPECT_LE(host.server().connection_count(), 8u);
    Holder(host.socket_path(), "overlapped-roundtrips").kill();
    EXPECT_TRUE(host.has_line("turned away"));
    flood.kill();
    host.wait_until_empty();
}

}  // namespace
}  // namespace pw::chaos
