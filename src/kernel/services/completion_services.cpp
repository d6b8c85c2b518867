// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/completion_services.h"

#include <cstring>

namespace pw::nt {
namespace {

constexpr ACCESS_MASK io_completion_modify_state = 0x0002;
constexpr ACCESS_MASK thread_terminate = 0x0001;

template <typename T>
bool take(std::span<const std::byte> information, T* value) {
    if (information.size() != sizeof(T)) return false;
    std::memcpy(value, information.data(), sizeof(T));
    return true;
}

}  // namespace

NamedHandle create_io_completion(const Caller& caller, const ObjectName& name, ACCESS_MASK access, ULONG concurrency) {
    auto port = io::CompletionPort::create(caller.kernel.objects(), caller.kernel.dispatcher(), concurrency);
    if (!port) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    return insert_and_open(caller, std::move(port), name, access);
}

Status set_io_completion(const Caller& caller, std::uint64_t handle, const io::CompletionPacket& packet) {
    PW_TRY_ASSIGN(auto port, caller.reference_as<io::CompletionPort>(handle, io_completion_modify_state));
    auto room = io::PacketRoom::reserve(caller.thread.process());
    if (!room) return STATUS_INSUFFICIENT_RESOURCES;
    port->post(std::move(room), packet);
    return STATUS_SUCCESS;
}

Status remove_io_completion(const Caller& caller, std::uint64_t handle, std::span<io::CompletionPacket> packets,
                            bool alertable, const LARGE_INTEGER* timeout, std::uint32_t* count) {
    PW_TRY_ASSIGN(auto port, caller.reference_as<io::CompletionPort>(handle, io_completion_modify_state));
    return port->remove(packets, caller.mode, alertable, timeout, count);
}

Status set_file_completion(const Caller& caller, std::uint64_t handle, ULONG information_class,
                           std::span<const std::byte> information) {
    switch (information_class) {
        case FileCompletionInformation: {
            FILE_COMPLETION_INFORMATION value;
            if (!take(information, &value)) return STATUS_INFO_LENGTH_MISMATCH;
            PW_TRY_ASSIGN(auto file, caller.reference_as<io::FileObject>(handle, 0));
            PW_TRY_ASSIGN(auto port, caller.reference_as<io::CompletionPort>(reinterpret_cast<std::uint64_t>(value.Port),
                                                                             io_completion_modify_state));
            return file->set_completion(std::move(port), reinterpret_cast<std::uint64_t>(value.Key));
        }
        case FileIoCompletionNotificationInformation: {
            FILE_IO_COMPLETION_NOTIFICATION_INFORMATION value;
            if (!take(information, &value)) return STATUS_INFO_LENGTH_MISMATCH;
            constexpr ULONG known =
                FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE | FILE_SKIP_SET_USER_EVENT_ON_FAST_IO;
            if (value.Flags & ~known) return STATUS_INVALID_PARAMETER;
            PW_TRY_ASSIGN(auto file, caller.reference_as<io::FileObject>(handle, 0));
            file->add_notification_modes(value.Flags);
            return STATUS_SUCCESS;
        }
        default:
            return STATUS_INVALID_INFO_CLASS;
    }
}

Status cancel_synchronous_io(const Caller& caller, std::uint64_t handle, std::uint64_t status_block) {
    PW_TRY_ASSIGN(auto thread, caller.reference_as<ps::Thread>(handle, thread_terminate));
    return caller.kernel.io().cancel_synchronous_requests(*thread, status_block);
}

}  // namespace pw::nt
