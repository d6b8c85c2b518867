/* SPDX-License-Identifier: Apache-2.0 */
/* The part of ring.h that makes a ring and attaches to it; include ring.h. */
#ifndef PARTYWALL_RING_SETUP_H
#define PARTYWALL_RING_SETUP_H

#ifndef PARTYWALL_RING_H
#error "include partywall/ring.h"
#endif

/* Makes an empty ring of `memory`, which is 8-byte aligned, long enough and seen by nobody else yet. PW_RING_INVALID. */
static inline pw_ring_status pw_ring_create(void *memory, uint64_t memory_bytes, const pw_ring_geometry *geometry)
{
    const uint64_t total_bytes = pw_ring_bytes(geometry);
    pw_ring_control *control = (pw_ring_control *)memory;
    uint64_t *slots;
    uint32_t i;

    if (total_bytes == 0 || memory_bytes < total_bytes || ((uintptr_t)memory & 7) != 0) return PW_RING_INVALID;
    pw_ring_store(&control->header.magic, 0);
    control->header.version = PW_RING_VERSION;
    control->header.kind = geometry->kind;
    control->header.element_bytes = geometry->element_bytes;
    control->header.capacity = geometry->capacity;
    control->header.control_bytes = PW_RING_CONTROL_BYTES;
    control->header.reserved = 0;
    control->header.slots_offset = pw_ring_slots_offset(geometry);
    control->header.data_offset = pw_ring_data_offset(geometry);
    control->header.total_bytes = total_bytes;
    control->header.reserved2 = 0;
    pw_ring_store(&control->head, 0);
    pw_ring_store(&control->tail, 0);
    pw_ring_store(&control->producer_ticket, 0);
    pw_ring_store(&control->consumer_ticket, 0);
    if (geometry->kind == PW_RING_MULTI_PRODUCER) {
        slots = (uint64_t *)((uint8_t *)memory + PW_RING_CONTROL_BYTES);
        for (i = 0; i < geometry->capacity; ++i) pw_ring_store(&slots[i], pw_ring_slot_word(i, PW_RING_SLOT_FREE, 0));
    }
    pw_ring_store(&control->header.magic, PW_RING_MAGIC);
    return PW_RING_OK;
}

/*
 * Reads the geometry of the ring in `memory`. PW_RING_CORRUPT: there is no ring, or of another version, or it does not
 * fit into the memory. A side that knows what the ring must be compares; what is returned was read once.
 */
static inline pw_ring_status pw_ring_read_geometry(const void *memory, uint64_t memory_bytes, pw_ring_geometry *geometry)
{
    const pw_ring_control *control = (const pw_ring_control *)memory;
    uint64_t total_bytes;

    if (memory_bytes < PW_RING_CONTROL_BYTES || ((uintptr_t)memory & 7) != 0) return PW_RING_INVALID;
    if (pw_ring_load(&control->header.magic) != PW_RING_MAGIC) return PW_RING_CORRUPT;
    if (__atomic_load_n(&control->header.version, __ATOMIC_RELAXED) != PW_RING_VERSION) return PW_RING_CORRUPT;
    geometry->kind = __atomic_load_n(&control->header.kind, __ATOMIC_RELAXED);
    geometry->element_bytes = __atomic_load_n(&control->header.element_bytes, __ATOMIC_RELAXED);
    geometry->capacity = __atomic_load_n(&control->header.capacity, __ATOMIC_RELAXED);
    total_bytes = pw_ring_bytes(geometry);
    if (total_bytes == 0 || total_bytes > memory_bytes) return PW_RING_CORRUPT;
    if (__atomic_load_n(&control->header.control_bytes, __ATOMIC_RELAXED) != PW_RING_CONTROL_BYTES ||
        __atomic_load_n(&control->header.slots_offset, __ATOMIC_RELAXED) != pw_ring_slots_offset(geometry) ||
        __atomic_load_n(&control->header.data_offset, __ATOMIC_RELAXED) != pw_ring_data_offset(geometry) ||
        __atomic_load_n(&control->header.total_bytes, __ATOMIC_RELAXED) != total_bytes) {
        return PW_RING_CORRUPT;
    }
    return PW_RING_OK;
}

/* What attaching has in common: checks, and *geometry. expected: what the ring must be, or null to take what is there. */
static inline pw_ring_status pw_ring_check(void *memory, uint64_t memory_bytes, const pw_ring_geometry *expected,
                                           uint32_t options, pw_ring_geometry *geometry)
{
    pw_ring_status status = pw_ring_read_geometry(memory, memory_bytes, geometry);
    uint64_t data_bytes;

    if (status != PW_RING_OK) return status;
    if (expected && (expected->kind != geometry->kind || expected->element_bytes != geometry->element_bytes ||
                     expected->capacity != geometry->capacity)) {
        return PW_RING_CORRUPT;
    }
    if ((options & ~PW_RING_MIRRORED) != 0) return PW_RING_INVALID;
    if ((options & PW_RING_MIRRORED) != 0) {
        data_bytes = pw_ring_data_bytes(geometry);
        if (data_bytes % PW_RING_PAGE_BYTES != 0 || memory_bytes - pw_ring_bytes(geometry) < data_bytes) return PW_RING_INVALID;
    }
    return PW_RING_OK;
}

/*
 * Attaches to the ring in `memory` as a producer: with one producer, as the only one at a time; it goes on where the one
 * before it stopped. producer: which of many, 1..65535, unique in the ring; the driver gives it out. memory_bytes: how
 * much is really mapped here. PW_RING_INVALID, PW_RING_CORRUPT.
 */
static inline pw_ring_status pw_ring_attach_producer(pw_ring_producer *handle, void *memory, uint64_t memory_bytes,
                                                     const pw_ring_geometry *expected, uint32_t options, uint16_t producer)
{
    const pw_ring_wake no_wake = {0, 0};
    pw_ring_geometry geometry;
    pw_ring_status status = pw_ring_check(memory, memory_bytes, expected, options, &geometry);

    handle->corrupt = 1;
    if (status != PW_RING_OK) return status;
    if (geometry.kind == PW_RING_MULTI_PRODUCER && producer == 0) return PW_RING_INVALID;
    handle->control = (pw_ring_control *)memory;
    handle->slots = geometry.kind == PW_RING_MULTI_PRODUCER ? (uint64_t *)((uint8_t *)memory + PW_RING_CONTROL_BYTES) : 0;
    handle->data = (uint8_t *)memory + pw_ring_data_offset(&geometry);
    handle->element_bytes = geometry.element_bytes;
    handle->mask = geometry.capacity - 1;
    handle->reserved = 0;
    handle->options = options;
    handle->head = pw_ring_load(&handle->control->head);
    handle->tail = pw_ring_load(&handle->control->tail);
    handle->ticket = 0;
    handle->lost = 0;
    handle->producer = producer;
    handle->wake = no_wake;
    if (!handle->slots && handle->head - handle->tail > geometry.capacity) return PW_RING_CORRUPT;
    handle->corrupt = 0;
    return PW_RING_OK;
}

/* Attaches as the consumer, the only one at a time; it goes on where the one before it stopped. */
static inline pw_ring_status pw_ring_attach_consumer(pw_ring_consumer *handle, void *memory, uint64_t memory_bytes,
                                                     const pw_ring_geometry *expected, uint32_t options)
{
    const pw_ring_wake no_wake = {0, 0};
    pw_ring_geometry geometry;
    pw_ring_status status = pw_ring_check(memory, memory_bytes, expected, options, &geometry);

    handle->corrupt = 1;
    if (status != PW_RING_OK) return status;
    handle->control = (pw_ring_control *)memory;
    handle->slots = geometry.kind == PW_RING_MULTI_PRODUCER ? (uint64_t *)((uint8_t *)memory + PW_RING_CONTROL_BYTES) : 0;
    handle->data = (const uint8_t *)memory + pw_ring_data_offset(&geometry);
    handle->element_bytes = geometry.element_bytes;
    handle->mask = geometry.capacity - 1;
    handle->peeked = 0;
    handle->options = options;
    handle->tail = pw_ring_load(&handle->control->tail);
    handle->head = handle->tail;
    handle->ticket = 0;
    handle->skipped = 0;
    handle->wake = no_wake;
    handle->corrupt = 0;
    return PW_RING_OK;
}

#endif
