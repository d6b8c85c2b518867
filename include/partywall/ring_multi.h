/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of ring.h for rings with many producers; include ring.h.
 *
 * A producer claims a slot by one exchange of the slot's word, from free at position p to claimed at p by this producer. So
 * there is no instant at which a slot is taken and nobody knows by whom, and a producer that dies leaves a slot with its
 * name on it. The head is a hint only: whoever finds it behind moves it on. The consumer frees a slot by writing the
 * position of the next lap.
 */
#ifndef PARTYWALL_RING_MULTI_H
#define PARTYWALL_RING_MULTI_H

#ifndef PARTYWALL_RING_H
#error "include partywall/ring.h"
#endif

/* Finds the first free slot, and claims it if asked to. PW_RING_OK: *found is (was) it. PW_RING_FULL, PW_RING_BUSY. */
static inline pw_ring_status pw_ring_multi_claim(pw_ring_producer *handle, uint64_t *found, int claim)
{
    pw_ring_control *const control = handle->control;
    const uint64_t capacity = (uint64_t)handle->mask + 1;
    /* Enough to walk once around the ring, and to lose some races; the other side cannot make it more. */
    const uint64_t attempts = 2 * capacity + 64;
    uint64_t position = pw_ring_load(&control->head);
    int from_tail = 0;
    uint64_t i;

    for (i = 0; i < attempts; ++i) {
        uint64_t *slot = &handle->slots[position & handle->mask];
        const uint64_t seen = pw_ring_load(slot);
        const int64_t ahead = pw_ring_slot_distance(seen, position);

        if (ahead == 0) {
            if (pw_ring_slot_phase(seen) == PW_RING_SLOT_FREE) {
                *found = position;
                if (!claim) return PW_RING_OK;
                if (!pw_ring_exchange_if(slot, seen, pw_ring_slot_word(position, PW_RING_SLOT_CLAIMED, handle->producer))) continue;
                (void)pw_ring_exchange_if(&control->head, position, position + 1);
                return PW_RING_OK;
            }
            /* Taken. Its producer may be gone before it moved the head: do it for it. */
            (void)pw_ring_exchange_if(&control->head, position, position + 1);
            ++position;
        } else if (ahead == -(int64_t)capacity && pw_ring_slot_phase(seen) != PW_RING_SLOT_FREE) {
            /* The slot still holds the element of the lap before. */
            return PW_RING_FULL;
        } else if (ahead > 0 && ahead <= (int64_t)capacity) {
            /* Taken and read while we looked: the head has moved, or its mover is gone. */
            (void)pw_ring_exchange_if(&control->head, position, position + 1);
            ++position;
        } else {
            /* We slept over some laps; or the head is nowhere near the ring, then the consumer's count is what is left. */
            const uint64_t head = pw_ring_load(&control->head);

            if (!from_tail && head != position) {
                position = head;
                continue;
            }
            if (from_tail) return PW_RING_BUSY;
            from_tail = 1;
            position = pw_ring_load(&control->tail);
            (void)pw_ring_exchange_if(&control->head, head, position);
        }
    }
    return PW_RING_BUSY;
}

static inline pw_ring_status pw_ring_multi_reserve(pw_ring_producer *handle, uint32_t wanted, void **elements, uint32_t *count)
{
    const pw_ring_status status = pw_ring_multi_claim(handle, &handle->head, 1);
    uint64_t position;
    uint32_t usable;

    if (status != PW_RING_OK) return status;
    /* As many of the following slots as are free and come without a fight. */
    if (wanted > handle->mask + 1) wanted = handle->mask + 1;
    usable = pw_ring_contiguous(handle->head, handle->mask, handle->options, wanted);
    for (position = handle->head + 1; position < handle->head + usable; ++position) {
        if (!pw_ring_exchange_if(&handle->slots[position & handle->mask], pw_ring_slot_word(position, PW_RING_SLOT_FREE, 0),
                                 pw_ring_slot_word(position, PW_RING_SLOT_CLAIMED, handle->producer))) {
            break;
        }
    }
    if (position > handle->head + 1) (void)pw_ring_exchange_if(&handle->control->head, handle->head + 1, position);
    handle->reserved = (uint32_t)(position - handle->head);
    *elements = handle->data + (handle->head & handle->mask) * handle->element_bytes;
    *count = handle->reserved;
    return PW_RING_OK;
}

static inline pw_ring_status pw_ring_multi_commit(pw_ring_producer *handle, uint32_t count)
{
    const uint64_t lost = handle->lost;
    uint32_t i;

    for (i = 0; i < handle->reserved; ++i) {
        const uint64_t position = handle->head + i;
        const unsigned phase = i < count ? PW_RING_SLOT_COMMITTED : PW_RING_SLOT_SKIPPED;

        if (!pw_ring_exchange_if(&handle->slots[position & handle->mask],
                                 pw_ring_slot_word(position, PW_RING_SLOT_CLAIMED, handle->producer),
                                 pw_ring_slot_word(position, phase, handle->producer)) &&
            i < count) {
            ++handle->lost;
        }
    }
    return handle->lost == lost ? PW_RING_OK : PW_RING_LOST;
}

/* Frees the first `count` slots from the consumer's count on, for the next lap. The caller moves the count. */
static inline void pw_ring_multi_free(pw_ring_consumer *handle, uint32_t count)
{
    uint64_t position;

    for (position = handle->tail; position < handle->tail + count; ++position) {
        pw_ring_store(&handle->slots[position & handle->mask],
                      pw_ring_slot_word(position + handle->mask + 1, PW_RING_SLOT_FREE, 0));
    }
}

static inline pw_ring_status pw_ring_multi_peek(pw_ring_consumer *handle, uint32_t wanted, const void **elements, uint32_t *count)
{
    uint64_t position;
    uint32_t usable;
    uint32_t skips;

    handle->peeked = 0;
    for (skips = 0;; ++skips) {
        const uint64_t seen = pw_ring_load_ordered(&handle->slots[handle->tail & handle->mask]);

        if (pw_ring_slot_distance(seen, handle->tail) != 0) {
            handle->corrupt = 1;
            return PW_RING_CORRUPT;
        }
        if (pw_ring_slot_phase(seen) == PW_RING_SLOT_FREE) return PW_RING_EMPTY;
        if (pw_ring_slot_phase(seen) == PW_RING_SLOT_CLAIMED) return PW_RING_STALLED;
        if (pw_ring_slot_phase(seen) == PW_RING_SLOT_COMMITTED) break;
        if (skips > handle->mask) return PW_RING_STALLED; /* a whole ring of nothing: look again another time */
        pw_ring_multi_free(handle, 1);
        ++handle->tail;
        ++handle->skipped;
        pw_ring_store_ordered(&handle->control->tail, handle->tail);
        if (handle->wake.call) pw_ring_wake_producer(handle);
    }
    if (wanted > handle->mask + 1) wanted = handle->mask + 1;
    usable = pw_ring_contiguous(handle->tail, handle->mask, handle->options, wanted);
    for (position = handle->tail + 1; position < handle->tail + usable; ++position) {
        const uint64_t seen = pw_ring_load(&handle->slots[position & handle->mask]);

        if (pw_ring_slot_distance(seen, position) != 0 || pw_ring_slot_phase(seen) != PW_RING_SLOT_COMMITTED) break;
    }
    handle->peeked = (uint32_t)(position - handle->tail);
    *elements = handle->data + (handle->tail & handle->mask) * handle->element_bytes;
    *count = handle->peeked;
    return PW_RING_OK;
}

/*
 * For who knows that a producer is gone and will not touch the ring again (a driver at the CLEANUP of its file): what it
 * claimed and never committed is passed over. From any side that can write the ring; looks at each slot once. Returns how
 * many slots it had claimed.
 */
static inline uint32_t pw_ring_retire_producer(void *memory, const pw_ring_geometry *geometry, uint16_t producer)
{
    uint64_t *slots = (uint64_t *)((uint8_t *)memory + PW_RING_CONTROL_BYTES);
    uint32_t retired = 0;
    uint32_t i;

    if (geometry->kind != PW_RING_MULTI_PRODUCER || !pw_ring_geometry_is_valid(geometry)) return 0;
    for (i = 0; i < geometry->capacity; ++i) {
        const uint64_t seen = pw_ring_load(&slots[i]);

        if (pw_ring_slot_phase(seen) != PW_RING_SLOT_CLAIMED || pw_ring_slot_producer(seen) != producer) continue;
        if (pw_ring_exchange_if(&slots[i], seen, pw_ring_slot_word(pw_ring_slot_position(seen), PW_RING_SLOT_SKIPPED, producer))) {
            ++retired;
        }
    }
    return retired;
}

/*
 * For a consumer that has lost patience with PW_RING_STALLED: passes over the next slot if it is still claimed, and says
 * whose it was. A producer that comes after all gets PW_RING_LOST from its commit; until then it may write into the slot's
 * element, which can belong to somebody else by then. So: after a time in which an honest producer is done for sure.
 */
static inline pw_ring_status pw_ring_skip_stalled(pw_ring_consumer *handle, uint16_t *producer)
{
    uint64_t *slot;
    uint64_t seen;

    if (handle->corrupt) return PW_RING_CORRUPT;
    if (!handle->slots) return PW_RING_INVALID;
    slot = &handle->slots[handle->tail & handle->mask];
    seen = pw_ring_load(slot);
    if (pw_ring_slot_distance(seen, handle->tail) != 0 || pw_ring_slot_phase(seen) != PW_RING_SLOT_CLAIMED) return PW_RING_INVALID;
    *producer = (uint16_t)pw_ring_slot_producer(seen);
    /* If it fails, the element has come: the next peek gives it. */
    (void)pw_ring_exchange_if(slot, seen, pw_ring_slot_word(handle->tail, PW_RING_SLOT_SKIPPED, *producer));
    return PW_RING_OK;
}

#endif
