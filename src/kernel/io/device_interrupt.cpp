// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/device_interrupt.h"

#include <cstdlib>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/io/device.h"

namespace pw::io {
namespace {

void check_passive_level() {
    const KIRQL irql = ke::current_irql();
    if (irql == PASSIVE_LEVEL) [[likely]] return;
    ke::bug_check(ke::irql_not_less_or_equal, 0, irql, 0, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
}

const InterruptLine* line_of(PDEVICE_OBJECT device, bool messages) {
    if (!device) return nullptr;
    for (const InterruptLine& line : DeviceObject::from_nt(device)->interrupt_lines()) {
        if ((line.message_count != 0) == messages) return &line;
    }
    return nullptr;
}

void take_resource(ke::InterruptRequest& request, const InterruptLine& line, KIRQL synchronize_irql) {
    request.vector = line.vector;
    request.irql = line.irql;
    request.synchronize_irql = synchronize_irql != PASSIVE_LEVEL ? synchronize_irql : line.irql;
    request.mode = line.mode;
    request.shared = line.shared;
    request.affinity = line.affinity != 0 ? line.affinity : ~KAFFINITY{0};
}

Status connect_one(ke::Dispatcher& dispatcher, const ke::InterruptRequest& request, PKINTERRUPT* object) {
    if (!object) return STATUS_INVALID_PARAMETER;
    *object = nullptr;
    PW_TRY_ASSIGN(*object, dispatcher.interrupts().connect(request));
    return STATUS_SUCCESS;
}

Status connect_fully_specified(ke::Dispatcher& dispatcher, const IO_CONNECT_INTERRUPT_PARAMETERS& parameters) {
    const IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS& wanted = parameters.FullySpecified;
    // There is one group of processors.
    if (parameters.Version == CONNECT_FULLY_SPECIFIED_GROUP && wanted.Group != 0) return STATUS_INVALID_PARAMETER;
    ke::InterruptRequest request;
    request.routine = wanted.ServiceRoutine;
    request.context = wanted.ServiceContext;
    request.lock = wanted.SpinLock;
    request.vector = wanted.Vector;
    request.irql = wanted.Irql;
    request.synchronize_irql = wanted.SynchronizeIrql;
    request.mode = wanted.InterruptMode;
    request.shared = wanted.ShareVector != FALSE;
    request.affinity = wanted.ProcessorEnableMask;
    return connect_one(dispatcher, request, wanted.InterruptObject);
}

Status connect_line(ke::Dispatcher& dispatcher, const IO_CONNECT_INTERRUPT_LINE_BASED_PARAMETERS& wanted) {
    const InterruptLine* line = line_of(wanted.PhysicalDeviceObject, false);
    if (!line) return STATUS_NOT_FOUND;
    ke::InterruptRequest request;
    request.routine = wanted.ServiceRoutine;
    request.context = wanted.ServiceContext;
    request.lock = wanted.SpinLock;
    take_resource(request, *line, wanted.SynchronizeIrql);
    return connect_one(dispatcher, request, wanted.InterruptObject);
}

void disconnect_table(ke::Dispatcher& dispatcher, IO_INTERRUPT_MESSAGE_INFO* table) {
    for (ULONG i = 0; i < table->MessageCount; ++i) {
        // The driver could have written into its table: what is connected no longer is a bug check there.
        dispatcher.interrupts().disconnect(*table->MessageInfo[i].InterruptObject);
    }
    std::free(table);
}

Status connect_messages(ke::Dispatcher& dispatcher, const IO_CONNECT_INTERRUPT_MESSAGE_BASED_PARAMETERS& wanted,
                        const InterruptLine& line) {
    if (!wanted.ConnectionContext.InterruptMessageTable || !wanted.MessageServiceRoutine) return STATUS_INVALID_PARAMETER;
    const std::size_t bytes = sizeof(IO_INTERRUPT_MESSAGE_INFO) + (line.message_count - 1) * sizeof(IO_INTERRUPT_MESSAGE_INFO_ENTRY);
    auto* table = static_cast<IO_INTERRUPT_MESSAGE_INFO*>(std::calloc(1, bytes));
    if (!table) return STATUS_INSUFFICIENT_RESOURCES;
    ke::InterruptRequest request;
    request.message_routine = wanted.MessageServiceRoutine;
    request.context = wanted.ServiceContext;
    request.lock = wanted.SpinLock;
    take_resource(request, line, wanted.SynchronizeIrql);
    table->UnifiedIrql = request.synchronize_irql;
    for (ULONG i = 0; i < line.message_count; ++i) {
        request.vector = line.vector + i;
        request.message_id = i;
        IO_INTERRUPT_MESSAGE_INFO_ENTRY& entry = table->MessageInfo[i];
        if (const Status status = connect_one(dispatcher, request, &entry.InterruptObject); status.is_failure()) {
            disconnect_table(dispatcher, table);
            return status;
        }
        entry.TargetProcessorSet = entry.InterruptObject->request().affinity;
        entry.MessageData = i;
        entry.Vector = request.vector;
        entry.Irql = request.irql;
        entry.Mode = request.mode;
        table->MessageCount = i + 1;
    }
    *wanted.ConnectionContext.InterruptMessageTable = table;
    return STATUS_SUCCESS;
}

Status connect_messages_or_line(ke::Dispatcher& dispatcher, IO_CONNECT_INTERRUPT_PARAMETERS& parameters) {
    const IO_CONNECT_INTERRUPT_MESSAGE_BASED_PARAMETERS& wanted = parameters.MessageBased;
    if (const InterruptLine* messages = line_of(wanted.PhysicalDeviceObject, true)) {
        return connect_messages(dispatcher, wanted, *messages);
    }
    // "If the device has no message-signalled interrupts, the fallback routine is connected as line-based."
    if (!wanted.FallBackServiceRoutine) return STATUS_NOT_FOUND;
    IO_CONNECT_INTERRUPT_LINE_BASED_PARAMETERS line = {};
    line.PhysicalDeviceObject = wanted.PhysicalDeviceObject;
    line.InterruptObject = wanted.ConnectionContext.InterruptObject;
    line.ServiceRoutine = wanted.FallBackServiceRoutine;
    line.ServiceContext = wanted.ServiceContext;
    line.SpinLock = wanted.SpinLock;
    line.SynchronizeIrql = wanted.SynchronizeIrql;
    PW_TRY(connect_line(dispatcher, line));
    parameters.Version = CONNECT_LINE_BASED;
    return STATUS_SUCCESS;
}

}  // namespace

Status DeviceObject::add_interrupt_line(const InterruptLine& line) {
    const ULONG last = line.message_count != 0 ? line.message_count - 1 : 0;
    if (line.vector >= ke::InterruptTable::vector_count || last >= max_interrupt_messages ||
        line.vector + last >= ke::InterruptTable::vector_count) {
        return STATUS_INVALID_PARAMETER;
    }
    if (line.irql != PASSIVE_LEVEL && (line.irql <= DISPATCH_LEVEL || line.irql >= CLOCK_LEVEL)) return STATUS_INVALID_PARAMETER;
    interrupt_lines_.push_back(line);
    return STATUS_SUCCESS;
}

Status connect_interrupt(ke::Dispatcher& dispatcher, IO_CONNECT_INTERRUPT_PARAMETERS& parameters) {
    check_passive_level();
    switch (parameters.Version) {
        case CONNECT_FULLY_SPECIFIED:
        case CONNECT_FULLY_SPECIFIED_GROUP:
            return connect_fully_specified(dispatcher, parameters);
        case CONNECT_LINE_BASED:
            return connect_line(dispatcher, parameters.LineBased);
        case CONNECT_MESSAGE_BASED:
        case CONNECT_MESSAGE_BASED_PASSIVE:
            return connect_messages_or_line(dispatcher, parameters);
        default:
            parameters.Version = CONNECT_CURRENT_VERSION;
            return STATUS_NOT_SUPPORTED;
    }
}

void disconnect_interrupt(ke::Dispatcher& dispatcher, IO_DISCONNECT_INTERRUPT_PARAMETERS& parameters) {
    check_passive_level();
    if (parameters.Version == CONNECT_MESSAGE_BASED || parameters.Version == CONNECT_MESSAGE_BASED_PASSIVE) {
        disconnect_table(dispatcher, parameters.ConnectionContext.InterruptMessageTable);
    } else {
        dispatcher.interrupts().disconnect(*parameters.ConnectionContext.InterruptObject);
    }
}

void set_interrupt_active(const IO_CONNECT_INTERRUPT_PARAMETERS& parameters, bool active) {
    switch (parameters.Version) {
        case CONNECT_MESSAGE_BASED:
        case CONNECT_MESSAGE_BASED_PASSIVE: {
            const IO_INTERRUPT_MESSAGE_INFO* table = *parameters.MessageBased.ConnectionContext.InterruptMessageTable;
            for (ULONG i = 0; i < table->MessageCount; ++i) {
                ke::InterruptTable::set_active(*table->MessageInfo[i].InterruptObject, active);
            }
            break;
        }
        case CONNECT_LINE_BASED:
            ke::InterruptTable::set_active(**parameters.LineBased.InterruptObject, active);
            break;
        default:
            ke::InterruptTable::set_active(**parameters.FullySpecified.InterruptObject, active);
            break;
    }
}

}  // namespace pw::io
