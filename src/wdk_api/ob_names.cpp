// SPDX-License-Identifier: Apache-2.0
// Façade: objects by name, names of objects, and the tagged forms of reference routines.
#include <nt/ob.h>

#include "kernel/services/object_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/query_buffer.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

nt::Caller caller_in(KPROCESSOR_MODE mode) { return {wdk::current_kernel(), wdk::current_thread(), mode}; }

}  // namespace

extern "C" {

NTSTATUS NTAPI ObReferenceObjectByName(PUNICODE_STRING object_name, ULONG attributes, struct _ACCESS_STATE*,
                                       ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode, PVOID, PVOID* object) {
    *object = nullptr;
    nt::ObjectName name;
    name.has_name = object_name != nullptr;
    name.path = wdk::text_of(object_name);
    name.attributes = attributes;
    auto found = nt::reference_by_name(caller_in(mode), name, type, access);
    if (!found) return found.status().code();
    *object = found->leak()->body();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ObOpenObjectByName(POBJECT_ATTRIBUTES attributes, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                  struct _ACCESS_STATE*, ACCESS_MASK access, PVOID, PHANDLE handle) {
    const nt::Caller caller = caller_in((attributes->Attributes & OBJ_KERNEL_HANDLE) ? KPROCESSOR_MODE{KernelMode} : mode);
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    auto found = nt::reference_by_name(caller, *name, type);
    if (!found) return found.status().code();
    auto granted = caller.grant(**found, access, name->attributes);
    if (!granted) return granted.status().code();
    auto opened = caller.open_handle(**found, *granted, name->attributes);
    if (!opened) return opened.status().code();
    *handle = reinterpret_cast<HANDLE>(*opened);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ObQueryNameString(PVOID body, POBJECT_NAME_INFORMATION information, ULONG bytes, PULONG returned) {
    PW_IRQL_LIMIT(ObQueryNameString);
    return wdk::put_name(nt::name_of_object(*wdk::object_or_bug_check(body)), information, bytes, returned);
}

NTSTATUS NTAPI ObReferenceObjectByPointerWithTag(PVOID body, ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                                 ULONG) {
    PW_IRQL_LIMIT(ObReferenceObjectByPointerWithTag);
    return ObReferenceObjectByPointer(body, access, type, mode);
}

NTSTATUS NTAPI ObOpenObjectByPointerWithTag(PVOID body, ULONG attributes, struct _ACCESS_STATE* state, ACCESS_MASK access,
                                            POBJECT_TYPE type, KPROCESSOR_MODE mode, ULONG, PHANDLE handle) {
    PW_IRQL_LIMIT(ObOpenObjectByPointerWithTag);
    return ObOpenObjectByPointer(body, attributes, state, access, type, mode, handle);
}

void NTAPI ObDereferenceObjectDeferDeleteWithTag(PVOID body, ULONG) {
    PW_IRQL_LIMIT(ObDereferenceObjectDeferDeleteWithTag);
    ObDereferenceObjectDeferDelete(body);
}

}  // extern "C"
