// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/start_up.h"

#include <stdlib.h>

#include <cstdlib>
#include <string>

#include "exceptions/exceptions.h"
#include "ntstatus.h"
#include "platform/host_address.h"
#include "win32_api/pw_process_calls.h"
#include "win32_api/runtime/channel_transport.h"
#include "win32_api/runtime/direct_transport.h"
#include "win32_api/runtime/fork_guard.h"
#include "win32_api/runtime/heap_arena.h"
#include "win32_api/runtime/program_image.h"
#include "win32_api/runtime/runtime.h"

namespace pw::win32 {
namespace {

constinit Transport* started = nullptr;

enum pw_fault_answer resolve_slot_fault(const struct pw_fault_info* fault, void* context) {
    if (!fault->address_known) return PW_FAULT_NOT_MINE;
    auto* const transport = static_cast<Transport*>(context);
    if (transport->resolve_fault(fault->address, fault->is_write != 0)) return PW_FAULT_RETRY;
    if (transport->touch_guard(fault->address)) return PW_FAULT_GUARD_PAGE;
    // Another thread may have met the guard page first: then this access is an ordinary one.
    return transport->resolve_fault(fault->address, fault->is_write != 0) ? PW_FAULT_RETRY : PW_FAULT_NOT_MINE;
}

void process_exits(int exit_code, void*) {
    // In a forked child the kernel is no longer ours.
    if (!is_connected()) return;
    pw_exit_process(static_cast<ULONG>(exit_code));
    detach_thread();
    close_transport();
    started->process_ends(exit_code);
}

// From CreateProcess. It is this program's alone: a program that this one starts by other means gets none.
std::uint32_t take_process_token() {
    const char* text = std::getenv("PARTYWALL_PROCESS");
    const auto token = text == nullptr ? 0u : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
    ::unsetenv("PARTYWALL_PROCESS");
    return token;
}

std::unique_ptr<Transport> choose_transport(std::string* why, std::uint32_t process_token) {
    const char* socket = std::getenv("PARTYWALL_SOCKET");
    if (socket != nullptr && socket[0] != '\0') return ChannelTransport::connect(socket, why, process_token);
    const char* embedded = std::getenv("PARTYWALL_EMBEDDED");
    if (embedded != nullptr && std::string(embedded) == "1") {
        const char* drivers = std::getenv("PARTYWALL_DRIVERS");
        return DirectTransport::start(drivers == nullptr ? "" : drivers, why);
    }
    // Started plainly: the host that PARTYWALL_HOST names, else the default host if one runs.
    const char* host = std::getenv("PARTYWALL_HOST");
    const bool is_asked_for = host != nullptr && host[0] != '\0';
    platform::HostAddress address;
    if (!platform::find_host_address({}, &address, why)) {
        if (!is_asked_for) why->clear();
        return nullptr;
    }
    if (!is_asked_for && !platform::is_socket_file(address.socket)) return nullptr;
    return ChannelTransport::connect(address.socket, why);
}

}  // namespace

void start_runtime() {
    std::string why;
    const std::uint32_t process_token = take_process_token();
    std::unique_ptr<Transport> transport = choose_transport(&why, process_token);
    if (!transport) {
        // What was asked for and failed is said at the first call, as is that nothing was asked for.
        if (!why.empty()) install_refusal(why.c_str(), STATUS_PORT_CONNECTION_REFUSED);
        return;
    }
    started = transport.get();
    pw_faults_install();
    pw_fault_add_resolver(PW_FAULT_ORDER_MAPPING, resolve_slot_fault, started);
    install_transport(std::move(transport));
    ::on_exit(process_exits, nullptr);
    install_fork_guard();
    enter_heap_arena(process_slot());
    if (started->can_adopt_memory()) adopt_program_data();
    // CREATE_SUSPENDED: until the parent resumes the main thread.
    if (process_token != 0) pw_await_resume();
}

}  // namespace pw::win32
