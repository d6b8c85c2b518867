// SPDX-License-Identifier: Apache-2.0
// Façade: object references and handles (ObReferenceObjectByHandle …).
#include <nt/io_inlines.h>
#include <nt/ob.h>

#include "kernel/memory/section_object.h"
#include "kernel/objects/dispatcher_objects.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

// Types are constants that drivers only compare and pass back; the documented variables are not const.
POBJECT_TYPE exported(const ob::ObjectType& type) { return const_cast<POBJECT_TYPE>(&type); }

POBJECT_TYPE file_type = exported(ob::file_type);
POBJECT_TYPE device_type = exported(ob::device_type);
POBJECT_TYPE driver_type = exported(ob::driver_type);
POBJECT_TYPE event_type = exported(ob::event_type);
POBJECT_TYPE mutant_type = exported(ob::mutant_type);
POBJECT_TYPE semaphore_type = exported(ob::semaphore_type);
POBJECT_TYPE timer_type = exported(ob::timer_type);
POBJECT_TYPE io_completion_type = exported(ob::io_completion_type);
POBJECT_TYPE section_type = exported(ob::section_type);
POBJECT_TYPE directory_type = exported(ob::directory_type);
POBJECT_TYPE symbolic_link_type = exported(ob::symbolic_link_type);
POBJECT_TYPE process_type = exported(ob::process_type);
POBJECT_TYPE thread_type = exported(ob::thread_type);

}  // namespace

extern "C" {

POBJECT_TYPE* IoFileObjectType = &file_type;
POBJECT_TYPE* IoDeviceObjectType = &device_type;
POBJECT_TYPE* IoDriverObjectType = &driver_type;
POBJECT_TYPE* ExEventObjectType = &event_type;
POBJECT_TYPE* ExMutantObjectType = &mutant_type;
POBJECT_TYPE* ExSemaphoreObjectType = &semaphore_type;
POBJECT_TYPE* ExTimerObjectType = &timer_type;
POBJECT_TYPE* IoCompletionObjectType = &io_completion_type;
POBJECT_TYPE* MmSectionObjectType = &section_type;
POBJECT_TYPE* ObDirectoryObjectType = &directory_type;
POBJECT_TYPE* ObSymbolicLinkObjectType = &symbolic_link_type;
POBJECT_TYPE* PsProcessType = &process_type;
POBJECT_TYPE* PsThreadType = &thread_type;

NTSTATUS NTAPI ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                         PVOID* object, POBJECT_HANDLE_INFORMATION information) {
    PW_IRQL_LIMIT(ObReferenceObjectByHandle);
    *object = nullptr;
    ps::Thread& thread = wdk::current_thread();
    const nt::Caller caller{wdk::current_kernel(), thread, mode};
    ob::HandleGrant grant;
    auto found = caller.reference(reinterpret_cast<std::uint64_t>(handle), type, access, &grant);
    if (!found) return found.status().code();
    if (information) *information = {.HandleAttributes = grant.attributes, .GrantedAccess = grant.access};
    *object = found->leak()->body();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ObReferenceObjectByHandleWithTag(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                                ULONG, PVOID* object, POBJECT_HANDLE_INFORMATION information) {
    PW_IRQL_LIMIT(ObReferenceObjectByHandleWithTag);
    return ObReferenceObjectByHandle(handle, access, type, mode, object, information);
}

NTSTATUS NTAPI ObReferenceObjectByPointer(PVOID body, ACCESS_MASK, POBJECT_TYPE type, KPROCESSOR_MODE mode) {
    PW_IRQL_LIMIT(ObReferenceObjectByPointer);
    ob::Object* object = ob::Object::from_body(body);
    if (!object) return STATUS_OBJECT_TYPE_MISMATCH;
    // "ObjectType can be NULL if AccessMode is KernelMode."
    if (&object->type() != type && (type || mode == UserMode)) return STATUS_OBJECT_TYPE_MISMATCH;
    object->add_ref();
    return STATUS_SUCCESS;
}

LONG_PTR FASTCALL ObfReferenceObject(PVOID body) {
    PW_IRQL_LIMIT(ObfReferenceObject);
    ob::Object* object = wdk::object_or_bug_check(body);
    object->add_ref();
    return object->pointer_count();
}

LONG_PTR FASTCALL ObfDereferenceObject(PVOID body) {
    PW_IRQL_LIMIT(ObfDereferenceObject);
    ob::Object* object = wdk::object_or_bug_check(body);
    const LONG_PTR left = object->pointer_count() - 1;
    object->release();
    return left;
}

LONG_PTR FASTCALL ObfReferenceObjectWithTag(PVOID body, ULONG) {
    PW_IRQL_LIMIT(ObfReferenceObjectWithTag);
    return ObfReferenceObject(body);
}
LONG_PTR FASTCALL ObfDereferenceObjectWithTag(PVOID body, ULONG) {
    PW_IRQL_LIMIT(ObfDereferenceObjectWithTag);
    return ObfDereferenceObject(body);
}
void NTAPI ObDereferenceObjectDeferDelete(PVOID body) {
    PW_IRQL_LIMIT(ObDereferenceObjectDeferDelete);
    ObfDereferenceObject(body);
}

NTSTATUS NTAPI ObOpenObjectByPointer(PVOID body, ULONG attributes, struct _ACCESS_STATE*, ACCESS_MASK access,
                                     POBJECT_TYPE type, KPROCESSOR_MODE mode, PHANDLE handle) {
    PW_IRQL_LIMIT(ObOpenObjectByPointer);
    ob::Object* object = ob::Object::from_body(body);
    if (!object || (type && &object->type() != type)) return STATUS_OBJECT_TYPE_MISMATCH;
    const nt::Caller caller{wdk::current_kernel(), wdk::current_thread(),
                            (attributes & OBJ_KERNEL_HANDLE) ? static_cast<KPROCESSOR_MODE>(KernelMode) : mode};
    auto granted = caller.grant(*object, access, attributes);
    if (!granted) return granted.status().code();
    auto opened = caller.open_handle(*object, *granted, attributes);
    if (!opened) return opened.status().code();
    *handle = reinterpret_cast<HANDLE>(*opened);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ObCloseHandle(HANDLE handle, KPROCESSOR_MODE mode) {
    PW_IRQL_LIMIT(ObCloseHandle);
    const nt::Caller caller{wdk::current_kernel(), wdk::current_thread(), mode};
    return caller.close_handle(reinterpret_cast<std::uint64_t>(handle)).code();
}

void NTAPI ObMakeTemporaryObject(PVOID body) { wdk::object_or_bug_check(body)->make_temporary(); }

POBJECT_TYPE NTAPI ObGetObjectType(PVOID body) { return exported(wdk::object_or_bug_check(body)->type()); }

}  // extern "C"
