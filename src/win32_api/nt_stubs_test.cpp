// SPDX-License-Identifier: Apache-2.0
// The stubs of the native calls over a transport that records and answers by hand.
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "channel/wire/wire.h"
#include "win32_api/pw_calls.h"
#include "win32_api/system_call.h"

namespace pw::win32 {
namespace {

// What the fake kernel saw of the newest call, and how it answers.
struct FakeCalls {
    nt::CallNumber number = nt::CallNumber::count;
    std::vector<std::byte> in;
    std::vector<std::byte> payload;
    std::function<NTSTATUS(channel::OutgoingCall&)> answer = [](channel::OutgoingCall&) { return STATUS_SUCCESS; };
    std::vector<std::byte> reply;
    int count = 0;
    int attached = 0;
    int detached = 0;
    std::uint64_t token = 0;

    template <typename In>
    In taken() const {
        In value{};
        EXPECT_EQ(in.size(), sizeof value);
        std::memcpy(&value, in.data(), std::min(in.size(), sizeof value));
        return value;
    }
    [[nodiscard]] std::u16string text(nt::WireString field) const {
        return {reinterpret_cast<const char16_t*>(payload.data() + field.offset), field.length_bytes / 2};
    }
    [[nodiscard]] std::string bytes(nt::WireBytes field) const {
        return {reinterpret_cast<const char*>(payload.data() + field.offset), field.length_bytes};
    }
};

class FakePort final : public ThreadPort {
public:
    explicit FakePort(FakeCalls& calls) : calls_(calls) {}
    ~FakePort() override { ++calls_.detached; }
    std::span<std::byte> payload_room(std::uint32_t in_bytes) override {
        return std::span(room_).subspan(channel::payload_offset(in_bytes));
    }
    Status call(channel::OutgoingCall& call) override {
        ++calls_.count;
        calls_.number = call.number;
        const auto* in = static_cast<const std::byte*>(call.in);
        calls_.in.assign(in, in + call.in_bytes);
        const auto payload = payload_room(call.in_bytes).first(call.payload_bytes);
        calls_.payload.assign(payload.begin(), payload.end());
        const NTSTATUS status = calls_.answer(call);
        call.reply_payload = calls_.reply.data();
        call.reply_payload_bytes = static_cast<std::uint32_t>(calls_.reply.size());
        return status;
    }

private:
    FakeCalls& calls_;
    alignas(16) std::byte room_[channel::request_body_bytes];
};

class FakeTransport final : public Transport {
public:
    explicit FakeTransport(FakeCalls& calls) : calls_(calls) {}
    Result<std::unique_ptr<ThreadPort>> attach_thread(std::uint64_t token) override {
        ++calls_.attached;
        calls_.token = token;
        return std::unique_ptr<ThreadPort>(new FakePort(calls_));
    }
    Result<std::uint64_t> attach_file(int) override { return STATUS_INVALID_FILE_FOR_SECTION; }
    ProcessSlot slot() override { return {}; }
    bool resolve_fault(std::uint64_t, bool) override { return false; }
    bool touch_guard(std::uint64_t) override { return false; }
    bool can_adopt_memory() const override { return false; }
    void process_ends(int) override {}
    void close_in_forked_child() override {}

private:
    FakeCalls& calls_;
};

class NtStubs : public ::testing::Test {
protected:
    void SetUp() override {
        pw_faults_install();
        install_transport(std::make_unique<FakeTransport>(calls));
    }
    void TearDown() override { remove_transport(); }
    // Answers with an Out struct.
    template <typename Out>
    void answer(const Out& out, NTSTATUS status = STATUS_SUCCESS) {
        calls.answer = [out, status](channel::OutgoingCall& call) {
            EXPECT_EQ(call.out_bytes, sizeof out);
            std::memcpy(call.out, &out, sizeof out);
            return status;
        };
    }
    static UNICODE_STRING string_of(std::u16string& text) {
        return {static_cast<USHORT>(text.size() * 2), static_cast<USHORT>(text.size() * 2), reinterpret_cast<PWSTR>(text.data())};
    }
    template <typename T>
    static T* bad_pointer() { return reinterpret_cast<T*>(8); }

    FakeCalls calls;
};

TEST_F(NtStubs, AttachAThreadOnceAndWithItsToken) {
    set_thread_token(77);
    EXPECT_EQ(NtClose(reinterpret_cast<HANDLE>(4)), STATUS_SUCCESS);
    EXPECT_EQ(NtClose(reinterpret_cast<HANDLE>(8)), STATUS_SUCCESS);
    EXPECT_EQ(calls.attached, 1);
    EXPECT_EQ(calls.token, 77u);
    EXPECT_EQ(calls.taken<nt::NtCloseIn>().handle.value, 8u);
    detach_thread();
    EXPECT_EQ(calls.detached, 1);
}

TEST_F(NtStubs, CarryTheNameOfAnObject) {
    std::u16string name = u"\\BaseNamedObjects\\Ready";
    UNICODE_STRING string = string_of(name);
    OBJECT_ATTRIBUTES object{sizeof object, reinterpret_cast<HANDLE>(12), &string, 0x40, nullptr, nullptr};
    answer(nt::NtCreateEventOut{{36}});
    HANDLE handle = nullptr;
    EXPECT_EQ(NtCreateEvent(&handle, 0x1f0003, &object, SynchronizationEvent, 1), STATUS_SUCCESS);
    EXPECT_EQ(handle, reinterpret_cast<HANDLE>(36));
    const auto in = calls.taken<nt::NtCreateEventIn>();
    EXPECT_EQ(calls.text(in.object.name), name);
    EXPECT_EQ(in.object.has_name, 1);
    EXPECT_EQ(in.object.root_directory.value, 12u);
    EXPECT_EQ(in.event_type, 1u);
    EXPECT_EQ(in.initial_state.value, 1);
}

TEST_F(NtStubs, RefuseBadPointersBeforeTheCallHasAnEffect) {
    EXPECT_EQ(NtCreateEvent(bad_pointer<HANDLE>(), 0, nullptr, NotificationEvent, 0), STATUS_ACCESS_VIOLATION);
    HANDLE handle = nullptr;
    EXPECT_EQ(NtCreateEvent(&handle, 0, bad_pointer<OBJECT_ATTRIBUTES>(), NotificationEvent, 0), STATUS_ACCESS_VIOLATION);
    UNICODE_STRING string{8, 8, bad_pointer<WCHAR>()};
    OBJECT_ATTRIBUTES object{sizeof object, nullptr, &string, 0, nullptr, nullptr};
    EXPECT_EQ(NtOpenEvent(&handle, 0, &object), STATUS_ACCESS_VIOLATION);
    EXPECT_EQ(NtSetEvent(reinterpret_cast<HANDLE>(4), bad_pointer<LONG>()), STATUS_ACCESS_VIOLATION);
    EXPECT_EQ(NtWaitForSingleObject(nullptr, 0, bad_pointer<LARGE_INTEGER>()), STATUS_ACCESS_VIOLATION);
    EXPECT_EQ(calls.count, 0);
}

TEST_F(NtStubs, RefuseObjectAttributesOfAnotherSize) {
    OBJECT_ATTRIBUTES object{12, nullptr, nullptr, 0, nullptr, nullptr};
    HANDLE handle = nullptr;
    EXPECT_EQ(NtOpenEvent(&handle, 0, &object), STATUS_INVALID_PARAMETER);
}

TEST_F(NtStubs, RefuseNamesThatDoNotFitACall) {
    std::u16string name(4000, u'a');
    UNICODE_STRING string = string_of(name);
    OBJECT_ATTRIBUTES object{sizeof object, nullptr, &string, 0, nullptr, nullptr};
    HANDLE handle = nullptr;
    EXPECT_EQ(NtOpenEvent(&handle, 0, &object), STATUS_NAME_TOO_LONG);
    string.Length = 3;
    EXPECT_EQ(NtOpenEvent(&handle, 0, &object), STATUS_OBJECT_NAME_INVALID);
}

TEST_F(NtStubs, SendAnAbsoluteSecurityDescriptorInOnePiece) {
    const std::uint8_t everyone[12] = {1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    ACL empty{2, 0, sizeof(ACL), 0, 0};
    SECURITY_DESCRIPTOR descriptor{};
    descriptor.Revision = 1;
    descriptor.Control = SE_DACL_PRESENT;
    descriptor.Owner = const_cast<std::uint8_t*>(everyone);
    descriptor.Dacl = &empty;
    OBJECT_ATTRIBUTES object{sizeof object, nullptr, nullptr, 0, &descriptor, nullptr};
    HANDLE handle = nullptr;
    EXPECT_EQ(NtCreateEvent(&handle, 0, &object, NotificationEvent, 0), STATUS_SUCCESS);
    const std::string bytes = calls.bytes(calls.taken<nt::NtCreateEventIn>().object.security_descriptor);
    SECURITY_DESCRIPTOR_RELATIVE head{};
    ASSERT_GE(bytes.size(), sizeof head);
    std::memcpy(&head, bytes.data(), sizeof head);
    EXPECT_NE(head.Control & SE_SELF_RELATIVE, 0);
    ASSERT_LE(head.Owner + sizeof everyone, bytes.size());
    EXPECT_EQ(std::memcmp(bytes.data() + head.Owner, everyone, sizeof everyone), 0);
    EXPECT_EQ(std::memcmp(bytes.data() + head.Dacl, &empty, sizeof empty), 0);
}

TEST_F(NtStubs, CarryShortInputOfABufferedControlInline) {
    IO_STATUS_BLOCK block{};
    block.Status = 0x1234;
    std::string input = "four";
    char output[8] = "-------";
    nt::NtDeviceIoControlFileOut out{};
    out.block = {STATUS_SUCCESS, 1, 3};
    out.inline_output_bytes = 3;
    calls.reply = {std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
    answer(out);
    EXPECT_EQ(NtDeviceIoControlFile(reinterpret_cast<HANDLE>(4), nullptr, nullptr, nullptr, &block, 0x222000, input.data(), 4,
                                    output, 8), STATUS_SUCCESS);
    const auto in = calls.taken<nt::NtDeviceIoControlFileIn>();
    EXPECT_EQ(calls.bytes(in.inline_input), "four");
    EXPECT_EQ(in.inline_output_limit, 8u);
    EXPECT_EQ(std::string(output), "abc----");
    EXPECT_EQ(block.Status, STATUS_SUCCESS);
    EXPECT_EQ(block.Information, 3u);
}

TEST_F(NtStubs, LeaveTheStatusBlockAloneWhenTheKernelSaysSo) {
    IO_STATUS_BLOCK block{};
    block.Status = 0x1234;
    nt::NtDeviceIoControlFileOut out{};
    out.block = {STATUS_INVALID_HANDLE, 0, 99};
    answer(out, STATUS_INVALID_HANDLE);
    EXPECT_EQ(NtDeviceIoControlFile(nullptr, nullptr, nullptr, nullptr, &block, 0x222000, nullptr, 0, nullptr, 0),
              STATUS_INVALID_HANDLE);
    EXPECT_EQ(block.Status, 0x1234);
}

TEST_F(NtStubs, SendLongOrNeitherInputByAddress) {
    IO_STATUS_BLOCK block{};
    std::vector<char> input(5000, 'x');
    NtDeviceIoControlFile(nullptr, nullptr, nullptr, nullptr, &block, 0x222000, input.data(), 5000, nullptr, 0);
    EXPECT_EQ(calls.taken<nt::NtDeviceIoControlFileIn>().inline_input.length_bytes, 0u);
    EXPECT_EQ(calls.taken<nt::NtDeviceIoControlFileIn>().input.value, reinterpret_cast<std::uint64_t>(input.data()));
    NtDeviceIoControlFile(nullptr, nullptr, nullptr, nullptr, &block, 0x222003, input.data(), 4, nullptr, 0);
    EXPECT_EQ(calls.taken<nt::NtDeviceIoControlFileIn>().inline_input.length_bytes, 0u);
}

TEST_F(NtStubs, AskForNoInlineOutputWhenAnEventMayWakeOthersFirst) {
    IO_STATUS_BLOCK block{};
    char output[8];
    NtDeviceIoControlFile(nullptr, reinterpret_cast<HANDLE>(4), nullptr, nullptr, &block, 0x222000, nullptr, 0, output, 8);
    EXPECT_EQ(calls.taken<nt::NtDeviceIoControlFileIn>().inline_output_limit, 0u);
}

TEST_F(NtStubs, ReportInlineOutputThatCannotBeStored) {
    IO_STATUS_BLOCK block{};
    nt::NtDeviceIoControlFileOut out{};
    out.block = {STATUS_SUCCESS, 1, 3};
    out.inline_output_bytes = 3;
    calls.reply = std::vector<std::byte>(3);
    answer(out);
    EXPECT_EQ(NtDeviceIoControlFile(nullptr, nullptr, nullptr, nullptr, &block, 0x222000, nullptr, 0, bad_pointer<void>(), 8),
              STATUS_ACCESS_VIOLATION);
    EXPECT_EQ(block.Status, STATUS_ACCESS_VIOLATION);
}

TEST_F(NtStubs, CarryTheHandlesOfAWait) {
    HANDLE handles[2] = {reinterpret_cast<HANDLE>(4), reinterpret_cast<HANDLE>(8)};
    LARGE_INTEGER timeout{};
    timeout.QuadPart = -10;
    EXPECT_EQ(NtWaitForMultipleObjects(2, handles, WaitAny, 0, &timeout), STATUS_SUCCESS);
    const auto in = calls.taken<nt::NtWaitForMultipleObjectsIn>();
    EXPECT_EQ(std::memcmp(calls.bytes(in.handles).data(), handles, sizeof handles), 0);
    EXPECT_EQ(in.timeout.present, 1);
    EXPECT_EQ(in.timeout.value_100ns, -10);
    EXPECT_EQ(NtWaitForMultipleObjects(65, handles, WaitAny, 0, nullptr), STATUS_INVALID_PARAMETER_1);
    EXPECT_EQ(NtWaitForMultipleObjects(0, handles, WaitAny, 0, nullptr), STATUS_INVALID_PARAMETER_1);
}

TEST_F(NtStubs, ReturnWhatTheKernelMadeOfARegion) {
    PVOID base = reinterpret_cast<PVOID>(0x10001);
    SIZE_T size = 5;
    answer(nt::NtAllocateVirtualMemoryOut{{0x10000}, 0x1000});
    EXPECT_EQ(NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, 0x3000, 4), STATUS_SUCCESS);
    EXPECT_EQ(base, reinterpret_cast<PVOID>(0x10000));
    EXPECT_EQ(size, 0x1000u);
    EXPECT_EQ(calls.taken<nt::NtAllocateVirtualMemoryIn>().base.value, 0x10001u);
    EXPECT_EQ(NtAllocateVirtualMemory(NtCurrentProcess(), bad_pointer<PVOID>(), 0, &size, 0x3000, 4), STATUS_ACCESS_VIOLATION);
}

TEST_F(NtStubs, CarryTheTextsOfAService) {
    const std::u16string name = u"foo";
    const std::u16string path = u"Z:\\tmp\\foo.sys";
    const auto text = [](const std::u16string& value) {
        return ServiceText{reinterpret_cast<const WCHAR*>(value.data()), static_cast<std::uint32_t>(value.size())};
    };
    HANDLE handle = nullptr;
    ULONG error = 0;
    answer(nt::PwScmCreateServiceOut{{16}, 1073});
    EXPECT_EQ(pw_scm_create_service(nullptr, text(name), text(name), text(path), 1, 2, 3, 4, &handle, &error),
              STATUS_SUCCESS);
    EXPECT_EQ(error, 1073u);
    const auto in = calls.taken<nt::PwScmCreateServiceIn>();
    EXPECT_EQ(calls.text(in.service), name);
    EXPECT_EQ(calls.text(in.binary_path), path);
    EXPECT_EQ(handle, reinterpret_cast<HANDLE>(16));
}

TEST(NtStubsWithoutKernel, SayWhyOnceAndFail) {
    remove_transport();
    install_refusal("no kernel in this test", STATUS_PORT_CONNECTION_REFUSED);
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(NtClose(reinterpret_cast<HANDLE>(4)), STATUS_PORT_CONNECTION_REFUSED);
    EXPECT_EQ(NtClose(reinterpret_cast<HANDLE>(4)), STATUS_PORT_CONNECTION_REFUSED);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "partywall: no kernel in this test\n");
}

}  // namespace
}  // namespace pw::win32
