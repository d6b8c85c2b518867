// SPDX-License-Identifier: Apache-2.0
// Façade: device stacks, device timers, shutdown notification, error log entries.
#include <nt/io.h>

#include <algorithm>

#include "kernel/io/error_log.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::current_kernel;

namespace {

PDEVICE_OBJECT referenced(PDEVICE_OBJECT device) {
    if (device) io::DeviceObject::from_nt(device)->add_ref();
    return device;
}

}  // namespace

extern "C" {

PDEVICE_OBJECT NTAPI IoGetLowerDeviceObject(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoGetLowerDeviceObject);
    return referenced(io::DeviceObject::from_nt(device)->attached_to());
}

PDEVICE_OBJECT NTAPI IoGetDeviceAttachmentBaseRef(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoGetDeviceAttachmentBaseRef);
    return referenced(io::IoManager::bottom_of_stack(device));
}

NTSTATUS NTAPI IoAttachDevice(PDEVICE_OBJECT source, PUNICODE_STRING target, PDEVICE_OBJECT* attached) {
    PW_IRQL_LIMIT(IoAttachDevice);
    return current_kernel().io().attach_device_by_name(source, wdk::text_of(target), attached).code();
}

NTSTATUS NTAPI IoEnumerateDeviceObjectList(PDRIVER_OBJECT driver, PDEVICE_OBJECT* list, ULONG list_bytes, PULONG count) {
    PW_IRQL_LIMIT(IoEnumerateDeviceObjectList);
    const auto room = static_cast<std::uint32_t>(list_bytes / sizeof(PDEVICE_OBJECT));
    *count = io::DriverObject::from_nt(driver)->enumerate_devices({list, list ? room : 0});
    return *count <= room ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

NTSTATUS NTAPI IoInitializeTimer(PDEVICE_OBJECT device, PIO_TIMER_ROUTINE routine, PVOID context) {
    PW_IRQL_LIMIT(IoInitializeTimer);
    return io::DeviceObject::from_nt(device)->add_timer(routine, context).code();
}

void NTAPI IoStartTimer(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoStartTimer);
    device->Timer->start();
}

void NTAPI IoStopTimer(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoStopTimer);
    device->Timer->stop();
}

NTSTATUS NTAPI IoRegisterShutdownNotification(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoRegisterShutdownNotification);
    return current_kernel().io().register_shutdown(*io::DeviceObject::from_nt(device), false).code();
}

NTSTATUS NTAPI IoRegisterLastChanceShutdownNotification(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoRegisterLastChanceShutdownNotification);
    return current_kernel().io().register_shutdown(*io::DeviceObject::from_nt(device), true).code();
}

void NTAPI IoUnregisterShutdownNotification(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoUnregisterShutdownNotification);
    current_kernel().io().unregister_shutdown(*io::DeviceObject::from_nt(device));
}

PVOID NTAPI IoAllocateErrorLogEntry(PVOID object, UCHAR bytes) {
    PW_IRQL_LIMIT(IoAllocateErrorLogEntry);
    return io::allocate_error_log_entry(ob::Object::from_body(object), bytes);
}

void NTAPI IoWriteErrorLogEntry(PVOID entry) {
    PW_IRQL_LIMIT(IoWriteErrorLogEntry);
    io::write_error_log_entry(static_cast<PIO_ERROR_LOG_PACKET>(entry), current_kernel().io().diagnostics());
}

void NTAPI IoFreeErrorLogEntry(PVOID entry) {
    PW_IRQL_LIMIT(IoFreeErrorLogEntry);
    io::free_error_log_entry(static_cast<PIO_ERROR_LOG_PACKET>(entry));
}

}  // extern "C"
