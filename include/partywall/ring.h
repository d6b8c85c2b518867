/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded ring of equal elements in memory that a driver and an application share: a view of a section, or the mapped
 * pages of an MDL. One consumer; one producer or many. For C11 and C++, at any IRQL that may touch the memory; no locks,
 * no allocation, no system calls.
 *
 *   producer:  pw_ring_reserve() -> write the elements in place -> pw_ring_commit()
 *   consumer:  pw_ring_peek()    -> read the elements in place  -> pw_ring_release()
 *
 * The other side is not trusted. Its words are read once and checked; an impossible one makes the handle PW_RING_CORRUPT
 * for good, and nothing outside of the ring's memory is ever touched, no loop depends on a number that the other side can
 * choose. The elements themselves can change while they are looked at: copy an element, check the copy, use the copy.
 *
 * A side that dies is survived. What a single producer had not committed was never there. In a ring with many producers a
 * slot that its producer claimed and never committed stops the consumer (PW_RING_STALLED) until pw_ring_retire_producer()
 * (who knows that a producer is gone) or pw_ring_skip_stalled() (who has lost patience) passes over it.
 *
 * docs/ring.md is the guide; ring_layout.h documents the shared memory; ring_driver.h and ring_application.h wait and wake
 * with a KEVENT and a HANDLE.
 */
#ifndef PARTYWALL_RING_H
#define PARTYWALL_RING_H

#include <partywall/ring_layout.h>

typedef enum pw_ring_status {
    PW_RING_OK = 0,
    PW_RING_EMPTY = 1,   /* nothing to read now */
    PW_RING_FULL = 2,    /* no free slot now */
    PW_RING_STALLED = 3, /* the next element is claimed and not committed: it will come, or its producer is gone */
    PW_RING_BUSY = 4,    /* many producers: no slot was found within the bounded search; try again */
    PW_RING_LOST = 5,    /* many producers: some elements were committed too late, somebody had passed over their slots */
    PW_RING_TIMEOUT = 6, /* of the waits in ring_driver.h and ring_application.h */
    PW_RING_INVALID = 7, /* a wrong argument, or calls in the wrong order */
    PW_RING_CORRUPT = 8  /* the shared words make no sense: the other side lies. The handle stays so. */
} pw_ring_status;

/* What to call when the other side sleeps; call may be null. Called on the thread and at the IRQL of commit/release. */
typedef struct pw_ring_wake {
    void (*call)(void *context);
    void *context;
} pw_ring_wake;

/* pw_ring_attach_*: options */
#define PW_RING_MIRRORED 1u /* behind the elements the same pages are mapped once more: no span ends at the ring's end */

/* The two handles: private memory of their side, one thread (or lock) at a time. No field is for others. */
typedef struct pw_ring_producer {
    pw_ring_control *control;
    uint64_t *slots; /* null with one producer */
    uint8_t *data;
    uint32_t element_bytes;
    uint32_t mask; /* capacity - 1 */
    uint32_t reserved;
    uint32_t options;
    uint64_t head;   /* one producer: our own count; many: the first reserved position */
    uint64_t tail;   /* the consumer's count when we looked last */
    uint64_t ticket; /* the consumer's sleep that we have ended */
    uint64_t lost;
    uint16_t producer;
    uint8_t corrupt;
    pw_ring_wake wake;
} pw_ring_producer;

typedef struct pw_ring_consumer {
    pw_ring_control *control;
    uint64_t *slots;
    const uint8_t *data;
    uint32_t element_bytes;
    uint32_t mask;
    uint32_t peeked; /* elements of the last peek that are not released */
    uint32_t options;
    uint64_t tail;   /* our own count */
    uint64_t head;   /* what is known to be published */
    uint64_t ticket; /* the producers' sleeps that we have ended */
    uint64_t skipped;
    uint8_t corrupt;
    pw_ring_wake wake;
} pw_ring_consumer;

#include <partywall/ring_setup.h>

/* Who is to be woken, from now on. Without it commit and release do not look whether somebody sleeps. */
static inline void pw_ring_set_producer_wake(pw_ring_producer *handle, pw_ring_wake wake) { handle->wake = wake; }
static inline void pw_ring_set_consumer_wake(pw_ring_consumer *handle, pw_ring_wake wake) { handle->wake = wake; }

/* From position on, how many of `count` elements lie behind one another in this side's mapping. */
static inline uint32_t pw_ring_contiguous(uint64_t position, uint32_t mask, uint32_t options, uint32_t count)
{
    const uint32_t until_end = mask + 1 - ((uint32_t)position & mask);

    return (options & PW_RING_MIRRORED) != 0 || count <= until_end ? count : until_end;
}

/* Calls the wake if the consumer has gone to sleep since the last call. */
static inline void pw_ring_wake_consumer(pw_ring_producer *handle)
{
    const uint64_t ticket = pw_ring_load_ordered(&handle->control->consumer_ticket);

    if (ticket == handle->ticket) return;
    handle->ticket = ticket;
    handle->wake.call(handle->wake.context);
}

/* Calls the wake if a producer has gone to sleep since the last call. */
static inline void pw_ring_wake_producer(pw_ring_consumer *handle)
{
    const uint64_t ticket = pw_ring_load_ordered(&handle->control->producer_ticket);

    if (ticket == handle->ticket) return;
    handle->ticket = ticket;
    handle->wake.call(handle->wake.context);
}

#include <partywall/ring_multi.h>

/* ---------------------------------------------------------------------------------------------------------- producer */

/*
 * Room for up to `wanted` elements: *elements is where they are written, *count how many lie there behind one another (at
 * least 1). One reservation at a time. PW_RING_FULL, PW_RING_BUSY, PW_RING_INVALID, PW_RING_CORRUPT.
 */
static inline pw_ring_status pw_ring_reserve(pw_ring_producer *handle, uint32_t wanted, void **elements, uint32_t *count)
{
    const uint32_t capacity = handle->mask + 1;
    uint64_t used;
    uint32_t usable;

    if (handle->corrupt) return PW_RING_CORRUPT;
    if (wanted == 0 || handle->reserved != 0) return PW_RING_INVALID;
    if (handle->slots) return pw_ring_multi_reserve(handle, wanted, elements, count);
    used = handle->head - handle->tail;
    if (capacity - used < wanted) {
        handle->tail = pw_ring_load(&handle->control->tail);
        used = handle->head - handle->tail;
        if (used > capacity) {
            handle->corrupt = 1;
            return PW_RING_CORRUPT;
        }
        if (used == capacity) return PW_RING_FULL;
    }
    usable = (uint32_t)(capacity - used) < wanted ? (uint32_t)(capacity - used) : wanted;
    usable = pw_ring_contiguous(handle->head, handle->mask, handle->options, usable);
    handle->reserved = usable;
    *elements = handle->data + (handle->head & handle->mask) * handle->element_bytes;
    *count = usable;
    return PW_RING_OK;
}

/*
 * Publishes the first `count` reserved elements and gives the others back; 0 gives all back. PW_RING_INVALID (more than
 * reserved), PW_RING_LOST (many producers: see handle->lost).
 */
static inline pw_ring_status pw_ring_commit(pw_ring_producer *handle, uint32_t count)
{
    pw_ring_status status = PW_RING_OK;

    if (handle->corrupt) return PW_RING_CORRUPT;
    if (count > handle->reserved) return PW_RING_INVALID;
    if (handle->slots) {
        status = pw_ring_multi_commit(handle, count);
    } else {
        handle->head += count;
        if (handle->wake.call) {
            pw_ring_store_ordered(&handle->control->head, handle->head);
        } else {
            pw_ring_store(&handle->control->head, handle->head);
        }
    }
    handle->reserved = 0;
    if (handle->wake.call && count != 0) pw_ring_wake_consumer(handle);
    return status;
}

/* --------------------------------------------------------------------------------------------------------- consumer */

/*
 * The next elements, at most `wanted`: *elements is where they are, *count how many lie there behind one another. They
 * stay until they are released; peeking again gives them again. PW_RING_EMPTY, PW_RING_STALLED, PW_RING_CORRUPT.
 */
static inline pw_ring_status pw_ring_peek(pw_ring_consumer *handle, uint32_t wanted, const void **elements, uint32_t *count)
{
    uint64_t available;
    uint32_t usable;

    if (handle->corrupt) return PW_RING_CORRUPT;
    if (wanted == 0) return PW_RING_INVALID;
    if (handle->slots) return pw_ring_multi_peek(handle, wanted, elements, count);
    available = handle->head - handle->tail;
    if (available < wanted) {
        handle->head = pw_ring_load(&handle->control->head);
        available = handle->head - handle->tail;
        if (available > (uint64_t)handle->mask + 1) {
            handle->corrupt = 1;
            return PW_RING_CORRUPT;
        }
        if (available == 0) return PW_RING_EMPTY;
    }
    usable = available < wanted ? (uint32_t)available : wanted;
    usable = pw_ring_contiguous(handle->tail, handle->mask, handle->options, usable);
    handle->peeked = usable;
    *elements = handle->data + (handle->tail & handle->mask) * handle->element_bytes;
    *count = usable;
    return PW_RING_OK;
}

/* Gives the first `count` peeked elements back to the producers. PW_RING_INVALID: more than peeked. */
static inline pw_ring_status pw_ring_release(pw_ring_consumer *handle, uint32_t count)
{
    if (handle->corrupt) return PW_RING_CORRUPT;
    if (count > handle->peeked) return PW_RING_INVALID;
    handle->peeked -= count;
    if (handle->slots) pw_ring_multi_free(handle, count);
    handle->tail += count;
    if (handle->wake.call) {
        pw_ring_store_ordered(&handle->control->tail, handle->tail);
        if (count != 0) pw_ring_wake_producer(handle);
    } else {
        pw_ring_store(&handle->control->tail, handle->tail);
    }
    return PW_RING_OK;
}

/* ---------------------------------------------------------------------------------------------------- one at a time */

/* Copies one element in. The statuses of reserve and commit. */
static inline pw_ring_status pw_ring_push(pw_ring_producer *handle, const void *element)
{
    void *place;
    uint32_t count;
    const pw_ring_status status = pw_ring_reserve(handle, 1, &place, &count);

    if (status != PW_RING_OK) return status;
    __builtin_memcpy(place, element, handle->element_bytes);
    return pw_ring_commit(handle, 1);
}

/* Copies one element out. The statuses of peek. */
static inline pw_ring_status pw_ring_pop(pw_ring_consumer *handle, void *element)
{
    const void *place;
    uint32_t count;
    const pw_ring_status status = pw_ring_peek(handle, 1, &place, &count);

    if (status != PW_RING_OK) return status;
    __builtin_memcpy(element, place, handle->element_bytes);
    return pw_ring_release(handle, 1);
}

/* ----------------------------------------------------------------------------------------------------------- sleeping */

/*
 * Announces that this side goes to sleep, and looks once more. PW_RING_EMPTY or PW_RING_STALLED (PW_RING_FULL): now wait
 * for the event. PW_RING_OK: there is something (room), do not wait. Waits need a timeout where the other side can die.
 */
static inline pw_ring_status pw_ring_consumer_prepare_sleep(pw_ring_consumer *handle)
{
    const void *elements;
    uint32_t count;

    if (handle->corrupt) return PW_RING_CORRUPT;
    /* Our own word: its value is only compared, so that a liar who changes it can at most make itself wake us. */
    pw_ring_store_ordered(&handle->control->consumer_ticket, pw_ring_load(&handle->control->consumer_ticket) + 1);
    (void)pw_ring_load_ordered(&handle->control->head);
    return pw_ring_peek(handle, 1, &elements, &count);
}

static inline pw_ring_status pw_ring_producer_prepare_sleep(pw_ring_producer *handle)
{
    void *elements;
    uint32_t count;
    pw_ring_status status;
    uint64_t position;

    if (handle->corrupt) return PW_RING_CORRUPT;
    if (handle->reserved != 0) return PW_RING_INVALID;
    __atomic_fetch_add(&handle->control->producer_ticket, 1, __ATOMIC_SEQ_CST);
    (void)pw_ring_load_ordered(&handle->control->tail);
    if (handle->slots) return pw_ring_multi_claim(handle, &position, 0);
    status = pw_ring_reserve(handle, 1, &elements, &count);
    handle->reserved = 0;
    return status;
}

#ifdef __cplusplus
#include <partywall/ring_cxx.h>
#endif

#endif
