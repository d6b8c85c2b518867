// SPDX-License-Identifier: Apache-2.0
// Façade: callback objects, executive work items, identifiers, processor features (Ex), routines by name (Mm).
#include <nt/ex.h>

#include "kernel/dispatcher/processor_features.h"
#include "kernel/io/system_routine.h"
#include "kernel/services/object_services.h"
#include "platform/random.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

ob::CallbackObject* callback_of(PVOID object) {
    return ob::object_cast<ob::CallbackObject>(wdk::object_or_bug_check(object));
}

}  // namespace

extern "C" {

NTSTATUS NTAPI ExCreateCallback(PCALLBACK_OBJECT* object, POBJECT_ATTRIBUTES attributes, BOOLEAN create,
                                BOOLEAN allow_multiple) {
    PW_IRQL_LIMIT(ExCreateCallback);
    const nt::Caller caller = wdk::kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    auto callback = nt::open_callback(caller, *name, create != FALSE, allow_multiple != FALSE);
    if (!callback) return callback.status().code();
    *object = static_cast<PCALLBACK_OBJECT>(callback->leak()->body());
    return STATUS_SUCCESS;
}

PVOID NTAPI ExRegisterCallback(PCALLBACK_OBJECT object, PCALLBACK_FUNCTION function, PVOID context) {
    PW_IRQL_LIMIT(ExRegisterCallback);
    return callback_of(object)->add(function, context);
}

void NTAPI ExUnregisterCallback(PVOID registration) {
    PW_IRQL_LIMIT(ExUnregisterCallback);
    ob::CallbackObject::remove(registration);
}

void NTAPI ExNotifyCallback(PVOID object, PVOID argument1, PVOID argument2) {
    PW_IRQL_LIMIT(ExNotifyCallback);
    callback_of(object)->notify(argument1, argument2);
}

void NTAPI ExQueueWorkItem(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE) {
    PW_IRQL_LIMIT(ExQueueWorkItem);
    wdk::current_kernel().io().work_queue().queue(*item);
}

BOOLEAN NTAPI ExIsProcessorFeaturePresent(ULONG feature) { return ke::has_processor_feature(feature); }

// A random one (RFC 4122 version 4): unique on every machine.
NTSTATUS NTAPI ExUuidCreate(UUID* uuid) {
    PW_IRQL_LIMIT(ExUuidCreate);
    platform::fill_random(uuid, sizeof(*uuid));
    uuid->Data3 = static_cast<USHORT>((uuid->Data3 & 0x0FFF) | 0x4000);
    uuid->Data4[0] = static_cast<UCHAR>((uuid->Data4[0] & 0x3F) | 0x80);
    return STATUS_SUCCESS;
}

// Pool is never executable here, whatever its type: what DrvRtPoolNxOptIn asks for is so already.
void NTAPI PwInitializeDriverRuntime(ULONG) {
    PW_IRQL_LIMIT(PwInitializeDriverRuntime);
}

PVOID NTAPI MmGetSystemRoutineAddress(PUNICODE_STRING name) {
    PW_IRQL_LIMIT(MmGetSystemRoutineAddress);
    return io::find_system_routine(wdk::text_of(name), reinterpret_cast<const void*>(&MmGetSystemRoutineAddress));
}

}  // extern "C"
