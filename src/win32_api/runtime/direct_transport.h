// SPDX-License-Identifier: Apache-2.0
// DirectTransport: the kernel runs in this process (libpartywall-kernel.so); a system call is a function call.
#pragma once

#include <memory>
#include <string>

#include "channel/embedded_api.h"
#include "win32_api/runtime/transport.h"

namespace pw::win32 {

class DirectTransport final : public Transport {
public:
    // Loads the kernel library from this library's folder and starts it with the drivers (paths separated by ':').
    // Null on failure, with one line for people in *why.
    [[nodiscard]] static std::unique_ptr<Transport> start(const std::string& drivers, std::string* why);
    // Over a kernel that is started already.
    explicit DirectTransport(const pw_embedded_api& api) : api_(api) {}

    [[nodiscard]] Result<std::unique_ptr<ThreadPort>> attach_thread(std::uint64_t token) override;
    [[nodiscard]] Result<std::uint64_t> attach_file(int descriptor) override;
    [[nodiscard]] ProcessSlot slot() override;
    [[nodiscard]] bool resolve_fault(std::uint64_t, bool) override { return false; }  // the kernel's resolver does it
    [[nodiscard]] bool touch_guard(std::uint64_t address) override;
    [[nodiscard]] bool can_adopt_memory() const override { return false; }  // statics are reachable as they are
    void process_ends(int exit_code) override { api_.shutdown(api_.context, exit_code); }
    void close_in_forked_child() override { closed_ = true; }

private:
    const pw_embedded_api api_;
    bool closed_ = false;
};

}  // namespace pw::win32
