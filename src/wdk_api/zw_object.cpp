// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines of objects, events and waits. Previous mode is KernelMode: handles pass access checks, buffers are the
// driver's own.
#include <nt/zw.h>

#include "kernel/services/file_services.h"
#include "kernel/services/synchronization_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::kernel_caller;

namespace {

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }

NTSTATUS put(const nt::NamedHandle& named, PHANDLE handle) {
    if (named.status.is_success()) *handle = reinterpret_cast<HANDLE>(named.handle);
    return named.status.code();
}

NTSTATUS put(Result<std::uint64_t>&& opened, PHANDLE handle) {
    if (!opened) return opened.status().code();
    *handle = reinterpret_cast<HANDLE>(*opened);
    return STATUS_SUCCESS;
}

NTSTATUS open_named(const ob::ObjectType& type, PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    return put(nt::open_by_name(caller, *name, type, access), handle);
}

// Stores the previous state where the caller wants it.
struct Previous {
    PLONG target;
    LONG value = 0;
    NTSTATUS finish(Status status) const {
        if (status.is_success() && target) *target = value;
        return status.code();
    }
};

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwClose(HANDLE handle) {
    PW_IRQL_LIMIT(ZwClose);
    return kernel_caller().close_handle(value_of(handle)).code();
}

NTSTATUS NTAPI ZwDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process, PHANDLE target,
                                 ACCESS_MASK access, ULONG attributes, ULONG options) {
    PW_IRQL_LIMIT(ZwDuplicateObject);
    HANDLE handle = nullptr;
    const NTSTATUS status = put(nt::duplicate_object(kernel_caller(), {.source_process = value_of(source_process),
                                                                       .source = value_of(source),
                                                                       .target_process = value_of(target_process),
                                                                       .access = access,
                                                                       .attributes = attributes,
                                                                       .options = options}),
                                &handle);
    if (NT_SUCCESS(status) && target) *target = handle;
    return status;
}

NTSTATUS NTAPI ZwMakeTemporaryObject(HANDLE handle) {
    PW_IRQL_LIMIT(ZwMakeTemporaryObject);
    auto object = kernel_caller().reference(value_of(handle), nullptr, 0);
    if (!object) return object.status().code();
    (*object)->make_temporary();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwCreateDirectoryObject);
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    return put(nt::insert_and_open(caller, ob::Directory::create(caller.kernel.objects()), *name, access), handle);
}

NTSTATUS NTAPI ZwOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwOpenDirectoryObject);
    return open_named(ob::directory_type, handle, access, attributes);
}

NTSTATUS NTAPI ZwCreateEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, EVENT_TYPE type,
                             BOOLEAN state) {
    PW_IRQL_LIMIT(ZwCreateEvent);
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    return put(nt::create_event(caller, *name, access, type, state != FALSE), handle);
}

NTSTATUS NTAPI ZwOpenEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwOpenEvent);
    return open_named(ob::event_type, handle, access, attributes);
}

NTSTATUS NTAPI ZwSetEvent(HANDLE event, PLONG previous) {
    PW_IRQL_LIMIT(ZwSetEvent);
    Previous p{previous};
    return p.finish(nt::set_event(kernel_caller(), value_of(event), &p.value));
}

NTSTATUS NTAPI ZwResetEvent(HANDLE event, PLONG previous) {
    PW_IRQL_LIMIT(ZwResetEvent);
    Previous p{previous};
    return p.finish(nt::reset_event(kernel_caller(), value_of(event), &p.value));
}

NTSTATUS NTAPI ZwClearEvent(HANDLE event) {
    PW_IRQL_LIMIT(ZwClearEvent);
    return ZwResetEvent(event, nullptr);
}

NTSTATUS NTAPI ZwWaitForSingleObject(HANDLE handle, BOOLEAN alertable, PLARGE_INTEGER timeout) {
    PW_IRQL_LIMIT(ZwWaitForSingleObject);
    return nt::wait_for_single_object(kernel_caller(), value_of(handle), alertable != FALSE, timeout).code();
}

NTSTATUS NTAPI ZwWaitForMultipleObjects(ULONG count, HANDLE handles[], WAIT_TYPE type, BOOLEAN alertable,
                                        PLARGE_INTEGER timeout) {
    PW_IRQL_LIMIT(ZwWaitForMultipleObjects);
    static_assert(sizeof(HANDLE) == sizeof(std::uint64_t));
    return nt::wait_for_multiple_objects(kernel_caller(), {reinterpret_cast<const std::uint64_t*>(handles), count}, type,
                                         alertable != FALSE, timeout)
        .code();
}

}  // extern "C"
