// SPDX-License-Identifier: Apache-2.0
#include "victim_test.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test_client_test.h"

namespace pw::chaos {
namespace {

constexpr const char* socket_variable = "PW_CHAOS_SOCKET";

using Random = std::mt19937_64;

// What one thread of a victim holds; never given back in order.
struct Holdings {
    std::uint64_t synchronous_file = 0;
    std::uint64_t overlapped_file = 0;
    std::vector<std::uint64_t> handles;
    std::vector<std::uint64_t> views;
};

std::uint64_t any_of(const std::vector<std::uint64_t>& list, Random& random) {
    return list.empty() ? 0 : list[random() % list.size()];
}

void one_step(TestClient& client, ClientThread& thread, Holdings& own, Random& random, std::uint8_t* buffer) {
    const std::uint32_t seed = static_cast<std::uint32_t>(random());
    std::uint64_t handle = 0;
    const std::u16string name = u"\\BaseNamedObjects\\chaos" + std::u16string(1, static_cast<char16_t>(u'a' + random() % 8));
    switch (random() % 16) {
        case 0:
            if (own.synchronous_file == 0) thread.open_device(&own.synchronous_file, true).ignore();
            break;
        case 1:
            if (own.overlapped_file == 0) thread.open_device(&own.overlapped_file, false).ignore();
            break;
        case 2: thread.control(own.synchronous_file, code_echo, buffer, 3000, buffer, 3000).ignore(); break;
        case 3: thread.control(own.synchronous_file, code_fill, &seed, sizeof seed, buffer, 16000).ignore(); break;
        case 4: thread.control(own.synchronous_file, code_neither, buffer, sizeof seed, buffer + 100, 9000).ignore(); break;
        case 5:  // pends until the process's end, or is cancelled
            thread.control(own.overlapped_file, code_pend, nullptr, 0, buffer, 8192, 0,
                           reinterpret_cast<std::uint64_t>(buffer)).ignore();
            break;
        case 6:
            thread.control(own.overlapped_file, code_delay, &seed, sizeof seed, buffer, 8192, any_of(own.handles, random),
                           reinterpret_cast<std::uint64_t>(buffer)).ignore();
            break;
        case 7: thread.control(own.synchronous_file, code_map, nullptr, 0, buffer, 8).ignore(); break;
        case 8:
            if (thread.create_section(random() % 2 ? name : std::u16string(), 65536, &handle).is_success()) {
                own.handles.push_back(handle);
                std::uint64_t base = 0;
                if (thread.map_view(handle, &base).is_success()) {
                    *reinterpret_cast<volatile std::uint64_t*>(base) = seed;
                    own.views.push_back(base);
                }
            }
            break;
        case 9:
            if (!own.views.empty()) {
                thread.unmap_view(own.views.back()).ignore();
                own.views.pop_back();
            }
            break;
        case 10:
            if (thread.create_event(random() % 2 ? name + u"e" : std::u16string(), &handle).is_success()) own.handles.push_back(handle);
            break;
        case 11: {
            nt::NtCreateMutantIn in{};
            in.object = thread.named(name + u"m");
            in.desired_access = 0x1F0001;
            nt::NtCreateMutantOut out{};
            if (thread.call(in, &out).is_success()) own.handles.push_back(out.handle.value);
            thread.wait(out.handle.value, -1000).ignore();  // perhaps owned from now on
            break;
        }
        case 12: thread.wait(any_of(own.handles, random), -static_cast<std::int64_t>(random() % 2000)).ignore(); break;
        case 13: {
            nt::NtAllocateVirtualMemoryIn in{};
            in.process.value = this_process;
            in.region_bytes = 200'000;
            in.allocation_type = 0x3000;  // MEM_COMMIT | MEM_RESERVE
            in.page_protection = PAGE_READWRITE;
            nt::NtAllocateVirtualMemoryOut out{};
            if (thread.call(in, &out).is_success()) *reinterpret_cast<volatile std::uint64_t*>(out.base.value) = seed;
            break;
        }
        case 14:
            if (!own.handles.empty()) {
                thread.close(own.handles.back()).ignore();
                own.handles.pop_back();
            }
            break;
        default: {
            nt::NtDuplicateObjectIn in{};
            in.source_process.value = this_process;
            in.target_process.value = this_process;
            in.source.value = any_of(own.handles, random);
            in.options = DUPLICATE_SAME_ACCESS;
            nt::NtDuplicateObjectOut out{};
            if (own.handles.size() < 200 && thread.call(in, &out).is_success()) own.handles.push_back(out.handle.value);
            break;
        }
    }
    static_cast<void>(client);
}

void run_victim_thread(TestClient& client, std::uint64_t seed, int started) {
    Random random(seed);
    std::uint8_t* buffer = client.arena(65536);
    while (!client.channel().is_broken()) {
        ClientThread thread(client);
        if (!thread) return;
        Holdings own;
        if (thread.open_device(&own.synchronous_file, true).is_success() && started >= 0) {
            if (::write(started, "!", 1) != 1) return;
            started = -1;
        }
        // Now and then the thread leaves and comes back as another.
        for (int step = 0; step < 500 && !client.channel().is_broken(); ++step) one_step(client, thread, own, random, buffer);
        for (const std::uint64_t handle : own.handles) thread.close(handle).ignore();
        if (own.overlapped_file != 0) thread.close(own.overlapped_file).ignore();
        if (own.synchronous_file != 0) thread.close(own.synchronous_file).ignore();
        for (const std::uint64_t view : own.views) thread.unmap_view(view).ignore();
    }
}

void sleep_us(std::uint64_t us) {
    const timespec time{static_cast<time_t>(us / 1'000'000), static_cast<long>(us % 1'000'000) * 1000};
    ::nanosleep(&time, nullptr);
}

volatile std::sig_atomic_t stop_asked = 0;

}  // namespace

void run_victim(const std::string& socket, std::uint64_t seed, int started) {
    std::string why;
    auto client = TestClient::connect(socket, &why);
    if (!client) return;
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < 1 + seed % 3; ++t) threads.emplace_back([&, t] { run_victim_thread(*client, seed * 7 + t, t == 0 ? started : -1); });
    threads.clear();
}

platform::SpawnRequest role(const std::string& test, const std::string& socket,
                            std::initializer_list<std::pair<std::string, std::string>> environment) {
    platform::SpawnRequest request;
    request.program = "/proc/self/exe";
    request.arguments = {"client", "--gtest_filter=" + test, "--gtest_also_run_disabled_tests"};
    request.environment = {{socket_variable, socket}};
    for (const auto& entry : environment) request.environment.push_back(entry);
    request.stdout_file = "/dev/null";
    return request;
}

std::string role_socket() {
    const char* path = std::getenv(socket_variable);
    if (!path) std::abort();
    return path;
}

std::uint64_t role_number(const char* variable) {
    const char* text = std::getenv(variable);
    if (!text) std::abort();
    return std::strtoull(text, nullptr, 10);
}

// Forks victims and kills each after a time that the seed decides: in the handshake, in a call, between calls.
TEST(ChaosRole, DISABLED_Nursery) {
    const std::string socket = role_socket();
    const std::uint64_t seed = role_number("PW_CHAOS_SEED");
    const std::uint64_t count = role_number("PW_CHAOS_COUNT");
    Random random(seed);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t victim_seed = random();
        const std::uint64_t life_us = random() % (i % 4 == 0 ? 1500 : 12'000);
        int started[2];
        ASSERT_EQ(::pipe(started), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::close(started[0]);
            run_victim(socket, victim_seed, started[1]);
            ::_exit(0);
        }
        ::close(started[1]);
        // One in four dies on its way to its first file; the others' time begins there, however busy the machine is.
        char byte = 0;
        if (i % 4 != 0 && ::read(started[0], &byte, 1) != 1) ADD_FAILURE() << "the victim did not start";
        ::close(started[0]);
        sleep_us(life_us);
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
    }
}

// Streams data through the driver and a section until it is told to stop, and compares every byte.
TEST(ChaosRole, DISABLED_Streamer) {
    struct sigaction action {};
    action.sa_handler = [](int) { stop_asked = 1; };
    ::sigaction(SIGTERM, &action, nullptr);
    sigset_t open;
    sigemptyset(&open);
    ::sigprocmask(SIG_SETMASK, &open, nullptr);
    std::string why;
    auto client = TestClient::connect(role_socket(), &why);
    ASSERT_TRUE(client) << why;
    ClientThread thread(*client);
    ASSERT_TRUE(thread);
    std::uint64_t file = 0;
    ASSERT_TRUE(thread.open_device(&file, true).is_success());
    std::uint8_t* out = client->arena(65536);
    std::uint8_t* in = client->arena(8192);
    std::uint64_t section = 0;
    ASSERT_TRUE(thread.create_section(u"", 65536, &section).is_success());
    std::uint32_t rounds = 0;
    while (!stop_asked) {
        const std::uint32_t seed = ++rounds;
        const std::uint32_t bytes = 1 + seed % 60'000;
        std::memcpy(in, &seed, sizeof seed);
        ASSERT_EQ(thread.control(file, seed % 2 ? code_fill : code_neither, in, sizeof seed, out, bytes).code(), 0);
        for (std::uint32_t i = 0; i < bytes; ++i) ASSERT_EQ(out[i], pattern_byte(seed, i)) << "round " << seed << " byte " << i;
        for (std::uint32_t i = 0; i < 5000; ++i) in[i] = pattern_byte(seed + 1, i);
        ASSERT_TRUE(thread.control(file, code_echo, in, 5000, out, 5000).is_success());
        ASSERT_EQ(std::memcmp(in, out, 5000), 0);
        std::uint64_t first = 0;
        std::uint64_t second = 0;
        ASSERT_TRUE(thread.map_view(section, &first).is_success());
        ASSERT_TRUE(thread.map_view(section, &second).is_success());
        *reinterpret_cast<volatile std::uint32_t*>(first + 4096) = seed;
        ASSERT_EQ(*reinterpret_cast<volatile std::uint32_t*>(second + 4096), seed);
        ASSERT_TRUE(thread.unmap_view(first).is_success());
        ASSERT_TRUE(thread.unmap_view(second).is_success());
    }
    ASSERT_GT(rounds, 3u);
}

}  // namespace pw::chaos
