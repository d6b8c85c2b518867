// SPDX-License-Identifier: Apache-2.0
// Façade: interrupts (Io, Ke) and the lines of simulated devices (partywall/device.h).
#include <nt/ke.h>
#include <nt/io.h>
#include <partywall/device.h>

#include "kernel/io/device.h"
#include "kernel/io/device_interrupt.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

NTSTATUS NTAPI IoConnectInterrupt(PKINTERRUPT* object, PKSERVICE_ROUTINE routine, PVOID context, PKSPIN_LOCK lock, ULONG vector,
                                  KIRQL irql, KIRQL synchronize_irql, KINTERRUPT_MODE mode, BOOLEAN share, KAFFINITY affinity,
                                  BOOLEAN floating_save) {
    IO_CONNECT_INTERRUPT_PARAMETERS parameters = {};
    parameters.Version = CONNECT_FULLY_SPECIFIED;
    parameters.FullySpecified = {nullptr, object, routine, context, lock, synchronize_irql, floating_save, share,
                                 vector, irql, mode, affinity, 0};
    return io::connect_interrupt(wdk::dispatcher(), parameters).code();
}

NTSTATUS NTAPI IoConnectInterruptEx(PIO_CONNECT_INTERRUPT_PARAMETERS parameters) {
    return io::connect_interrupt(wdk::dispatcher(), *parameters).code();
}

void NTAPI IoDisconnectInterrupt(PKINTERRUPT object) {
    IO_DISCONNECT_INTERRUPT_PARAMETERS parameters = {};
    parameters.Version = CONNECT_FULLY_SPECIFIED;
    parameters.ConnectionContext.InterruptObject = object;
    io::disconnect_interrupt(wdk::dispatcher(), parameters);
}

void NTAPI IoDisconnectInterruptEx(PIO_DISCONNECT_INTERRUPT_PARAMETERS parameters) {
    io::disconnect_interrupt(wdk::dispatcher(), *parameters);
}

void NTAPI IoReportInterruptActive(PIO_CONNECT_INTERRUPT_PARAMETERS parameters) {
    PW_IRQL_LIMIT(IoReportInterruptActive);
    io::set_interrupt_active(*parameters, true);
}
void NTAPI IoReportInterruptInactive(PIO_CONNECT_INTERRUPT_PARAMETERS parameters) {
    PW_IRQL_LIMIT(IoReportInterruptInactive);
    io::set_interrupt_active(*parameters, false);
}

KIRQL NTAPI KeAcquireInterruptSpinLock(PKINTERRUPT interrupt) {
    (void)ke::Thread::current_or_attach();
    return interrupt->acquire();
}
void NTAPI KeReleaseInterruptSpinLock(PKINTERRUPT interrupt, KIRQL irql) {
    (void)ke::Thread::current_or_attach();
    interrupt->release(irql);
}
BOOLEAN NTAPI KeSynchronizeExecution(PKINTERRUPT interrupt, PKSYNCHRONIZE_ROUTINE routine, PVOID context) {
    (void)ke::Thread::current_or_attach();
    return interrupt->synchronize(routine, context);
}

BOOLEAN NTAPI pw_raise_interrupt(ULONG vector) {
    ke::Thread& thread = ke::Thread::current_or_attach();
    return thread.dispatcher().interrupts().raise(thread, vector);
}

NTSTATUS NTAPI pw_add_device_interrupt(PDEVICE_OBJECT device, const pw_interrupt_line* line) {
    return io::DeviceObject::from_nt(device)
        ->add_interrupt_line({line->Vector, line->Irql, line->Mode, line->Shared != FALSE, line->Affinity, line->MessageCount})
        .code();
}

}  // extern "C"
