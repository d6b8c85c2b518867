// SPDX-License-Identifier: Apache-2.0
// TestHost: a whole driver host in the test's process: kernel, fault policy, the built-in driver, a server at a socket.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "channel/server/server.h"
#include "chaos_driver_test.h"
#include "host/fault_policy.h"
#include "kernel/services/kernel.h"
#include "platform/process_spawn.h"
#include "platform/socket.h"
#include "wdk_api/current.h"

namespace pw::chaos {

class NoLoader final : public io::DriverLoader {
public:
    Result<std::unique_ptr<io::DriverImage>> load(const std::string&) override { return STATUS_OBJECT_NAME_NOT_FOUND; }
};

// Adjusts the options of kernel and server before the start.
struct HostSettings {
    std::function<void(nt::KernelOptions&)> kernel;
    std::function<void(channel::ServerOptions&)> server;
};

class TestHost {
public:
    explicit TestHost(const HostSettings& settings = {}) {
        nt::KernelOptions options;
        options.loader = &loader_;
        options.virtual_processors = 2;
        options.report = [this](const std::string& line) { add_line(line); };
        options.debug_print = [](const void*, std::string_view) {};
        if (settings.kernel) settings.kernel(options);
        auto kernel = nt::Kernel::create(options);
        EXPECT_TRUE(kernel.is_ok());
        kernel_ = std::move(kernel).value();
        wdk::set_default_kernel(kernel_.get());
        fault_policy_ = std::make_unique<host::FaultPolicy>(*kernel_);
        {
            nt::Kernel::SystemThreadScope scope(*kernel_);
            auto driver = kernel_->io().load_driver(u"Chaos", make_driver_image());
            EXPECT_TRUE(driver.is_ok());
            if (driver) driver_ = std::move(driver).value();
        }
        channel::ServerOptions server_options;
        server_options.report = [this](const std::string& line) { add_line(line); };
        server_options.unmap_acknowledged = [](ps::Process& process, std::uint64_t address, std::uint64_t length_bytes) {
            process.address_space().unmap_acknowledged(address, length_bytes);
        };
        server_options.connection_ended = [this](std::size_t) {
            const std::lock_guard<std::mutex> lock(lock_);
            ++ended_connections_;
            changed_.notify_all();
        };
        server_options.max_connections_per_process = 1000;  // tests speak from this process, too
        if (settings.server) settings.server(server_options);
        server_ = std::make_unique<channel::Server>(*kernel_, server_options);
        folder_ = platform::make_private_directory(::testing::TempDir() + "pw-chaos-");
        std::string why;
        EXPECT_TRUE(server_->start(socket_path(), &why)) << why;
    }

    ~TestHost() {
        server_->stop();
        server_.reset();
        kernel_->stop();
        {
            nt::Kernel::SystemThreadScope scope(*kernel_);
            if (driver_) {
                IoDeleteDevice(driver_->nt()->DeviceObject);
                EXPECT_TRUE(kernel_->io().unload_driver(*driver_).is_success());
                driver_.reset();
            }
        }
        fault_policy_.reset();
        wdk::set_default_kernel(nullptr);
        kernel_.reset();
        platform::remove_folder(folder_);
    }

    [[nodiscard]] nt::Kernel& kernel() { return *kernel_; }
    [[nodiscard]] channel::Server& server() { return *server_; }
    [[nodiscard]] std::string socket_path() const { return folder_ + "/socket"; }

    [[nodiscard]] std::vector<std::string> lines() {
        const std::lock_guard<std::mutex> lock(lock_);
        return lines_;
    }
    [[nodiscard]] bool has_line(std::string_view part) {
        const std::lock_guard<std::mutex> lock(lock_);
        return has_line_locked(part);
    }
    // Blocks until a report with this text was made (the test's time-out ends a wait in vain).
    void wait_for_line(std::string_view part) {
        std::unique_lock<std::mutex> lock(lock_);
        changed_.wait(lock, [&] { return has_line_locked(part); });
    }
    void forget_lines() {
        const std::lock_guard<std::mutex> lock(lock_);
        lines_.clear();
    }
    // Blocks until no client is left.
    void wait_until_empty() {
        std::unique_lock<std::mutex> lock(lock_);
        // Counted before the server forgets a connection: ask it.
        while (server_->connection_count() != 0) changed_.wait_for(lock, std::chrono::milliseconds(20));
    }
    // Blocks until all clients but `count` are gone.
    void wait_until_clients(std::size_t count) {
        std::unique_lock<std::mutex> lock(lock_);
        while (server_->connection_count() > count) changed_.wait_for(lock, std::chrono::milliseconds(20));
    }

private:
    bool has_line_locked(std::string_view part) {
        for (const std::string& line : lines_) {
            if (line.find(part) != std::string::npos) return true;
        }
        return false;
    }
    void add_line(const std::string& line) {
        const std::lock_guard<std::mutex> lock(lock_);
        lines_.push_back(line);
        changed_.notify_all();
    }

    NoLoader loader_;
    std::mutex lock_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    int ended_connections_ = 0;
    std::unique_ptr<nt::Kernel> kernel_;
    std::unique_ptr<host::FaultPolicy> fault_policy_;
    Ref<io::DriverObject> driver_;
    std::string folder_;
    std::unique_ptr<channel::Server> server_;
};

}  // namespace pw::chaos
