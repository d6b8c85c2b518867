// SPDX-License-Identifier: Apache-2.0
// Holder: a client in a process of its own that does one named thing, says "ready", and stays until it is killed.
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <string>

#include "platform/process_spawn.h"
#include "victim_test.h"

namespace pw::chaos {

class Holder {
public:
    // Starts it and waits for "ready"; `action` is one of those in holder_test.cpp. The socket is a server's.
    Holder(const std::string& socket, const std::string& action, bool wait_until_ready = true) {
        EXPECT_EQ(pipe_->open(), 0);
        auto request = role("ChaosRole.DISABLED_Holder", socket,
                            {{"PW_CHAOS_ACTION", action}, {"PW_CHAOS_READY", std::to_string(pipe_->write_end())}});
        request.inherited_descriptors = {pipe_->write_end()};
        EXPECT_EQ(process_.start(request), 0);
        pipe_->close_write_end();
        if (wait_until_ready) {
            EXPECT_EQ(read_line(), "ready") << action;
        }
    }
    ~Holder() {
        if (process_.running()) kill();
    }

    // The next line that the holder says; empty at its end.
    std::string read_line() {
        std::string line;
        while (pipe_->read_line(100'000, line) == platform::LinePipe::ReadOutcome::Interrupted) {
        }
        return line;
    }
    // Its pipe's descriptor would count as the host's.
    void close_pipe() { pipe_.reset(); }
    void kill() {
        close_pipe();
        process_.send_signal(SIGKILL);
        process_.wait();
    }
    void send_signal(int number) { process_.send_signal(number); }
    [[nodiscard]] int pid() const { return process_.pid(); }
    platform::ExitStatus wait() {
        close_pipe();
        return process_.wait();
    }

private:
    std::unique_ptr<platform::LinePipe> pipe_ = std::make_unique<platform::LinePipe>();
    platform::ChildProcess process_;
};

}  // namespace pw::chaos
