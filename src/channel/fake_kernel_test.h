// SPDX-License-Identifier: Apache-2.0
// FakeKernel: a KernelPort for tests: echoes, blocks when told, counts what was attached and what was run down.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <vector>

#include "channel/test_addresses_test.h"
#include "kernel/services/kernel_port.h"
#include "ntstatus.h"
#include "platform/shared_words.h"

namespace pw::channel {

class FakeKernel final : public nt::KernelPort {
public:
    static constexpr std::uint64_t slots_base = test_slots_base;
    static constexpr std::uint64_t slot_bytes = 1 << 24;

    Result<ps::Process*> attach_process(const nt::ClientIdentity& identity, mm::MappingClient& mapping, mm::ClientMemory*,
                                        nt::SlotInfo* slot) override {
        const std::lock_guard<std::mutex> lock(lock_);
        if (refuse_processes) return STATUS_INSUFFICIENT_RESOURCES;
        auto* process = new FakeProcess{};
        process->mapping = &mapping;
        last_identity = identity;
        *slot = {slots_base + slot_bytes * static_cast<std::uint64_t>(attached_processes), slot_bytes, 0, 0};
        ++attached_processes;
        changed_.notify_all();
        return reinterpret_cast<ps::Process*>(process);
    }
    Result<ps::Thread*> attach_thread(ps::Process& process, std::uint64_t token) override {
        const std::lock_guard<std::mutex> lock(lock_);
        if (token == refused_token) return STATUS_INVALID_PARAMETER;
        auto* thread = new FakeThread{reinterpret_cast<FakeProcess*>(&process)};
        ++thread->process->threads;
        ++attached_threads;
        return reinterpret_cast<ps::Thread*>(thread);
    }
    Status dispatch(ps::Thread& thread, nt::CallFrame& frame) override {
        FakeProcess& process = *reinterpret_cast<FakeThread*>(&thread)->process;
        frame.user_apc_due = user_apc_due.load();
        switch (frame.number) {
            case nt::CallNumber::NtClose: return STATUS_SUCCESS;
            case nt::CallNumber::NtSetEvent: {
                const auto& in = *static_cast<const nt::NtSetEventIn*>(frame.in);
                const nt::NtSetEventOut out{static_cast<std::int32_t>(in.event.value)};
                last_event_value.store(in.event.value);
                std::memcpy(frame.out, &out, sizeof out);
                return STATUS_SUCCESS;
            }
            case nt::CallNumber::NtDeviceIoControlFile: {
                const auto& in = *static_cast<const nt::NtDeviceIoControlFileIn*>(frame.in);
                nt::NtDeviceIoControlFileOut out{};
                frame.payload.copy_to(frame.reply_payload, in.inline_input.offset, in.inline_input.length_bytes);
                frame.reply_payload_bytes = in.inline_input.length_bytes;
                out.block = {STATUS_SUCCESS, 1, in.inline_input.length_bytes};
                out.inline_output_bytes = in.inline_input.length_bytes;
                std::memcpy(frame.out, &out, sizeof out);
                return STATUS_SUCCESS;
            }
            case nt::CallNumber::NtDelayExecution: {
                std::unique_lock<std::mutex> lock(lock_);
                ++blocked_calls;
                changed_.notify_all();
                changed_.wait(lock, [&] { return process.ending; });
                --blocked_calls;
                return STATUS_PROCESS_IS_TERMINATING;
            }
            default: return STATUS_NOT_IMPLEMENTED;
        }
    }
    void set_apc_doorbell(ps::Thread&, void (*ring)(void*), void* context) override {
        const std::lock_guard<std::mutex> lock(lock_);
        ring_doorbell = ring;
        doorbell_context = context;
    }
    void ring_the_doorbell() {
        void (*bell)(void*) = nullptr;
        void* context = nullptr;
        {
            const std::lock_guard<std::mutex> lock(lock_);
            bell = ring_doorbell;
            context = doorbell_context;
        }
        bell(context);
    }
    void deliver_kernel_apcs(ps::Thread&) override {
        const std::lock_guard<std::mutex> lock(lock_);
        ++apc_deliveries;
        changed_.notify_all();
    }
    void detach_thread(ps::Thread& thread) override {
        const std::lock_guard<std::mutex> lock(lock_);
        auto* fake = reinterpret_cast<FakeThread*>(&thread);
        --fake->process->threads;
        delete fake;
        ++detached_threads;
        changed_.notify_all();
    }
    Result<std::uint64_t> attach_file(ps::Process&, platform::Descriptor descriptor) override {
        const std::lock_guard<std::mutex> lock(lock_);
        if (!descriptor) return STATUS_INVALID_HANDLE;
        ++attached_files;
        return std::uint64_t{4} * static_cast<std::uint64_t>(attached_files);
    }
    bool touch_guard_page(ps::Process&, std::uint64_t address) override { return address == guard_page.exchange(0); }
    std::atomic<std::uint64_t> guard_page{0};
    void begin_rundown(ps::Process& process) override {
        const std::lock_guard<std::mutex> lock(lock_);
        reinterpret_cast<FakeProcess*>(&process)->ending = true;
        changed_.notify_all();
    }
    [[nodiscard]] std::uint64_t rundown_patience_ns() const override { return 20'000'000; }
    void report_unfinished(ps::Process&) override {
        const std::lock_guard<std::mutex> lock(lock_);
        ++unfinished_reports;
        changed_.notify_all();
    }
    bool finish_rundown(ps::Process& process) override {
        const std::lock_guard<std::mutex> lock(lock_);
        auto* fake = reinterpret_cast<FakeProcess*>(&process);
        if (fake->threads != 0 || !fake->ending) ++wrong_rundowns;
        delete fake;
        ++finished_processes;
        changed_.notify_all();
        return true;
    }

    // Blocks until the condition over the counters holds.
    template <typename Condition>
    void wait_until(Condition condition) {
        std::unique_lock<std::mutex> lock(lock_);
        changed_.wait(lock, condition);
    }

    void (*ring_doorbell)(void*) = nullptr;  // of the newest thread
    void* doorbell_context = nullptr;
    int apc_deliveries = 0;
    std::atomic<bool> user_apc_due{false};  // what replies say from now on
    bool refuse_processes = false;
    std::uint64_t refused_token = ~std::uint64_t{0};
    nt::ClientIdentity last_identity;
    std::atomic<std::uint64_t> last_event_value{0};
    int attached_processes = 0;
    int finished_processes = 0;
    int attached_threads = 0;
    int detached_threads = 0;
    int attached_files = 0;
    int blocked_calls = 0;
    int wrong_rundowns = 0;
    int unfinished_reports = 0;

private:
    struct FakeProcess {
        mm::MappingClient* mapping = nullptr;
        int threads = 0;
        bool ending = false;
    };
    struct FakeThread {
        FakeProcess* process;
    };
    std::mutex lock_;
    std::condition_variable changed_;
};

}  // namespace pw::channel
