// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/runtime.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <utility>

#include <pthread.h>

#include "ntstatus.h"
#include "platform/console_line.h"
#include "win32_api/thread_control.h"

namespace pw::win32 {
namespace {

constexpr const char* not_connected =
    "not connected: start this program with 'partywall run --driver DRIVER.sys -- PROGRAM', or start a driver host with "
    "'partywall host' and load the driver with 'partywall load DRIVER.sys'";

// Never destroyed: threads may call until the process is gone.
constinit std::atomic<Transport*> transport{nullptr};
constinit std::atomic<bool> complained{false};
constinit char refusal[600] = {};
constinit std::atomic<std::int32_t> refusal_status{STATUS_PORT_DISCONNECTED};
pthread_key_t exit_key;
pthread_once_t exit_key_once = PTHREAD_ONCE_INIT;

thread_local constinit ThreadPort* current_port __attribute__((tls_model("initial-exec"))) = nullptr;
thread_local constinit std::uint64_t thread_token = 0;
thread_local constinit std::int32_t attach_failure = 0;

void thread_exits(void* port) {
    ThreadControl::delist();
    current_port = nullptr;
    delete static_cast<ThreadPort*>(port);
}

void make_exit_key() { ::pthread_key_create(&exit_key, thread_exits); }

ThreadPort* attach_this_thread() {
    Transport* const to = transport.load(std::memory_order_acquire);
    if (to == nullptr) {
        attach_failure = refusal_status.load(std::memory_order_relaxed);
        if (!complained.exchange(true)) {
            char line[700];
            std::snprintf(line, sizeof line, "partywall: %s", refusal[0] == '\0' ? not_connected : refusal);
            platform::write_console_line(line);
        }
        return nullptr;
    }
    auto port = to->attach_thread(std::exchange(thread_token, 0));
    if (!port.is_ok()) {
        attach_failure = port.status().code();
        return nullptr;
    }
    ::pthread_once(&exit_key_once, make_exit_key);
    current_port = std::move(port).value().release();
    ::pthread_setspecific(exit_key, current_port);
    return current_port;
}

}  // namespace

ThreadPort* thread_port() {
    if (ThreadPort* port = current_port; port != nullptr) [[likely]] return port;
    return attach_this_thread();
}

Status no_port_status() { return attach_failure == 0 ? STATUS_PORT_DISCONNECTED : attach_failure; }

void set_thread_token(std::uint64_t token) { thread_token = token; }

void detach_thread() {
    if (current_port == nullptr) return;
    ::pthread_setspecific(exit_key, nullptr);
    thread_exits(current_port);
}

Result<std::uint64_t> attach_file(int descriptor) {
    Transport* const to = transport.load(std::memory_order_acquire);
    if (to == nullptr) return no_port_status();
    return to->attach_file(descriptor);
}

ProcessSlot process_slot() {
    Transport* const to = transport.load(std::memory_order_acquire);
    return to == nullptr ? ProcessSlot{} : to->slot();
}

bool is_connected() { return transport.load(std::memory_order_acquire) != nullptr; }

void install_transport(std::unique_ptr<Transport> installed) {
    transport.store(installed.release(), std::memory_order_release);
}

void install_refusal(const char* reason, Status status) {
    std::snprintf(refusal, sizeof refusal, "%s", reason);
    refusal_status.store(status.code(), std::memory_order_relaxed);
    complained.store(false);
}

void close_transport() {
    complained.store(true);
    transport.store(nullptr, std::memory_order_release);
}

void forget_transport_in_forked_child() {
    Transport* const old = transport.exchange(nullptr, std::memory_order_acq_rel);
    // The port's memory and the transport's stay: other threads' state is in unknown condition here.
    current_port = nullptr;
    ::pthread_once(&exit_key_once, make_exit_key);
    ::pthread_setspecific(exit_key, nullptr);
    if (old == nullptr) return;
    old->close_in_forked_child();
    install_refusal("a child of fork() is no Partywall program: let it exec one", STATUS_PORT_DISCONNECTED);
}

std::unique_ptr<Transport> remove_transport() {
    detach_thread();
    return std::unique_ptr<Transport>(transport.exchange(nullptr, std::memory_order_acq_rel));
}

}  // namespace pw::win32
