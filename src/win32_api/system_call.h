// SPDX-License-Identifier: Apache-2.0
// SystemCall: what the stubs of the native calls share: capture the caller's arguments, call, store results, all guarded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <pw_native.h>

#include "exceptions/exceptions.h"
#include "kernel/services/syscall.h"
#include "ntstatus.h"
#include "win32_api/runtime/runtime.h"
#include "win32_api/thread_control.h"
#include "win32_api/user_apc.h"

namespace pw::win32 {

// --- The caller's memory: a bad pointer is STATUS_ACCESS_VIOLATION, as in NT.

template <typename T>
[[nodiscard]] bool read_user(const T* source, T* value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return pw_guarded_copy(value, source, sizeof(T), nullptr) == 0;
}
template <typename T>
[[nodiscard]] bool write_user(T* target, const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return pw_guarded_copy(target, &value, sizeof(T), nullptr) == 0;
}
// ProbeForWrite of a place for a result: finds a bad pointer before the call has an effect. Keeps the value.
template <typename T>
[[nodiscard]] bool probe_result(T* target) {
    T value{};
    return read_user(target, &value) && write_user(target, value);
}
template <typename T>
[[nodiscard]] bool write_optional(T* target, const T& value) {
    return target == nullptr || write_user(target, value);
}

[[nodiscard]] inline nt::WireHandle wire_handle(HANDLE handle) { return {reinterpret_cast<std::uint64_t>(handle)}; }
[[nodiscard]] inline nt::WireAddress wire_address(const volatile void* address) {
    return {reinterpret_cast<std::uint64_t>(address)};
}
[[nodiscard]] inline HANDLE handle_of(nt::WireHandle handle) { return reinterpret_cast<HANDLE>(handle.value); }
[[nodiscard]] inline PVOID pointer_of(nt::WireAddress address) { return reinterpret_cast<PVOID>(address.value); }
[[nodiscard]] inline nt::WireBool wire_bool(BOOLEAN value) { return {static_cast<std::uint8_t>(value != 0)}; }

// --- The payload of a call under construction.

class PayloadBuilder {
public:
    explicit PayloadBuilder(std::span<std::byte> room) : room_(room) {}

    // Copies the caller's bytes. STATUS_ACCESS_VIOLATION, STATUS_INVALID_BUFFER_SIZE when they do not fit.
    [[nodiscard]] NTSTATUS add(const void* source, std::uint32_t length_bytes, nt::WireBytes* field);
    // Room for bytes that the stub fills in; null when they do not fit.
    [[nodiscard]] std::byte* reserve(std::uint32_t length_bytes, nt::WireBytes* field);
    // A UNICODE_STRING of the caller. STATUS_ACCESS_VIOLATION, STATUS_OBJECT_NAME_INVALID (odd length, too long).
    [[nodiscard]] NTSTATUS add_string(const UNICODE_STRING* source, nt::WireString* field);
    // OBJECT_ATTRIBUTES of the caller, which may be null. Also STATUS_INVALID_PARAMETER (wrong Length),
    // STATUS_INVALID_SECURITY_DESCR.
    [[nodiscard]] NTSTATUS add_object(const OBJECT_ATTRIBUTES* source, nt::WireObjectAttributes* field);

    // A security descriptor in either form, as a self-relative one. STATUS_UNKNOWN_REVISION, STATUS_INVALID_SECURITY_DESCR.
    [[nodiscard]] NTSTATUS add_security(const void* descriptor, nt::WireBytes* field);

    [[nodiscard]] std::uint32_t used_bytes() const { return used_; }
    [[nodiscard]] std::uint32_t free_bytes() const { return static_cast<std::uint32_t>(room_.size()) - used_; }

private:
    std::span<std::byte> room_;
    std::uint32_t used_ = 0;
};

// --- One call.

template <typename In>
class SystemCall {
public:
    using Out = typename nt::Call<In>::Out;

    SystemCall() : port_(thread_port()), payload(port_ == nullptr ? std::span<std::byte>() : port_->payload_room(in_bytes)) {}

    // The return to user mode: everything that the call gave has been stored, and what is queued to this thread runs now, when
    // an alertable wait of the call has ended for it (a driver's wait, too). The routine may raise, and may end the thread.
    ~SystemCall() noexcept(false) {
        if (is_user_apc_due_) [[unlikely]] deliver_user_apcs();
    }
    SystemCall(const SystemCall&) = delete;
    SystemCall& operator=(const SystemCall&) = delete;

    // False when there is no kernel: the stub returns no_port_status().
    [[nodiscard]] bool has_port() const { return port_ != nullptr; }
    [[nodiscard]] NTSTATUS invoke() {
        call_.number = nt::Call<In>::number;
        call_.in = &in;
        call_.in_bytes = in_bytes;
        call_.payload_bytes = payload.used_bytes();
        call_.out = &out;
        call_.out_bytes = out_bytes;
        NTSTATUS status;
        {
            const CallScope scope;
            status = port_->call(call_).code();
        }
        is_user_apc_due_ |= call_.user_apc_due;
        return status;
    }
    [[nodiscard]] std::span<const std::byte> reply() const { return {call_.reply_payload, call_.reply_payload_bytes}; }

private:
    static constexpr std::uint32_t in_bytes = std::is_empty_v<In> ? 0 : static_cast<std::uint32_t>(sizeof(In));
    static constexpr std::uint32_t out_bytes = std::is_empty_v<Out> ? 0 : static_cast<std::uint32_t>(sizeof(Out));

    ThreadPort* const port_;
    channel::OutgoingCall call_;
    bool is_user_apc_due_ = false;

public:
    In in{};
    Out out{};
    PayloadBuilder payload;
};

// A timeout of the caller: null means for ever.
[[nodiscard]] NTSTATUS take_timeout(const LARGE_INTEGER* source, nt::WireTimeout* field);
// Stores the kernel's status block in the caller's, when the kernel says that NT would.
[[nodiscard]] bool store_status_block(IO_STATUS_BLOCK* target, const nt::WireStatusBlock& block);

}  // namespace pw::win32

// The first lines of a stub.
#define PW_SYSTEM_CALL(Name)                  \
    pw::win32::SystemCall<pw::nt::Name##In> call; \
    if (!call.has_port()) return pw::win32::no_port_status().code()
// Returns a failing status from the stub.
#define PW_NT_TRY(expression)                                                   \
    do {                                                                        \
        if (const NTSTATUS pw_status_ = (expression); pw_status_ < 0) return pw_status_; \
    } while (false)
