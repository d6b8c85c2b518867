/* SPDX-License-Identifier: Apache-2.0 */
/* ring.h in a driver: wake with a KEVENT, sleep on one. Include ntddk.h, wdm.h or ntifs.h before it. */
#ifndef PARTYWALL_RING_DRIVER_H
#define PARTYWALL_RING_DRIVER_H

#include <partywall/ring.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline void pw_ring_set_kevent(void *event) { KeSetEvent((PRKEVENT)event, IO_NO_INCREMENT, FALSE); }

/* A wake that sets the event, which the other side sleeps on: IRQL <= DISPATCH_LEVEL. It outlives the handle. */
static inline pw_ring_wake pw_ring_wake_kevent(PRKEVENT event)
{
    pw_ring_wake wake;

    wake.call = pw_ring_set_kevent;
    wake.context = event;
    return wake;
}

/*
 * What is left of a timeout as KeWaitForSingleObject takes it, after waits in vain: the other side can wake us for
 * nothing, but not make us wait longer. started: KeQueryInterruptTime() of the beginning.
 */
static inline PLARGE_INTEGER pw_ring_time_left(PLARGE_INTEGER timeout, ULONGLONG started, PLARGE_INTEGER left)
{
    if (timeout == NULL || timeout->QuadPart >= 0) return timeout;
    left->QuadPart = timeout->QuadPart + (LONGLONG)(KeQueryInterruptTime() - started);
    if (left->QuadPart > 0) left->QuadPart = 0;
    return left;
}

/*
 * Sleeps until there is something to peek: event is a synchronization event that the producer's wake sets. PW_RING_OK,
 * PW_RING_TIMEOUT, PW_RING_CORRUPT; PW_RING_INVALID: the wait ended otherwise (an alert, an APC). timeout as for
 * KeWaitForSingleObject. IRQL <= APC_LEVEL.
 */
static inline pw_ring_status pw_ring_wait_data_kevent(pw_ring_consumer *handle, PRKEVENT event, KPROCESSOR_MODE mode,
                                                      PLARGE_INTEGER timeout)
{
    const ULONGLONG started = KeQueryInterruptTime();
    LARGE_INTEGER left;

    for (;;) {
        const pw_ring_status status = pw_ring_consumer_prepare_sleep(handle);
        NTSTATUS waited;

        if (status != PW_RING_EMPTY && status != PW_RING_STALLED) return status;
        waited = KeWaitForSingleObject(event, Executive, mode, FALSE, pw_ring_time_left(timeout, started, &left));
        if (waited == STATUS_TIMEOUT) return PW_RING_TIMEOUT;
        if (waited != STATUS_SUCCESS) return PW_RING_INVALID;
    }
}

/*
 * Sleeps until there is room. Where several producers sleep on one event, who finds room passes the wake on.
 */
static inline pw_ring_status pw_ring_wait_room_kevent(pw_ring_producer *handle, PRKEVENT event, KPROCESSOR_MODE mode,
                                                      PLARGE_INTEGER timeout)
{
    const ULONGLONG started = KeQueryInterruptTime();
    LARGE_INTEGER left;
    int slept = 0;

    for (;;) {
        const pw_ring_status status = pw_ring_producer_prepare_sleep(handle);
        NTSTATUS waited;

        if (status != PW_RING_FULL && status != PW_RING_BUSY) {
            if (slept && handle->slots) pw_ring_set_kevent(event);
            return status;
        }
        waited = KeWaitForSingleObject(event, Executive, mode, FALSE, pw_ring_time_left(timeout, started, &left));
        if (waited == STATUS_TIMEOUT) return PW_RING_TIMEOUT;
        if (waited != STATUS_SUCCESS) return PW_RING_INVALID;
        slept = 1;
    }
}

#ifdef __cplusplus
}
#endif

#endif
