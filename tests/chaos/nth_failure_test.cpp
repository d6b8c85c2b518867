// SPDX-License-Identifier: Apache-2.0
// Each public operation fails at its first, second, … internal step until it succeeds: with a documented status, and
// without a leak. Steps are allocations, mappings, descriptors and threads (platform/fault_injection.h).
#include <gtest/gtest.h>
#include <ntddk.h>

#include <functional>
#include <new>
#include <vector>

#include "detached_process_test.h"
#include "host_counts_test.h"
#include "kernel/memory/contiguous_memory.h"
#include "kernel/memory/section.h"
#include "platform/fault_injection.h"
#include "test_host_test.h"

// The kernel's own allocations are nothrow; this program's fail when a test says so.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    if (pw::platform::step_fails(pw::platform::FailurePoint::allocation)) return nullptr;
    try {
        return ::operator new(bytes);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    if (pw::platform::step_fails(pw::platform::FailurePoint::allocation)) return nullptr;
    try {
        return ::operator new(bytes, alignment);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

namespace pw::chaos {
namespace {

constexpr std::uint64_t this_process_handle = ~std::uint64_t{0};

struct Operation {
    const char* name;
    // Does it and undoes it.
    std::function<Status(DetachedProcess&)> run;
};

class NthFailure : public ::testing::Test {
protected:
    static bool is_documented(Status status) {
        for (const NTSTATUS expected : {STATUS_INSUFFICIENT_RESOURCES, STATUS_NO_MEMORY, STATUS_COMMITMENT_LIMIT,
                                        STATUS_QUOTA_EXCEEDED, STATUS_TOO_MANY_OPENED_FILES, STATUS_ACCESS_VIOLATION}) {
            if (status.code() == expected) return true;
        }
        return false;
    }
    HostCounts counts(DetachedProcess* process) {
        HostCounts now = HostCounts::of(host_.kernel());
        now.mappings = 0;
        if (process) now.system_handles += process->process().handles().count();
        return now;
    }
    void try_every_step(const Operation& operation, DetachedProcess& process) {
        SCOPED_TRACE(operation.name);
        // What the first time makes and stays: slabs, tables, threads.
        ASSERT_EQ(operation.run(process).code(), STATUS_SUCCESS);
        constexpr std::uint32_t most_steps = 300;
        std::uint32_t n = 1;
        for (; n < most_steps; ++n) {
            const HostCounts before = counts(&process);
            Status status;
            bool failed = false;
            {
                const platform::FailureScope scope(n);
                status = operation.run(process);
                failed = scope.has_failed();
            }
            if (!failed) {
                EXPECT_EQ(status.code(), STATUS_SUCCESS);
                break;
            }
            EXPECT_TRUE(status.is_success() || is_documented(status)) << "step " << n << ": " << std::hex << status.code();
            EXPECT_EQ(counts(&process), before) << "step " << n << " of " << operation.name;
            // It works again.
            ASSERT_EQ(operation.run(process).code(), STATUS_SUCCESS) << "after step " << n;
        }
        EXPECT_LT(n, most_steps);
        std::printf("%-28s %u steps\n", operation.name, n - 1);
    }
    void try_all(std::initializer_list<Operation> operations) {
        DetachedProcess process(host_.kernel());
        ASSERT_TRUE(process);
        for (const Operation& operation : operations) try_every_step(operation, process);
    }

    // --- calls
    static nt::WireObjectAttributes named(DetachedProcess& p, std::u16string_view name) {
        nt::WireObjectAttributes object{};
        object.attributes = OBJ_CASE_INSENSITIVE;
        if (name.empty()) return object;
        object.name = p.text(name);
        object.has_name = 1;
        return object;
    }
    static Status close(DetachedProcess& p, std::uint64_t handle) { return p.call(nt::NtCloseIn{{handle}}); }
    template <typename In>
    static Status make_and_close(DetachedProcess& p, std::u16string_view name, void (*fill)(In&)) {
        In in{};
        in.object = named(p, name);
        fill(in);
        typename nt::Call<In>::Out out{};
        PW_TRY(p.call(in, &out));
        return close(p, out.handle.value);
    }
    static Status open_device(DetachedProcess& p, std::uint64_t* handle, bool synchronous = true) {
        nt::NtCreateFileIn in{};
        in.object = named(p, device_path);
        in.desired_access = GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE;
        in.share_access = 7;
        in.disposition = FILE_OPEN;
        in.options = synchronous ? FILE_SYNCHRONOUS_IO_NONALERT : 0;
        nt::NtCreateFileOut out{};
        const Status status = p.call(in, &out);
        *handle = out.handle.value;
        return status;
    }
    static Status control(DetachedProcess& p, ULONG code, std::uint32_t input_bytes, std::uint32_t output_bytes) {
        std::uint64_t file = 0;
        PW_TRY(open_device(p, &file));
        nt::NtDeviceIoControlFileIn in{};
        in.file.value = file;
        in.code = code;
        in.input.value = p.arena(0);
        in.input_bytes = input_bytes;
        in.output.value = p.arena(1 << 20);
        in.output_bytes = output_bytes;
        const Status status = p.call(in);
        close(p, file).ignore();
        return status;
    }

    TestHost host_;
};

TEST_F(NthFailure, Objects) {
    try_all({
        {"event", [](DetachedProcess& p) {
             return make_and_close<nt::NtCreateEventIn>(p, u"", [](auto& in) { in.desired_access = 0x1F0003; });
         }},
        {"named event", [](DetachedProcess& p) {
             return make_and_close<nt::NtCreateEventIn>(p, u"\\BaseNamedObjects\\nth", [](auto& in) { in.desired_access = 0x1F0003; });
         }},
        {"mutant", [](DetachedProcess& p) {
             return make_and_close<nt::NtCreateMutantIn>(p, u"\\BaseNamedObjects\\nth", [](auto& in) { in.desired_access = 0x1F0001; });
         }},
        {"semaphore", [](DetachedProcess& p) {
             return make_and_close<nt::NtCreateSemaphoreIn>(p, u"\\BaseNamedObjects\\nth", [](auto& in) {
                 in.desired_access = 0x1F0003;
                 in.maximum_count = 3;
             });
         }},
        {"section", [](DetachedProcess& p) {
             return make_and_close<nt::NtCreateSectionIn>(p, u"\\BaseNamedObjects\\nth", [](auto& in) {
                 in.desired_access = 0xF001F;
                 in.page_protection = PAGE_READWRITE;
                 in.allocation_attributes = 0x8000000;
                 in.maximum_bytes = 1 << 20;
             });
         }},
        {"duplicate", [](DetachedProcess& p) {
             nt::NtCreateEventIn in{};
             in.desired_access = 0x1F0003;
             nt::NtCreateEventOut event{};
             PW_TRY(p.call(in, &event));
             nt::NtDuplicateObjectIn duplicate{};
             duplicate.source_process.value = duplicate.target_process.value = this_process_handle;
             duplicate.source = event.handle;
             duplicate.options = DUPLICATE_SAME_ACCESS;
             nt::NtDuplicateObjectOut out{};
             const Status status = p.call(duplicate, &out);
             if (status.is_success()) close(p, out.handle.value).ignore();
             close(p, event.handle.value).ignore();
             return status;
         }},
    });
}

TEST_F(NthFailure, Memory) {
    try_all({
        {"view of a section", [](DetachedProcess& p) {
             nt::NtCreateSectionIn in{};
             in.desired_access = 0xF001F;
             in.page_protection = PAGE_READWRITE;
             in.allocation_attributes = 0x8000000;
             in.maximum_bytes = 1 << 20;
             nt::NtCreateSectionOut section{};
             PW_TRY(p.call(in, &section));
             nt::NtMapViewOfSectionIn map{};
             map.section = section.handle;
             map.process.value = this_process_handle;
             map.inherit = 2;
             map.page_protection = PAGE_READWRITE;
             nt::NtMapViewOfSectionOut view{};
             const Status status = p.call(map, &view);
             if (status.is_success()) p.call(nt::NtUnmapViewOfSectionIn{{this_process_handle}, view.base, 0}).ignore();
             close(p, section.handle.value).ignore();
             return status;
         }},
        {"virtual memory", [](DetachedProcess& p) {
             nt::NtAllocateVirtualMemoryIn in{};
             in.process.value = this_process_handle;
             in.region_bytes = 1 << 20;
             in.allocation_type = 0x3000;
             in.page_protection = PAGE_READWRITE;
             nt::NtAllocateVirtualMemoryOut out{};
             PW_TRY(p.call(in, &out));
             nt::NtFreeVirtualMemoryIn free{};
             free.process.value = this_process_handle;
             free.base = out.base;
             free.free_type = 0x8000;
             return p.call(free);
         }},
    });
}

TEST_F(NthFailure, Requests) {
    try_all({
        {"open device", [](DetachedProcess& p) {
             std::uint64_t file = 0;
             PW_TRY(open_device(p, &file));
             return close(p, file);
         }},
        {"METHOD_BUFFERED", [](DetachedProcess& p) { return control(p, code_echo, 3000, 3000); }},
        {"METHOD_BUFFERED, large", [](DetachedProcess& p) { return control(p, code_echo, 300'000, 300'000); }},
        {"METHOD_OUT_DIRECT", [](DetachedProcess& p) { return control(p, code_fill, 4, 70'000); }},
        {"METHOD_IN_DIRECT", [](DetachedProcess& p) { return control(p, code_sum, 4, 70'000); }},
        {"METHOD_NEITHER", [](DetachedProcess& p) { return control(p, code_neither, 4, 70'000); }},
        {"driver maps to user", [](DetachedProcess& p) { return control(p, code_map, 0, 8); }},
    });
}

TEST_F(NthFailure, DriversMemory) {
    try_all({
        {"large pool block", [](DetachedProcess&) -> Status {
             void* block = ExAllocatePoolWithTag(NonPagedPoolNx, 8 << 20, 0x54736554);
             if (!block) return STATUS_INSUFFICIENT_RESOURCES;
             ExFreePoolWithTag(block, 0x54736554);
             return STATUS_SUCCESS;
         }},
        {"contiguous memory", [](DetachedProcess&) -> Status {
             PHYSICAL_ADDRESS highest{};
             highest.QuadPart = ~0LL;
             void* block = MmAllocateContiguousMemory(8 << 20, highest);
             if (!block) return STATUS_INSUFFICIENT_RESOURCES;
             MmFreeContiguousMemory(block);
             return STATUS_SUCCESS;
         }},
        {"pages for an MDL", [](DetachedProcess&) -> Status {
             PHYSICAL_ADDRESS low{};
             PHYSICAL_ADDRESS high{};
             high.QuadPart = ~0LL;
             PMDL mdl = MmAllocatePagesForMdl(low, high, low, 1 << 20);
             if (!mdl) return STATUS_INSUFFICIENT_RESOURCES;
             void* address = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
             MmFreePagesFromMdl(mdl);
             ExFreePool(mdl);
             return address ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
         }},
        {"system thread", [this](DetachedProcess&) -> Status {
             auto thread = host_.kernel().processes().create_system_thread(
                 host_.kernel().processes().system_process(), [](PVOID) {}, nullptr);
             if (!thread) return thread.status();
             LARGE_INTEGER never{};
             never.QuadPart = -600'000'000;
             return KeWaitForSingleObject((*thread)->nt(), Executive, KernelMode, FALSE, &never);
         }},
    });
}

TEST_F(NthFailure, Processes) {
    nt::Kernel::SystemThreadScope scope(host_.kernel());
    {
        DetachedProcess first(host_.kernel());
        ASSERT_TRUE(first);
    }
    for (std::uint32_t n = 1; n < 100; ++n) {
        const HostCounts before = counts(nullptr);
        bool failed = false;
        {
            const platform::FailureScope step(n);
            const DetachedProcess process(host_.kernel());
            failed = step.has_failed();
            if (!process) {
                EXPECT_TRUE(is_documented(process.status())) << "step " << n << ": " << std::hex << process.status().code();
            }
        }
        EXPECT_EQ(counts(nullptr), before) << "step " << n;
        if (!failed) return;
    }
    FAIL() << "no end of steps";
}

TEST_F(NthFailure, LoadingADriver) {
    nt::Kernel::SystemThreadScope scope(host_.kernel());
    // The image's entry makes a device whose name is taken by the driver that is loaded: the end of each try is the same.
    for (std::uint32_t n = 1; n < 100; ++n) {
        const HostCounts before = counts(nullptr);
        bool failed = false;
        {
            const platform::FailureScope step(n);
            auto driver = host_.kernel().io().load_driver(u"Second", make_driver_image());
            failed = step.has_failed();
            EXPECT_FALSE(driver.is_ok());
            if (!failed) {
                EXPECT_EQ(driver.status().code(), STATUS_OBJECT_NAME_COLLISION);
            } else {
                EXPECT_TRUE(is_documented(driver.status()) || driver.status().code() == STATUS_OBJECT_NAME_COLLISION)
                    << std::hex << driver.status().code();
            }
        }
        EXPECT_EQ(counts(nullptr), before) << "step " << n;
        if (!failed) return;
    }
    FAIL() << "no end of steps";
}

}  // namespace
}  // namespace pw::chaos
