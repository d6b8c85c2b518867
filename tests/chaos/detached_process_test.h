// SPDX-License-Identifier: Apache-2.0
// DetachedProcess: a client process as the kernel sees it, without a client: system calls are made on the test's own thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/check.h"
#include "kernel/memory/client_memory.h"
#include "kernel/memory/mapping_client.h"
#include "kernel/processes/thread.h"
#include "kernel/services/kernel.h"

namespace pw::chaos {

// Mapping decisions of which nobody hears.
class NobodysMappings final : public mm::MappingClient {
public:
    Status map(std::uint64_t, std::uint64_t, platform::PageAccess, bool, mm::Segment&, std::uint64_t) override { return {}; }
    bool unmap(std::uint64_t, std::uint64_t) override { return true; }
    Status protect(std::uint64_t, std::uint64_t, platform::PageAccess) override { return {}; }
    [[nodiscard]] bool is_embedded() const override { return false; }
};

// Binds the calling OS thread for its life; one at a time per thread. The process has its slot in this process: buffers lie in
// the arena, which the host maps when it is first touched from a system call.
class DetachedProcess {
public:
    explicit DetachedProcess(nt::Kernel& kernel, std::uint32_t user_id = 0) : kernel_(kernel) {
        nt::ClientIdentity identity;
        identity.process_id = 77;
        identity.user_id = user_id;
        identity.image_name = "detached";
        auto process = kernel_.attach_process(identity, mappings_, nullptr, &slot_);
        if (!process) {
            status_ = process.status();
            return;
        }
        process_ = *process;
        before_ = ke::Thread::current();
        ke::Thread::bind(nullptr);
        auto thread = kernel_.attach_thread(*process_, 0);
        if (!thread) {
            status_ = thread.status();
            return;
        }
        thread_ = *thread;
    }
    ~DetachedProcess() {
        if (process_ == nullptr) return;
        kernel_.begin_rundown(*process_);
        if (thread_ != nullptr) kernel_.detach_thread(*thread_);
        while (!kernel_.finish_rundown(*process_)) {
        }
        ke::Thread::bind(before_);
    }
    DetachedProcess(const DetachedProcess&) = delete;
    DetachedProcess& operator=(const DetachedProcess&) = delete;

    [[nodiscard]] Status status() const { return status_; }
    [[nodiscard]] explicit operator bool() const { return thread_ != nullptr; }
    [[nodiscard]] const nt::SlotInfo& slot() const { return slot_; }
    [[nodiscard]] ps::Process& process() { return *process_; }
    // An address in the arena.
    [[nodiscard]] std::uint64_t arena(std::uint64_t offset_bytes) const { return slot_.arena_base + offset_bytes; }

    // Any bytes as a call; `out` has room for any Out struct.
    Status call_raw(std::uint32_t number, const void* in, std::uint32_t in_bytes, const std::byte* payload,
                    std::uint32_t payload_bytes, void* out) {
        nt::CallFrame frame;
        frame.number = static_cast<nt::CallNumber>(number);
        frame.in = in;
        frame.in_bytes = in_bytes;
        frame.payload = UntrustedBytes(payload, payload_bytes);
        frame.out = out;
        frame.out_bytes = nt::max_call_struct_bytes;
        frame.reply_payload = reply_;
        frame.reply_payload_capacity_bytes = sizeof reply_;
        return kernel_.dispatch(*thread_, frame);
    }

    [[nodiscard]] nt::WireString text(std::u16string_view text) {
        const auto bytes = static_cast<std::uint32_t>(text.size() * 2);
        while (payload_.size() % 8 != 0) payload_.push_back('\0');
        const auto offset = static_cast<std::uint32_t>(payload_.size());
        payload_.append(reinterpret_cast<const char*>(text.data()), bytes);
        return {offset, bytes};
    }
    template <typename In>
    Status call(const In& in, typename nt::Call<In>::Out* out) {
        alignas(16) std::byte room[nt::max_call_struct_bytes] = {};
        const std::string payload = std::move(payload_);
        payload_.clear();
        const Status status = call_raw(static_cast<std::uint32_t>(nt::Call<In>::number), &in, sizeof in,
                                       reinterpret_cast<const std::byte*>(payload.data()),
                                       static_cast<std::uint32_t>(payload.size()), room);
        if constexpr (!std::is_empty_v<typename nt::Call<In>::Out>) std::memcpy(out, room, sizeof *out);
        return status;
    }
    template <typename In>
    Status call(const In& in) {
        typename nt::Call<In>::Out out{};
        return call(in, &out);
    }

private:
    nt::Kernel& kernel_;
    NobodysMappings mappings_;
    nt::SlotInfo slot_;
    Status status_;
    ps::Process* process_ = nullptr;
    ps::Thread* thread_ = nullptr;
    ke::Thread* before_ = nullptr;
    std::string payload_;
    alignas(16) std::byte reply_[4096];
};

}  // namespace pw::chaos
