// SPDX-License-Identifier: Apache-2.0
// TestClient: an application's process in few lines: connects, attaches threads, makes system calls by their wire structs.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "channel/client/client_channel.h"
#include "chaos_driver_test.h"
#include "ntstatus.h"

namespace pw::chaos {

inline constexpr std::uint64_t this_process = ~std::uint64_t{0};

class TestClient {
public:
    static std::unique_ptr<TestClient> connect(const std::string& path, std::string* why) {
        auto channel = channel::ClientChannel::connect(path, why);
        if (!channel) return nullptr;
        std::unique_ptr<TestClient> client(new TestClient());
        client->channel_ = std::move(channel);
        // Bytes of the arena for buffers: the general heap's tail, which nobody else uses here.
        client->next_byte_.store(client->channel_->slot().arena_base);
        return client;
    }
    [[nodiscard]] channel::ClientChannel& channel() { return *channel_; }
    // So many bytes of the arena, page-aligned; never given back.
    [[nodiscard]] std::uint8_t* arena(std::size_t bytes) {
        return reinterpret_cast<std::uint8_t*>(next_byte_.fetch_add((bytes + 4095) & ~std::size_t{4095}));
    }

private:
    TestClient() = default;
    std::unique_ptr<channel::ClientChannel> channel_;
    std::atomic<std::uint64_t> next_byte_{0};
};

// One attached thread of a client; used by one thread at a time.
class ClientThread {
public:
    explicit ClientThread(TestClient& client, std::uint64_t token = 0) : client_(client) {
        auto pages = client.channel().attach_thread(token);
        status_ = pages.status();
        if (pages) pages_ = std::move(pages).value();
    }
    ~ClientThread() {
        if (pages_) pages_->post_detach();
    }
    ClientThread(const ClientThread&) = delete;
    ClientThread& operator=(const ClientThread&) = delete;

    [[nodiscard]] Status status() const { return status_; }
    [[nodiscard]] explicit operator bool() const { return pages_ != nullptr; }

    // Adds text or bytes to the next call's payload; returns where.
    [[nodiscard]] nt::WireString text(std::u16string_view text) {
        const auto bytes = static_cast<std::uint32_t>(text.size() * 2);
        return {add(text.data(), bytes), bytes};
    }
    [[nodiscard]] nt::WireBytes bytes(const void* data, std::uint32_t length_bytes) {
        return {add(data, length_bytes), length_bytes};
    }

    template <typename In>
    Status call(const In& in, typename nt::Call<In>::Out* out) {
        channel::OutgoingCall call;
        if (!payload_.empty()) {
            std::memcpy(pages_->payload_room(sizeof(In)).data(), payload_.data(), payload_.size());
        }
        call.number = nt::Call<In>::number;
        call.in = &in;
        call.in_bytes = sizeof in;
        call.payload_bytes = static_cast<std::uint32_t>(payload_.size());
        call.out = out;
        call.out_bytes = std::is_empty_v<typename nt::Call<In>::Out> ? 0 : sizeof *out;
        payload_.clear();
        const Status status = client_.channel().call(*pages_, call);
        reply_.assign(reinterpret_cast<const char*>(call.reply_payload), call.reply_payload_bytes);
        return status;
    }
    template <typename In>
    Status call(const In& in) {
        typename nt::Call<In>::Out out{};
        return call(in, &out);
    }
    [[nodiscard]] const std::string& reply() const { return reply_; }

    // --- what most tests need
    nt::WireObjectAttributes named(std::u16string_view name) {
        nt::WireObjectAttributes object{};
        if (!name.empty()) {
            object.name = text(name);
            object.has_name = 1;
        }
        object.attributes = OBJ_CASE_INSENSITIVE | OBJ_OPENIF;
        return object;
    }
    Status open_device(std::uint64_t* handle, bool synchronous) {
        nt::NtCreateFileIn in{};
        in.object = named(device_path);
        in.object.attributes = OBJ_CASE_INSENSITIVE;
        in.desired_access = GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE;
        in.share_access = 7;
        in.disposition = FILE_OPEN;
        in.options = synchronous ? FILE_SYNCHRONOUS_IO_NONALERT : 0;
        nt::NtCreateFileOut out{};
        const Status status = call(in, &out);
        *handle = out.handle.value;
        return status;
    }
    Status close(std::uint64_t handle) { return call(nt::NtCloseIn{{handle}}); }
    // A control request with addresses of the client.
    Status control(std::uint64_t file, ULONG code, const void* input, std::uint32_t input_bytes, void* output,
                   std::uint32_t output_bytes, std::uint64_t event = 0, std::uint64_t status_block = 0,
                   std::uint32_t inline_limit = 0) {
        nt::NtDeviceIoControlFileIn in{};
        in.file.value = file;
        in.event.value = event;
        in.status_block.value = status_block;
        in.code = code;
        in.input.value = reinterpret_cast<std::uint64_t>(input);
        in.input_bytes = input_bytes;
        in.output.value = reinterpret_cast<std::uint64_t>(output);
        in.output_bytes = output_bytes;
        in.inline_output_limit = inline_limit;
        nt::NtDeviceIoControlFileOut out{};
        return call(in, &out);
    }
    Status create_event(std::u16string_view name, std::uint64_t* handle) {
        nt::NtCreateEventIn in{};
        in.object = named(name);
        in.desired_access = 0x1F0003;
        nt::NtCreateEventOut out{};
        const Status status = call(in, &out);
        *handle = out.handle.value;
        return status;
    }
    Status create_section(std::u16string_view name, std::uint64_t bytes, std::uint64_t* handle) {
        nt::NtCreateSectionIn in{};
        in.object = named(name);
        in.desired_access = 0xF001F;
        in.page_protection = PAGE_READWRITE;
        in.allocation_attributes = 0x8000000;  // SEC_COMMIT
        in.maximum_bytes = bytes;
        nt::NtCreateSectionOut out{};
        const Status status = call(in, &out);
        *handle = out.handle.value;
        return status;
    }
    Status map_view(std::uint64_t section, std::uint64_t* base) {
        nt::NtMapViewOfSectionIn in{};
        in.section.value = section;
        in.process.value = this_process;
        in.inherit = 2;
        in.page_protection = PAGE_READWRITE;
        nt::NtMapViewOfSectionOut out{};
        const Status status = call(in, &out);
        *base = out.base.value;
        return status;
    }
    Status unmap_view(std::uint64_t base) { return call(nt::NtUnmapViewOfSectionIn{{this_process}, {base}, 0}); }
    Status wait(std::uint64_t object, std::optional<std::int64_t> timeout_100ns) {
        nt::NtWaitForSingleObjectIn in{};
        in.object.value = object;
        if (timeout_100ns) in.timeout = {*timeout_100ns, 1};
        return call(in);
    }

private:
    std::uint32_t add(const void* data, std::uint32_t length_bytes) {
        while (payload_.size() % 8 != 0) payload_.push_back('\0');
        const auto offset = static_cast<std::uint32_t>(payload_.size());
        payload_.append(static_cast<const char*>(data), length_bytes);
        return offset;
    }

    TestClient& client_;
    Status status_;
    std::unique_ptr<channel::ClientPagePair> pages_;
    std::string payload_;
    std::string reply_;
};

}  // namespace pw::chaos
