// SPDX-License-Identifier: Apache-2.0
// DeviceIoControl, ReadFile and GetOverlappedResult over a transport that answers by hand.
#include <gtest/gtest.h>
#include <ntstatus.h>

#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "channel/wire/wire.h"
#include "exceptions/exceptions.h"
#include "win32/windows.h"
#include "win32_api/runtime/runtime.h"

namespace pw::win32 {
namespace {

using Answer = std::function<NTSTATUS(channel::OutgoingCall&)>;

class AnsweringPort final : public ThreadPort {
public:
    explicit AnsweringPort(Answer& answer) : answer_(answer) {}
    std::span<std::byte> payload_room(std::uint32_t in_bytes) override {
        return std::span(room_).subspan(channel::payload_offset(in_bytes));
    }
    Status call(channel::OutgoingCall& call) override { return answer_(call); }

private:
    Answer& answer_;
    alignas(16) std::byte room_[channel::request_body_bytes];
};

class AnsweringTransport final : public Transport {
public:
    explicit AnsweringTransport(Answer& answer) : answer_(answer) {}
    Result<std::unique_ptr<ThreadPort>> attach_thread(std::uint64_t) override {
        return std::unique_ptr<ThreadPort>(new AnsweringPort(answer_));
    }
    Result<std::uint64_t> attach_file(int) override { return STATUS_INVALID_FILE_FOR_SECTION; }
    ProcessSlot slot() override { return {}; }
    bool resolve_fault(std::uint64_t, bool) override { return false; }
    bool touch_guard(std::uint64_t) override { return false; }
    bool can_adopt_memory() const override { return false; }
    void process_ends(int) override {}
    void close_in_forked_child() override {}

private:
    Answer& answer_;
};

class IoApi : public ::testing::Test {
protected:
    static constexpr DWORD code = 0x222000;  // METHOD_BUFFERED

    void SetUp() override {
        pw_faults_install();
        install_transport(std::make_unique<AnsweringTransport>(answer_));
    }
    void TearDown() override { remove_transport(); }

    // What the kernel answers to a device control, and what it stores as the status block.
    void control_gives(NTSTATUS status, NTSTATUS block_status, std::uint64_t information, bool written = true) {
        answer_ = [=, this](channel::OutgoingCall& call) {
            EXPECT_EQ(call.number, nt::CallNumber::NtDeviceIoControlFile);
            std::memcpy(&control_, call.in, sizeof control_);
            nt::NtDeviceIoControlFileOut out{};
            out.block = {block_status, written ? 1u : 0u, information};
            std::memcpy(call.out, &out, sizeof out);
            return status;
        };
    }

    Answer answer_;
    nt::NtDeviceIoControlFileIn control_{};
    HANDLE device_ = reinterpret_cast<HANDLE>(4);
};

TEST_F(IoApi, GivesTheBytesOfASuccess) {
    control_gives(STATUS_SUCCESS, STATUS_SUCCESS, 5);
    DWORD returned = 99;
    EXPECT_TRUE(DeviceIoControl(device_, code, nullptr, 0, nullptr, 0, &returned, nullptr));
    EXPECT_EQ(returned, 5u);
}

TEST_F(IoApi, FailsAWarningWithItsBytes) {
    control_gives(STATUS_BUFFER_OVERFLOW, STATUS_BUFFER_OVERFLOW, 8);
    DWORD returned = 99;
    EXPECT_FALSE(DeviceIoControl(device_, code, nullptr, 0, nullptr, 0, &returned, nullptr));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_MORE_DATA));
    EXPECT_EQ(returned, 8u);
}

TEST_F(IoApi, LeavesTheBytesOfAnErrorAlone) {
    control_gives(STATUS_INVALID_DEVICE_REQUEST, 0, 0, false);
    DWORD returned = 99;
    EXPECT_FALSE(DeviceIoControl(device_, code, nullptr, 0, nullptr, 0, &returned, nullptr));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_FUNCTION));
    EXPECT_EQ(returned, 99u);
}

TEST_F(IoApi, WaitsOnTheFileWhereASynchronousCallPends) {
    std::vector<nt::CallNumber> calls;
    IO_STATUS_BLOCK* block = nullptr;
    answer_ = [&](channel::OutgoingCall& call) -> NTSTATUS {
        calls.push_back(call.number);
        if (call.number == nt::CallNumber::NtDeviceIoControlFile) {
            nt::NtDeviceIoControlFileIn in{};
            std::memcpy(&in, call.in, sizeof in);
            block = reinterpret_cast<IO_STATUS_BLOCK*>(in.status_block.value);
            return STATUS_PENDING;
        }
        block->Status = STATUS_SUCCESS;
        block->Information = 3;
        return STATUS_SUCCESS;
    };
    DWORD returned = 0;
    EXPECT_TRUE(DeviceIoControl(device_, code, nullptr, 0, nullptr, 0, &returned, nullptr));
    EXPECT_EQ(returned, 3u);
    EXPECT_EQ(calls, (std::vector{nt::CallNumber::NtDeviceIoControlFile, nt::CallNumber::NtWaitForSingleObject}));
}

TEST_F(IoApi, UsesTheOverlappedAsStatusBlockAndContext) {
    control_gives(STATUS_PENDING, 0, 0, false);
    OVERLAPPED overlapped{};
    overlapped.hEvent = reinterpret_cast<HANDLE>(8);
    DWORD returned = 99;
    EXPECT_FALSE(DeviceIoControl(device_, code, nullptr, 0, nullptr, 0, &returned, &overlapped));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_IO_PENDING));
    EXPECT_EQ(returned, 99u);
    EXPECT_FALSE(HasOverlappedIoCompleted(&overlapped));
    EXPECT_EQ(control_.status_block.value, reinterpret_cast<std::uint64_t>(&overlapped));
    EXPECT_EQ(control_.apc_context.value, reinterpret_cast<std::uint64_t>(&overlapped));
    EXPECT_EQ(control_.event.value, 8u);
    overlapped.hEvent = reinterpret_cast<HANDLE>(9);  // the low bit keeps it from the port
    EXPECT_FALSE(DeviceIoControl(device_, code, nullptr, 0, nullptr, 0, nullptr, &overlapped));
    EXPECT_EQ(control_.apc_context.value, 0u);
    EXPECT_EQ(control_.event.value, 8u);
}

TEST_F(IoApi, FindsAnOverlappedResultWithoutAKernelCall) {
    answer_ = [](channel::OutgoingCall&) -> NTSTATUS {
        ADD_FAILURE() << "a call";
        return STATUS_UNSUCCESSFUL;
    };
    OVERLAPPED overlapped{};
    overlapped.Internal = static_cast<ULONG_PTR>(static_cast<ULONG>(STATUS_BUFFER_OVERFLOW));
    overlapped.InternalHigh = 6;
    DWORD bytes = 0;
    EXPECT_FALSE(GetOverlappedResult(device_, &overlapped, &bytes, TRUE));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_MORE_DATA));
    EXPECT_EQ(bytes, 6u);
    overlapped.Internal = STATUS_PENDING;
    EXPECT_FALSE(GetOverlappedResult(device_, &overlapped, &bytes, FALSE));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_IO_INCOMPLETE));
}

TEST_F(IoApi, SaysWhichWaitEndedWithoutAResult) {
    NTSTATUS outcome = STATUS_TIMEOUT;
    answer_ = [&](channel::OutgoingCall& call) {
        return call.number == nt::CallNumber::NtWaitForSingleObject ? outcome : STATUS_NO_MORE_ENTRIES;  // no APC to run
    };
    OVERLAPPED overlapped{};
    overlapped.Internal = STATUS_PENDING;
    DWORD bytes = 0;
    EXPECT_FALSE(GetOverlappedResultEx(device_, &overlapped, &bytes, 5, FALSE));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(WAIT_TIMEOUT));
    outcome = STATUS_USER_APC;
    EXPECT_FALSE(GetOverlappedResultEx(device_, &overlapped, &bytes, 5, TRUE));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(WAIT_IO_COMPLETION));
}

TEST_F(IoApi, ReadsTheEndOfAFileAsNothing) {
    answer_ = [](channel::OutgoingCall&) { return STATUS_END_OF_FILE; };
    DWORD bytes = 99;
    char byte = 0;
    EXPECT_TRUE(ReadFile(device_, &byte, 1, &bytes, nullptr));
    EXPECT_EQ(bytes, 0u);
    OVERLAPPED overlapped{};
    EXPECT_FALSE(ReadFile(device_, &byte, 1, &bytes, &overlapped));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_HANDLE_EOF));
}

TEST_F(IoApi, SendsFileSystemControlsTheirOwnWay) {
    nt::CallNumber number = nt::CallNumber::count;
    answer_ = [&](channel::OutgoingCall& call) {
        number = call.number;
        return STATUS_SUCCESS;
    };
    DWORD returned = 0;
    EXPECT_TRUE(DeviceIoControl(device_, 0x90000, nullptr, 0, nullptr, 0, &returned, nullptr));
    EXPECT_EQ(number, nt::CallNumber::NtFsControlFile);
}

TEST_F(IoApi, TellsExistingObjectsFromNewOnes) {
    answer_ = [](channel::OutgoingCall&) { return STATUS_OBJECT_NAME_EXISTS; };
    SetLastError(0);
    EXPECT_EQ(CreateEventA(nullptr, TRUE, FALSE, "Pw"), nullptr);  // the answer's handle is 0
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_ALREADY_EXISTS));
    answer_ = [](channel::OutgoingCall&) { return STATUS_OBJECT_TYPE_MISMATCH; };
    EXPECT_EQ(CreateMutexA(nullptr, TRUE, "Pw"), nullptr);
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_HANDLE));
    EXPECT_EQ(OpenEventA(SYNCHRONIZE, FALSE, nullptr), nullptr);
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_PARAMETER));
}

}  // namespace
}  // namespace pw::win32
