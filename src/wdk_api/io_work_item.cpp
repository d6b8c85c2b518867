// SPDX-License-Identifier: Apache-2.0
// Façade: I/O work items.
#include <nt/io.h>

#include "kernel/io/work_item.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

namespace {

io::WorkItem& item_of(PIO_WORKITEM item) { return *reinterpret_cast<io::WorkItem*>(item); }

}  // namespace

extern "C" {

PIO_WORKITEM NTAPI IoAllocateWorkItem(PDEVICE_OBJECT device) {
    PW_IRQL_LIMIT(IoAllocateWorkItem);
    return reinterpret_cast<PIO_WORKITEM>(io::WorkItem::create(ob::Object::from_body(device)));
}

void NTAPI IoFreeWorkItem(PIO_WORKITEM item) {
    PW_IRQL_LIMIT(IoFreeWorkItem);
    item_of(item).destroy();
}

ULONG NTAPI IoSizeofWorkItem(void) { return sizeof(io::WorkItem); }

void NTAPI IoInitializeWorkItem(PVOID object, PIO_WORKITEM item) {
    io::WorkItem::initialize(item, ob::Object::from_body(object));
}

void NTAPI IoUninitializeWorkItem(PIO_WORKITEM item) { item_of(item).uninitialize(); }

void NTAPI IoQueueWorkItem(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE routine, WORK_QUEUE_TYPE, PVOID context) {
    PW_IRQL_LIMIT(IoQueueWorkItem);
    item_of(item).set_routine(routine, context);
    wdk::current_kernel().io().work_queue().queue(item_of(item));
}

void NTAPI IoQueueWorkItemEx(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE_EX routine, WORK_QUEUE_TYPE, PVOID context) {
    PW_IRQL_LIMIT(IoQueueWorkItemEx);
    item_of(item).set_routine_ex(routine, context);
    wdk::current_kernel().io().work_queue().queue(item_of(item));
}

BOOLEAN NTAPI IoTryQueueWorkItem(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE_EX routine, WORK_QUEUE_TYPE, PVOID context) {
    PW_IRQL_LIMIT(IoTryQueueWorkItem);
    return wdk::current_kernel().io().work_queue().try_queue(item_of(item), routine, context);
}

}  // extern "C"
