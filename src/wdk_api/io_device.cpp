// SPDX-License-Identifier: Apache-2.0
// Façade: drivers and devices (IoCreateDevice … IoGetDeviceObjectPointer).
#include <nt/io_inlines.h>
#include <wdmsec.h>

#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::current_kernel;
using wdk::text_of;

extern "C" {

NTSTATUS NTAPI IoCreateDevice(PDRIVER_OBJECT driver, ULONG extension_bytes, PUNICODE_STRING name, DEVICE_TYPE type,
                              ULONG characteristics, BOOLEAN exclusive, PDEVICE_OBJECT* device) {
    PW_IRQL_LIMIT(IoCreateDevice);
    return current_kernel()
        .io()
        .create_device(*io::DriverObject::from_nt(driver), extension_bytes, text_of(name), type, characteristics,
                       exclusive != FALSE, device)
        .code();
}

void NTAPI IoDeleteDevice(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoDeleteDevice);
    current_kernel().io().delete_device(device);
}

NTSTATUS NTAPI IoCreateSymbolicLink(PUNICODE_STRING link, PUNICODE_STRING target) {
    PW_IRQL_LIMIT(IoCreateSymbolicLink);
    return current_kernel().io().create_symbolic_link(text_of(link), text_of(target)).code();
}

NTSTATUS NTAPI IoCreateUnprotectedSymbolicLink(PUNICODE_STRING link, PUNICODE_STRING target) {
    PW_IRQL_LIMIT(IoCreateUnprotectedSymbolicLink);
    return IoCreateSymbolicLink(link, target);
}

NTSTATUS NTAPI IoDeleteSymbolicLink(PUNICODE_STRING link) {
    PW_IRQL_LIMIT(IoDeleteSymbolicLink);
    return current_kernel().io().delete_symbolic_link(text_of(link)).code();
}

PDEVICE_OBJECT NTAPI IoAttachDeviceToDeviceStack(PDEVICE_OBJECT source, PDEVICE_OBJECT target) {
    PW_IRQL_LIMIT(IoAttachDeviceToDeviceStack);
    return current_kernel().io().attach_device(source, target);
}

NTSTATUS NTAPI IoAttachDeviceToDeviceStackSafe(PDEVICE_OBJECT source, PDEVICE_OBJECT target, PDEVICE_OBJECT* attached) {
    PW_IRQL_LIMIT(IoAttachDeviceToDeviceStackSafe);
    *attached = current_kernel().io().attach_device(source, target);
    return *attached ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
}

void NTAPI IoDetachDevice(PDEVICE_OBJECT target) {
    PW_IRQL_LIMIT(IoDetachDevice);
    current_kernel().io().detach_device(target);
}

PDEVICE_OBJECT NTAPI IoGetAttachedDevice(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoGetAttachedDevice);
    return io::IoManager::top_of_stack(device);
}

PDEVICE_OBJECT NTAPI IoGetAttachedDeviceReference(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoGetAttachedDeviceReference);
    PDEVICE_OBJECT top = io::IoManager::top_of_stack(device);
    io::DeviceObject::from_nt(top)->add_ref();
    return top;
}

NTSTATUS NTAPI IoGetDeviceObjectPointer(PUNICODE_STRING name, ACCESS_MASK access, PFILE_OBJECT* file,
                                        PDEVICE_OBJECT* device) {
    PW_IRQL_LIMIT(IoGetDeviceObjectPointer);
    return current_kernel().io().open_device(text_of(name), access, file, device).code();
}

PDEVICE_OBJECT NTAPI IoGetRelatedDeviceObject(PFILE_OBJECT file) {
    PW_IRQL_LIMIT(IoGetRelatedDeviceObject);
    return io::FileObject::from_nt(file)->related_device();
}

NTSTATUS NTAPI IoAllocateDriverObjectExtension(PDRIVER_OBJECT driver, PVOID client, ULONG bytes, PVOID* extension) {
    PW_IRQL_LIMIT(IoAllocateDriverObjectExtension);
    return io::DriverObject::from_nt(driver)->allocate_extension(client, bytes, extension).code();
}

PVOID NTAPI IoGetDriverObjectExtension(PDRIVER_OBJECT driver, PVOID client) {
    PW_IRQL_LIMIT(IoGetDriverObjectExtension);
    return io::DriverObject::from_nt(driver)->find_extension(client);
}

}  // extern "C"
