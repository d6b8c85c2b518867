// SPDX-License-Identifier: Apache-2.0
// For tests of the façades: a kernel, the test's thread as one of its system threads, and a driver without a file.
#pragma once

#include <gtest/gtest.h>
#include <nt/io_locks.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "wdk_api/current.h"

namespace pw::wdk::test {

// An image of nothing: the driver's routines are the test's own.
class NoImage final : public io::DriverImage {
public:
    [[nodiscard]] const std::string& path() const override { return path_; }
    [[nodiscard]] PDRIVER_INITIALIZE entry() const override {
        return [](PDRIVER_OBJECT driver, PUNICODE_STRING) -> NTSTATUS {
            driver->DriverUnload = [](PDRIVER_OBJECT) {};
            return STATUS_SUCCESS;
        };
    }
    [[nodiscard]] std::uint64_t base() const override { return 0; }
    [[nodiscard]] std::uint64_t length_bytes() const override { return 0; }

private:
    const std::string path_ = "test.sys";
};

class NoLoader final : public io::DriverLoader {
public:
    Result<std::unique_ptr<io::DriverImage>> load(const std::string&) override { return STATUS_OBJECT_NAME_NOT_FOUND; }
};

inline UNICODE_STRING string_of(std::u16string_view text) {
    const auto bytes = static_cast<USHORT>(text.size() * sizeof(char16_t));
    return {bytes, bytes, reinterpret_cast<PWCH>(const_cast<char16_t*>(text.data()))};
}

inline OBJECT_ATTRIBUTES attributes_of(UNICODE_STRING* name, ULONG attributes = OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE) {
    OBJECT_ATTRIBUTES out = {};
    out.Length = sizeof(out);
    out.ObjectName = name;
    out.Attributes = attributes;
    return out;
}

// So long that a test that waits for it has failed.
inline LARGE_INTEGER long_time() {
    LARGE_INTEGER time;
    time.QuadPart = -600'000'000;
    return time;
}

class KernelFixture : public ::testing::Test {
protected:
    void SetUp() override {
        nt::KernelOptions options;
        options.loader = &loader_;
        options.virtual_processors = 2;
        options.report = [this](const std::string& line) {
            std::lock_guard lock(lines_lock_);
            lines_.push_back(line);
        };
        options.debug_print = [](const void*, std::string_view) {};
        auto created = nt::Kernel::create(options);
        ASSERT_TRUE(created.is_ok());
        kernel_ = std::move(created).value();
        set_default_kernel(kernel_.get());
        scope_ = std::make_unique<nt::Kernel::SystemThreadScope>(*kernel_);
        auto loaded = kernel_->io().load_driver(u"Test", std::make_unique<NoImage>());
        ASSERT_TRUE(loaded.is_ok());
        driver_ = std::move(loaded).value();
    }

    void TearDown() override {
        stop_kernel();
        scope_.reset();
        set_default_kernel(nullptr);
        kernel_.reset();
    }

    // Stops workers and the driver; the kernel's objects stay until the end of the test.
    void stop_kernel() {
        if (!driver_) return;
        kernel_->stop();
        while (driver()->DeviceObject) IoDeleteDevice(driver()->DeviceObject);
        EXPECT_TRUE(kernel_->io().unload_driver(*driver_).is_success());
        driver_.reset();
    }

    [[nodiscard]] nt::Kernel& kernel() { return *kernel_; }
    [[nodiscard]] PDRIVER_OBJECT driver() { return driver_->nt(); }

    // A device of the driver, ready for requests.
    PDEVICE_OBJECT make_device(std::u16string_view name = {}, ULONG flags = 0) {
        UNICODE_STRING text = string_of(name);
        PDEVICE_OBJECT device = nullptr;
        EXPECT_EQ(IoCreateDevice(driver(), 0, name.empty() ? nullptr : &text, FILE_DEVICE_UNKNOWN, 0, FALSE, &device),
                  STATUS_SUCCESS);
        device->Flags = (device->Flags & ~ULONG{DO_DEVICE_INITIALIZING}) | flags;
        return device;
    }

    // An IRP as a dispatch routine of `device` sees it; free it with IoFreeIrp.
    static PIRP make_received_irp(PDEVICE_OBJECT device, UCHAR major = IRP_MJ_READ) {
        PIRP irp = IoAllocateIrp(2, FALSE);
        IoSetNextIrpStackLocation(irp);
        IoGetCurrentIrpStackLocation(irp)->DeviceObject = device;
        IoGetCurrentIrpStackLocation(irp)->MajorFunction = major;
        return irp;
    }

    [[nodiscard]] bool has_report(std::string_view part) {
        std::lock_guard lock(lines_lock_);
        return std::any_of(lines_.begin(), lines_.end(),
                           [&](const std::string& line) { return line.find(part) != std::string::npos; });
    }

    // Runs the body on another thread of the System process; joined by the returned object.
    [[nodiscard]] std::jthread on_system_thread(std::function<void()> body) {
        return std::jthread([this, run = std::move(body)] {
            nt::Kernel::SystemThreadScope scope(*kernel_);
            run();
        });
    }

private:
    NoLoader loader_;
    std::mutex lines_lock_;
    std::vector<std::string> lines_;
    std::unique_ptr<nt::Kernel> kernel_;
    std::unique_ptr<nt::Kernel::SystemThreadScope> scope_;
    Ref<io::DriverObject> driver_;
};

// The process ends in a bug check with this text in its report.
#define PW_EXPECT_BUG_CHECK(statement, text)                        \
    do {                                                            \
        GTEST_FLAG_SET(death_test_style, "threadsafe");             \
        EXPECT_EXIT(statement, ::testing::ExitedWithCode(3), text); \
    } while (false)

}  // namespace pw::wdk::test
