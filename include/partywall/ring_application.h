/* SPDX-License-Identifier: Apache-2.0 */
/* ring.h in an application: wake with an event's HANDLE, sleep on one. Include windows.h before it. */
#ifndef PARTYWALL_RING_APPLICATION_H
#define PARTYWALL_RING_APPLICATION_H

#include <partywall/ring.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline void pw_ring_set_event(void *event) { SetEvent((HANDLE)event); }

/* A wake that sets the event, which the other side sleeps on. The handle stays open as long as the ring's handle. */
static inline pw_ring_wake pw_ring_wake_event(HANDLE event)
{
    pw_ring_wake wake;

    wake.call = pw_ring_set_event;
    wake.context = event;
    return wake;
}

/* What is left of timeout_ms (INFINITE: for ever) since started. */
static inline DWORD pw_ring_ms_left(DWORD timeout_ms, ULONGLONG started)
{
    const ULONGLONG passed = GetTickCount64() - started;

    if (timeout_ms == INFINITE) return INFINITE;
    return passed < timeout_ms ? timeout_ms - (DWORD)passed : 0;
}

/*
 * Sleeps until there is something to peek: event is an auto-reset event that the producer's wake sets. PW_RING_OK,
 * PW_RING_TIMEOUT, PW_RING_CORRUPT; PW_RING_INVALID: the wait failed (GetLastError).
 */
static inline pw_ring_status pw_ring_wait_data(pw_ring_consumer *handle, HANDLE event, DWORD timeout_ms)
{
    const ULONGLONG started = GetTickCount64();

    for (;;) {
        const pw_ring_status status = pw_ring_consumer_prepare_sleep(handle);
        DWORD waited;

        if (status != PW_RING_EMPTY && status != PW_RING_STALLED) return status;
        waited = WaitForSingleObject(event, pw_ring_ms_left(timeout_ms, started));
        if (waited == WAIT_TIMEOUT) return PW_RING_TIMEOUT;
        if (waited != WAIT_OBJECT_0) return PW_RING_INVALID;
    }
}

/* Sleeps until there is room. Where several producers sleep on one event, who finds room passes the wake on. */
static inline pw_ring_status pw_ring_wait_room(pw_ring_producer *handle, HANDLE event, DWORD timeout_ms)
{
    const ULONGLONG started = GetTickCount64();
    int slept = 0;

    for (;;) {
        const pw_ring_status status = pw_ring_producer_prepare_sleep(handle);
        DWORD waited;

        if (status != PW_RING_FULL && status != PW_RING_BUSY) {
            if (slept && handle->slots) pw_ring_set_event(event);
            return status;
        }
        waited = WaitForSingleObject(event, pw_ring_ms_left(timeout_ms, started));
        if (waited == WAIT_TIMEOUT) return PW_RING_TIMEOUT;
        if (waited != WAIT_OBJECT_0) return PW_RING_INVALID;
        slept = 1;
    }
}

#ifdef __cplusplus
}
#endif

#endif
