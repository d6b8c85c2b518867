// SPDX-License-Identifier: Apache-2.0
// What the channel itself costs: an empty system call over a kernel that does nothing, beside the bare spin ping-pong.
#include "channel/client/client_channel.h"
#include "channel/server/server.h"
#include "harness/child_process.h"
#include "harness/clock.h"
#include "harness/processor.h"
#include "harness/sample.h"
#include "harness/shared_pages.h"
#include "ntstatus.h"
#include "platform/process_spawn.h"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

namespace {

using namespace pw;

// Answers at once; echoes the payload of a device control.
class NullKernel final : public nt::KernelPort {
public:
    Result<ps::Process*> attach_process(const nt::ClientIdentity&, mm::MappingClient&, mm::ClientMemory*,
                                        nt::SlotInfo* slot) override {
        *slot = {0x10'0000'0000, 1 << 20, 0, 0};
        return reinterpret_cast<ps::Process*>(this);
    }
    Result<ps::Thread*> attach_thread(ps::Process&, std::uint64_t) override { return reinterpret_cast<ps::Thread*>(this); }
    Status dispatch(ps::Thread&, nt::CallFrame& frame) override {
        if (frame.number != nt::CallNumber::NtDeviceIoControlFile) return STATUS_SUCCESS;
        const auto& in = *static_cast<const nt::NtDeviceIoControlFileIn*>(frame.in);
        frame.payload.copy_to(frame.reply_payload, in.inline_input.offset, in.inline_input.length_bytes);
        frame.reply_payload_bytes = in.inline_input.length_bytes;
        return STATUS_SUCCESS;
    }
    void set_apc_doorbell(ps::Thread&, void (*)(void*), void*) override {}
    void deliver_kernel_apcs(ps::Thread&) override {}
    bool touch_guard_page(ps::Process&, std::uint64_t) override { return false; }
    void detach_thread(ps::Thread&) override {}
    Result<std::uint64_t> attach_file(ps::Process&, platform::Descriptor) override { return STATUS_NOT_IMPLEMENTED; }
    void begin_rundown(ps::Process&) override {}
    [[nodiscard]] std::uint64_t rundown_patience_ns() const override { return 1'000'000'000; }
    void report_unfinished(ps::Process&) override {}
    bool finish_rundown(ps::Process&) override { return true; }
};

struct Lane {
    alignas(64) unsigned char payload[64];
    alignas(64) std::atomic<std::uint32_t> sequence;
};
struct Court {
    Lane request;
    Lane reply;
};

template <class Batch>
double time_ns(Batch batch, std::size_t count) {
    const std::int64_t start = bench::now_ns();
    batch(count);
    return static_cast<double>(bench::now_ns() - start) / static_cast<double>(count);
}

void play(Court& court) {
    for (std::uint32_t seen = 0;;) {
        while (court.request.sequence.load(std::memory_order_acquire) == seen) bench::spin_pause();
        seen = court.request.sequence.load(std::memory_order_acquire);
        if (seen == UINT32_MAX) return;
        std::memcpy(court.reply.payload, court.request.payload, 64);
        court.reply.sequence.store(seen, std::memory_order_release);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const int cpu_client = argc > 2 ? std::atoi(argv[1]) : 0;
    const int cpu_host = argc > 2 ? std::atoi(argv[2]) : 1;
    const std::size_t rounds = argc > 3 ? static_cast<std::size_t>(std::atoi(argv[3])) : 200;
    const std::size_t batch = cpu_client == cpu_host ? 500 : 5000;

    const std::string folder = platform::make_private_directory("/tmp/pw-bench-");
    const std::string path = folder + "/socket";
    bench::SharedPages pages(sizeof(Court));
    Court* court = pages.make<Court>();
    bench::SharedPages ready_pages(4096);
    auto* ready = ready_pages.make<std::atomic<int>>();

    bench::Sample floor;
    bench::Sample empty;
    bench::Sample buffered;
    {
        bench::ChildProcess host(cpu_host, [&] {
            NullKernel kernel;
            channel::Server server(kernel, {});
            std::string why;
            if (!server.start(path, &why)) {
                std::fprintf(stderr, "%s\n", why.c_str());
                _Exit(1);
            }
            ready->store(1);
            while (ready->load() != 2) usleep(1000);
            server.stop();
        });
        while (ready->load() == 0) usleep(1000);
        if (!bench::pin_this_thread(cpu_client)) return 1;
        std::string why;
        auto client = channel::ClientChannel::connect(path, &why);
        if (!client) {
            std::fprintf(stderr, "%s\n", why.c_str());
            return 1;
        }
        auto pair = client->attach_thread(0);
        if (!pair.is_ok()) return 1;

        const auto empty_calls = [&](std::size_t count) {
            for (std::size_t i = 0; i < count; ++i) {
                const nt::NtCloseIn in{{i}};
                channel::OutgoingCall call{nt::CallNumber::NtClose, &in, sizeof in};
                client->call(**pair, call).ignore();
            }
        };
        unsigned char data[64] = {};
        const auto controls = [&](std::size_t count) {
            for (std::size_t i = 0; i < count; ++i) {
                data[0] = static_cast<unsigned char>(i);
                nt::NtDeviceIoControlFileIn in{};
                in.inline_input = {0, 64};
                nt::NtDeviceIoControlFileOut out;
                std::memcpy((*pair)->payload_room(sizeof in).data(), data, 64);
                channel::OutgoingCall call{nt::CallNumber::NtDeviceIoControlFile, &in, sizeof in, 64, &out, sizeof out};
                client->call(**pair, call).ignore();
                std::memcpy(data, call.reply_payload, 64);
            }
        };
        if (cpu_client == cpu_host) {
            for (std::size_t i = 0; i < rounds; ++i) {
                empty.add(time_ns(empty_calls, batch));
                buffered.add(time_ns(controls, batch));
            }
        } else {
            bench::ChildProcess player(cpu_host, [&] { play(*court); });
            std::uint32_t sequence = 0;
            const auto bare = [&](std::size_t count) {
                for (std::size_t i = 0; i < count; ++i) {
                    data[0] = static_cast<unsigned char>(i);
                    std::memcpy(court->request.payload, data, 64);
                    court->request.sequence.store(++sequence, std::memory_order_release);
                    while (court->reply.sequence.load(std::memory_order_acquire) != sequence) bench::spin_pause();
                    std::memcpy(data, court->reply.payload, 64);
                }
            };
            // The player spins on the host's processor, so the floor is measured first, then it goes.
            for (std::size_t i = 0; i < rounds; ++i) floor.add(time_ns(bare, batch));
            court->request.sequence.store(UINT32_MAX);
        }
        if (cpu_client != cpu_host) {
            for (std::size_t i = 0; i < rounds; ++i) {
                empty.add(time_ns(empty_calls, batch));
                buffered.add(time_ns(controls, batch));
            }
        }
        ready->store(2);
        client.reset();
    }
    if (!floor.empty()) {
        std::printf("spin ping-pong 64 B      %8.1f ns (p10 %.1f)\n", floor.median(), floor.percentile(0.1));
    }
    std::printf("empty call               %8.1f ns (p10 %.1f)", empty.median(), empty.percentile(0.1));
    if (!floor.empty()) std::printf("  %.2fx", empty.median() / floor.median());
    std::printf("\nbuffered control 64 B    %8.1f ns (p10 %.1f)", buffered.median(), buffered.percentile(0.1));
    if (!floor.empty()) std::printf("  %.2fx", buffered.median() / floor.median());
    std::printf("\n");
    platform::remove_folder(folder);
    return 0;
}
