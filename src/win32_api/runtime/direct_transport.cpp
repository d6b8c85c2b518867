// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/direct_transport.h"

#include <utility>

#include "channel/wire/wire.h"
#include "ntstatus.h"
#include "platform/shared_library.h"
#include "win32_api/runtime/internal_threads.h"

namespace pw::win32 {
namespace {

// The same limits as over the channel, so that a program behaves alike in both modes.
class DirectThreadPort final : public ThreadPort {
public:
    DirectThreadPort(const pw_embedded_api& api, void* thread) : api_(api), thread_(thread) {}
    ~DirectThreadPort() override { api_.detach_thread(api_.context, thread_); }

    std::span<std::byte> payload_room(std::uint32_t in_bytes) override {
        return std::span(request_).subspan(channel::payload_offset(in_bytes));
    }
    Status call(channel::OutgoingCall& call) override {
        nt::CallFrame frame;
        frame.number = call.number;
        frame.in = call.in;
        frame.in_bytes = call.in_bytes;
        frame.payload = UntrustedBytes(payload_room(call.in_bytes).data(), call.payload_bytes);
        frame.out = call.out;
        frame.out_bytes = call.out_bytes;
        frame.reply_payload = reply_ + channel::payload_offset(call.out_bytes);
        frame.reply_payload_capacity_bytes =
            static_cast<std::uint32_t>(sizeof reply_) - channel::payload_offset(call.out_bytes);
        const Status status = api_.call(api_.context, thread_, &frame);
        call.reply_payload = frame.reply_payload;
        call.reply_payload_bytes = frame.reply_payload_bytes;
        call.user_apc_due = frame.user_apc_due;
        return status;
    }

private:
    const pw_embedded_api& api_;
    void* const thread_;
    alignas(16) std::byte request_[channel::request_body_bytes];
    alignas(16) std::byte reply_[channel::reply_body_bytes];
};

}  // namespace

std::unique_ptr<Transport> DirectTransport::start(const std::string& drivers, std::string* why) {
    const std::string folder = platform::folder_of_code(reinterpret_cast<const void*>(&DirectTransport::start));
    const std::string path = folder + "/libpartywall-kernel.so";
    void* symbol = platform::load_function(path, PW_EMBEDDED_START_NAME, why);
    if (symbol == nullptr) return nullptr;
    const auto start = reinterpret_cast<pw_embedded_start_function>(symbol);
    const pw_embedded_config config{sizeof config, pw_embedded_version, drivers.c_str()};
    pw_embedded_api api{};
    api.size_bytes = sizeof api;
    api.arena_descriptor = -1;
    char text[512] = {};
    const InternalThreadScope internal;
    if (start(&config, &api, text, sizeof text) < 0) {
        *why = text[0] == '\0' ? "the kernel does not start" : text;
        return nullptr;
    }
    return std::make_unique<DirectTransport>(api);
}

Result<std::unique_ptr<ThreadPort>> DirectTransport::attach_thread(std::uint64_t token) {
    if (closed_) return STATUS_PORT_DISCONNECTED;
    void* thread = nullptr;
    const Status status = api_.attach_thread(api_.context, token, &thread);
    if (status.is_failure()) return status;
    return std::unique_ptr<ThreadPort>(new DirectThreadPort(api_, thread));
}

bool DirectTransport::touch_guard(std::uint64_t address) {
    return !closed_ && address - api_.slot.base < api_.slot.length_bytes && api_.touch_guard_page(api_.context, address) != 0;
}

Result<std::uint64_t> DirectTransport::attach_file(int descriptor) {
    if (closed_) return STATUS_PORT_DISCONNECTED;
    std::uint64_t handle = 0;
    const Status status = api_.attach_file(api_.context, descriptor, &handle);
    if (status.is_failure()) return status;
    return handle;
}

ProcessSlot DirectTransport::slot() {
    const nt::SlotInfo& slot = api_.slot;
    return {slot.base, slot.length_bytes, slot.arena_base, slot.arena_bytes, api_.arena_descriptor};
}

}  // namespace pw::win32
