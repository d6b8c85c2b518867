// SPDX-License-Identifier: Apache-2.0
// For tests of the rules: a kernel with the verifier on, and a driver whose image is the test program's code. Its routines stand
// outside of any namespace, as a driver's do: a report leaves our own frames out.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <csetjmp>
#include <string>

#include "base/leak_amnesty_test.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/io/device.h"
#include "verifier/verifier.h"

extern "C" const char __executable_start;
extern "C" const char etext;

namespace pw::verifier::test {

class ProgramImage final : public io::DriverImage {
public:
    [[nodiscard]] const std::string& path() const override { return path_; }
    [[nodiscard]] PDRIVER_INITIALIZE entry() const override {
        return [](PDRIVER_OBJECT driver, PUNICODE_STRING) -> NTSTATUS {
            driver->DriverUnload = [](PDRIVER_OBJECT) {};
            return STATUS_SUCCESS;
        };
    }
    [[nodiscard]] std::uint64_t base() const override { return reinterpret_cast<std::uint64_t>(&__executable_start); }
    [[nodiscard]] std::uint64_t length_bytes() const override { return reinterpret_cast<std::uint64_t>(&etext) - base(); }

private:
    const std::string path_ = "planted.sys";
};

class NoLoader final : public io::DriverLoader {
public:
    Result<std::unique_ptr<io::DriverImage>> load(const std::string&) override { return STATUS_OBJECT_NAME_NOT_FOUND; }
};

// How the last planted bug was stopped.
struct Stop {
    std::jmp_buf back;
    ULONG code = 0;
    ULONG_PTR parameters[4] = {};
    std::string text;
};
inline Stop stop_seen;

class VerifierFixture : public ::testing::Test {
protected:
    void SetUp() override {
        nt::KernelOptions options;
        options.loader = &loader_;
        options.virtual_processors = 2;
        options.report = [](const std::string&) {};
        options.debug_print = [](const void*, std::string_view) {};
        auto created = nt::Kernel::create(options);
        ASSERT_TRUE(created.is_ok());
        kernel_ = std::move(created).value();
        scope_ = std::make_unique<nt::Kernel::SystemThreadScope>(*kernel_);
        verifier_ = std::make_unique<Verifier>(*kernel_);
        auto loaded = io().load_driver(u"planted", std::make_unique<ProgramImage>());
        ASSERT_TRUE(loaded.is_ok());
        driver_ = std::move(loaded).value();
        previous_action_ = ke::set_bug_check_action([](const ke::BugCheckReport& report) {
            stop_seen.code = report.code;
            std::copy(std::begin(report.parameters), std::end(report.parameters), std::begin(stop_seen.parameters));
            stop_seen.text = report.text;
            ke::forget_bug_check();
            std::longjmp(stop_seen.back, 1);
        });
    }

    void TearDown() override {
        ke::set_bug_check_action(previous_action_);
        verifier_->disconnect();
        while (PDEVICE_OBJECT device = driver_->nt()->DeviceObject) io().delete_device(device);
        kernel_->stop();
        EXPECT_TRUE(io().unload_driver(*driver_).is_success());
        driver_.reset();
        scope_.reset();
        kernel_.reset();
    }

    [[nodiscard]] nt::Kernel& kernel() { return *kernel_; }
    [[nodiscard]] io::IoManager& io() { return kernel_->io(); }
    [[nodiscard]] io::DriverObject& driver() { return *driver_; }
    [[nodiscard]] Verifier& verifier() { return *verifier_; }

    PDEVICE_OBJECT make_device(PDRIVER_DISPATCH dispatch) {
        PDEVICE_OBJECT device = nullptr;
        EXPECT_TRUE(io().create_device(driver(), 0, {}, FILE_DEVICE_UNKNOWN, 0, false, &device).is_success());
        device->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
        driver().nt()->MajorFunction[IRP_MJ_READ] = dispatch;
        return device;
    }
    PIRP make_irp() {
        PIRP irp = io().allocate_irp(2);
        IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
        return irp;
    }

    // True when `plant` ended in a bug check.
    template <typename Plant>
    [[gnu::noinline]] bool stops(const Plant& plant) {
        stop_seen.code = 0;
        stop_seen.text.clear();
        if (setjmp(stop_seen.back) != 0) return true;
        plant();
        return false;
    }
    // The report says all of these.
    static void expect_said(std::initializer_list<const char*> texts) {
        for (const char* text : texts) EXPECT_NE(stop_seen.text.find(text), std::string::npos) << text << " in\n" << stop_seen.text;
    }

private:
    const pw::test::LeakAmnesty amnesty_;
    NoLoader loader_;
    std::unique_ptr<nt::Kernel> kernel_;
    std::unique_ptr<nt::Kernel::SystemThreadScope> scope_;
    std::unique_ptr<Verifier> verifier_;
    Ref<io::DriverObject> driver_;
    ke::BugCheckAction previous_action_ = nullptr;
};

}  // namespace pw::verifier::test
