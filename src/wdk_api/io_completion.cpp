// SPDX-License-Identifier: Apache-2.0
// Façade: completion ports as drivers see them.
#include <nt/io.h>
#include <nt/zw.h>

#include "kernel/services/completion_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

io::CompletionPacket packet_of(PVOID key, PVOID apc_context, NTSTATUS status, ULONG_PTR information) {
    return {.key = reinterpret_cast<std::uint64_t>(key),
            .apc_context = reinterpret_cast<std::uint64_t>(apc_context),
            .status = status,
            .information = information};
}

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }

}  // namespace

extern "C" {

NTSTATUS NTAPI IoSetIoCompletion(PVOID port, PVOID key, PVOID apc_context, NTSTATUS status, ULONG_PTR information, BOOLEAN) {
    auto* object = ob::object_cast<io::CompletionPort>(wdk::object_or_bug_check(port));
    if (!object) return STATUS_OBJECT_TYPE_MISMATCH;
    auto room = io::PacketRoom::reserve(wdk::current_thread().process());
    if (!room) return STATUS_INSUFFICIENT_RESOURCES;
    object->post(std::move(room), packet_of(key, apc_context, status, information));
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwCreateIoCompletion(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG concurrency) {
    PW_IRQL_LIMIT(ZwCreateIoCompletion);
    const nt::Caller caller = wdk::kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    const nt::NamedHandle created = nt::create_io_completion(caller, *name, access, concurrency);
    if (created.status.is_success()) *handle = reinterpret_cast<HANDLE>(created.handle);
    return created.status.code();
}

NTSTATUS NTAPI ZwSetIoCompletion(HANDLE port, PVOID key, PVOID apc_context, NTSTATUS status, ULONG_PTR information) {
    PW_IRQL_LIMIT(ZwSetIoCompletion);
    return nt::set_io_completion(wdk::kernel_caller(), value_of(port), packet_of(key, apc_context, status, information)).code();
}

NTSTATUS NTAPI ZwRemoveIoCompletion(HANDLE port, PVOID* key, PVOID* apc_context, PIO_STATUS_BLOCK block,
                                    PLARGE_INTEGER timeout) {
    PW_IRQL_LIMIT(ZwRemoveIoCompletion);
    io::CompletionPacket packet;
    std::uint32_t count = 0;
    const Status status =
        nt::remove_io_completion(wdk::kernel_caller(), value_of(port), std::span(&packet, 1), false, timeout, &count);
    if (status != Status(STATUS_SUCCESS)) return status.code();
    *key = reinterpret_cast<PVOID>(packet.key);
    *apc_context = reinterpret_cast<PVOID>(packet.apc_context);
    block->Status = packet.status;
    block->Information = packet.information;
    return STATUS_SUCCESS;
}

}  // extern "C"
