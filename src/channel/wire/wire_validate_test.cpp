// SPDX-License-Identifier: Apache-2.0
#include "channel/wire/wire_validate.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "channel/wire/call_table.h"

namespace pw::channel {
namespace {

template <typename T>
std::vector<std::byte> bytes_of(const T& value, std::size_t extra = 0) {
    std::vector<std::byte> bytes(sizeof value + extra);
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

Hello good_hello() {
    Hello hello{};
    hello.kind = static_cast<std::uint32_t>(MessageKind::hello);
    hello.magic = wire_magic;
    hello.version = wire_version;
    return hello;
}

Mapping good_mapping() {
    Mapping mapping{};
    mapping.kind = static_cast<std::uint32_t>(MessageKind::mapping);
    mapping.operation = static_cast<std::uint32_t>(MappingOperation::map);
    mapping.address = 0x1000'0000;
    mapping.length_bytes = 0x2000;
    mapping.access = 3;
    return mapping;
}

TEST(HelloWire, AcceptsAGreetingWithTwoDescriptors) {
    Hello hello;
    EXPECT_EQ(validate_hello(bytes_of(good_hello()), 2, &hello), HelloVerdict::ok);
    EXPECT_EQ(validate_hello(bytes_of(good_hello()), 1, &hello), HelloVerdict::malformed);
    EXPECT_EQ(validate_hello(bytes_of(good_hello()), 3, &hello), HelloVerdict::malformed);
}

TEST(HelloWire, NamesAnotherVersionWhateverItsLength) {
    Hello other = good_hello();
    other.version = 7;
    Hello hello;
    EXPECT_EQ(validate_hello(bytes_of(other, 24), 0, &hello), HelloVerdict::other_version);
    EXPECT_EQ(hello.version, 7u);
    const auto bytes = bytes_of(other);
    EXPECT_EQ(validate_hello(std::span(bytes).first(12), 0, &hello), HelloVerdict::other_version);
}

TEST(HelloWire, RefusesEveryShorterMessage) {
    const auto bytes = bytes_of(good_hello());
    Hello hello;
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_EQ(validate_hello(std::span(bytes).first(length), 2, &hello), HelloVerdict::malformed) << length;
    }
}

TEST(HelloWire, RefusesUnknownSanitizerFlags) {
    Hello odd = good_hello();
    odd.sanitizers = 4;
    Hello hello;
    EXPECT_EQ(validate_hello(bytes_of(odd), 2, &hello), HelloVerdict::malformed);
}

TEST(GuardWire, TakesQuestionAndAnswerOnly) {
    TouchGuard question{static_cast<std::uint32_t>(MessageKind::touch_guard), 0, 0x1234};
    TouchGuard out;
    EXPECT_TRUE(validate_touch_guard(bytes_of(question), 0, &out));
    EXPECT_EQ(out.address, 0x1234u);
    EXPECT_FALSE(validate_touch_guard(bytes_of(question), 1, &out));
    EXPECT_FALSE(validate_touch_guard(bytes_of(question, 1), 0, &out));
    question.reserved = 1;
    EXPECT_FALSE(validate_touch_guard(bytes_of(question), 0, &out));
    GuardTouched answer{static_cast<std::uint32_t>(MessageKind::guard_touched), 1};
    GuardTouched received;
    EXPECT_TRUE(validate_guard_touched(bytes_of(answer), 0, &received));
    answer.was_guard = 2;
    EXPECT_FALSE(validate_guard_touched(bytes_of(answer), 0, &received));
}

TEST(MappingWire, RefusesRangesThatAreNoPagesOrWrap) {
    Mapping out;
    EXPECT_TRUE(validate_mapping(bytes_of(good_mapping()), 0, &out));
    for (const auto& [address, length] : {std::pair<std::uint64_t, std::uint64_t>{0x1001, 0x1000},
                                          {0x1000, 0x1001},
                                          {0x1000, 0},
                                          {0xffff'ffff'ffff'f000, 0x1000}}) {
        Mapping bad = good_mapping();
        bad.address = address;
        bad.length_bytes = length;
        EXPECT_FALSE(validate_mapping(bytes_of(bad), 0, &out)) << address;
    }
}

TEST(MappingWire, RefusesADescriptorThatTheFlagsDoNotAnnounce) {
    Mapping out;
    EXPECT_FALSE(validate_mapping(bytes_of(good_mapping()), 1, &out));
    Mapping announced = good_mapping();
    announced.flags = mapping_has_descriptor;
    EXPECT_TRUE(validate_mapping(bytes_of(announced), 1, &out));
    EXPECT_FALSE(validate_mapping(bytes_of(announced), 0, &out));
    announced.operation = static_cast<std::uint32_t>(MappingOperation::unmap);
    EXPECT_FALSE(validate_mapping(bytes_of(announced), 1, &out));
}

TEST(MappingWire, RefusesUnknownOperations) {
    Mapping odd = good_mapping();
    odd.operation = 99;
    Mapping out;
    EXPECT_FALSE(validate_mapping(bytes_of(odd), 0, &out));
}

TEST(RefusedWire, MakesTheTextPrintableAndKeepsInsideTheMessage) {
    Refused refused{};
    refused.kind = static_cast<std::uint32_t>(MessageKind::refused);
    refused.text_bytes = 0xffff'ffff;
    std::memcpy(refused.text, "no\n\x1b[31m", 8);
    const auto text = refusal_text(bytes_of(refused));
    ASSERT_TRUE(text.has_value());
    EXPECT_EQ(text->size(), sizeof refused.text);
    EXPECT_EQ(text->substr(0, 4), "no  ");
}

TEST(RequestWire, KnowsEveryCallAndNoOther) {
    const auto count = static_cast<std::uint32_t>(nt::CallNumber::count);
    for (std::uint32_t number = 0; number < count; ++number) {
        const CallShape* shape = call_shape(number);
        ASSERT_NE(shape, nullptr);
        EXPECT_LE(shape->in_bytes, nt::max_call_struct_bytes);
        EXPECT_TRUE(validate_header({number, shape->in_bytes, 0}));
        EXPECT_FALSE(validate_header({number, shape->in_bytes + 8, 0}));
    }
    EXPECT_EQ(call_shape(count), nullptr);
    EXPECT_FALSE(validate_header({count, 0, 0}));
    EXPECT_FALSE(validate_header({detach_call_number, 0, 0}));
}

TEST(RequestWire, BoundsThePayloadByThePage) {
    const auto number = static_cast<std::uint32_t>(nt::CallNumber::NtDeviceIoControlFile);
    const std::uint32_t in_bytes = sizeof(nt::NtDeviceIoControlFileIn);
    const auto room = static_cast<std::uint32_t>(request_body_bytes - payload_offset(in_bytes));
    EXPECT_TRUE(validate_header({number, in_bytes, room}));
    EXPECT_FALSE(validate_header({number, in_bytes, room + 1}));
    EXPECT_FALSE(validate_header({number, in_bytes, 0xffff'ffff}));
}

TEST(RequestWire, RefusesAFieldThatPointsOutOfThePayload) {
    nt::NtDeviceIoControlFileIn in{};
    in.inline_input = {8, 57};
    const CapturedHeader header{static_cast<std::uint32_t>(nt::CallNumber::NtDeviceIoControlFile), sizeof in, 64};
    EXPECT_FALSE(validate_request(header, &in));
    in.inline_input = {8, 56};
    EXPECT_TRUE(validate_request(header, &in));
    in.inline_input = {0xffff'fff8, 16};
    EXPECT_FALSE(validate_request(header, &in));
}

}  // namespace
}  // namespace pw::channel
