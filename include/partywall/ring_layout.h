/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of a ring in shared memory, version 1, and how it is calculated from the ring's geometry.
 *
 *   offset   bytes                what                                            written by
 *   0        64                   pw_ring_header: constants                       who made the ring, once
 *   128      8                    head: elements published (one producer);        producers
 *                                 where to look for a free slot (many)
 *   256      8                    producer_ticket: counts producers' sleeps       producers
 *   4096     8                    tail: elements taken                            the consumer
 *   4224     8                    consumer_ticket: counts the consumer's sleeps   the consumer
 *   8192     8 * capacity         slot words, rounded up to pages: only with      both
 *                                 PW_RING_MULTI_PRODUCER
 *   then     element * capacity   the elements                                    producers
 *
 * Words that different parties write lie on different cache lines, and the consumer's own words on a page of their own:
 * with one producer all other pages can be mapped read-only into the consumer. Indices are 64-bit counts that never wrap.
 *
 * A slot word of a ring with many producers is: position (46 bits), phase (2 bits), producer (16 bits). Position is the
 * count of the element that the slot holds or waits for, modulo 2^46.
 */
#ifndef PARTYWALL_RING_LAYOUT_H
#define PARTYWALL_RING_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define PW_RING_ASSERT(condition, text) static_assert(condition, text)
#else
#define PW_RING_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#define PW_RING_MAGIC 0x676e69522d775031ull /* "1Pw-Ring" */
#define PW_RING_VERSION 1u

#define PW_RING_CONTROL_BYTES 8192u
#define PW_RING_PAGE_BYTES 4096u
#define PW_RING_MAX_ELEMENT_BYTES (1u << 20)
#define PW_RING_MAX_CAPACITY (1u << 30)

/* pw_ring_geometry.kind */
#define PW_RING_SINGLE_PRODUCER 1u
#define PW_RING_MULTI_PRODUCER 2u

/* What both sides agree on. */
typedef struct pw_ring_geometry {
    uint32_t kind;          /* PW_RING_SINGLE_PRODUCER or PW_RING_MULTI_PRODUCER */
    uint32_t element_bytes; /* 1 .. PW_RING_MAX_ELEMENT_BYTES */
    uint32_t capacity;      /* elements, a power of two, 2 .. PW_RING_MAX_CAPACITY */
} pw_ring_geometry;

/* The constants at the ring's start. All of them follow from the geometry; an attaching side checks that they do. */
typedef struct pw_ring_header {
    uint64_t magic;
    uint32_t version;
    uint32_t kind;
    uint32_t element_bytes;
    uint32_t capacity;
    uint32_t control_bytes;
    uint32_t reserved;
    uint64_t slots_offset; /* 0 with one producer */
    uint64_t data_offset;
    uint64_t total_bytes;
    uint64_t reserved2;
} pw_ring_header;

typedef struct pw_ring_control {
    pw_ring_header header;
    uint8_t pad0[64];
    uint64_t head;
    uint8_t pad1[120];
    uint64_t producer_ticket;
    uint8_t pad2[4096 - 264];
    uint64_t tail;
    uint8_t pad3[120];
    uint64_t consumer_ticket;
    uint8_t pad4[4096 - 136];
} pw_ring_control;

PW_RING_ASSERT(sizeof(pw_ring_header) == 64, "the header is 64 bytes");
PW_RING_ASSERT(sizeof(pw_ring_control) == PW_RING_CONTROL_BYTES, "the control part is two pages");
PW_RING_ASSERT(offsetof(pw_ring_control, head) == 128, "layout version 1");
PW_RING_ASSERT(offsetof(pw_ring_control, producer_ticket) == 256, "layout version 1");
PW_RING_ASSERT(offsetof(pw_ring_control, tail) == 4096, "layout version 1");
PW_RING_ASSERT(offsetof(pw_ring_control, consumer_ticket) == 4224, "layout version 1");

/* 1 if a ring can have this geometry. */
static inline int pw_ring_geometry_is_valid(const pw_ring_geometry *geometry)
{
    if (geometry->kind != PW_RING_SINGLE_PRODUCER && geometry->kind != PW_RING_MULTI_PRODUCER) return 0;
    if (geometry->element_bytes == 0 || geometry->element_bytes > PW_RING_MAX_ELEMENT_BYTES) return 0;
    if (geometry->capacity < 2 || geometry->capacity > PW_RING_MAX_CAPACITY) return 0;
    return (geometry->capacity & (geometry->capacity - 1)) == 0;
}

/* Where the slot words begin: 0 if there are none. The geometry is valid. */
static inline uint64_t pw_ring_slots_offset(const pw_ring_geometry *geometry)
{
    return geometry->kind == PW_RING_MULTI_PRODUCER ? PW_RING_CONTROL_BYTES : 0;
}

/* Where the elements begin: at a page. The geometry is valid. */
static inline uint64_t pw_ring_data_offset(const pw_ring_geometry *geometry)
{
    uint64_t slots_bytes = geometry->kind == PW_RING_MULTI_PRODUCER ? 8 * (uint64_t)geometry->capacity : 0;

    slots_bytes = (slots_bytes + PW_RING_PAGE_BYTES - 1) & ~(uint64_t)(PW_RING_PAGE_BYTES - 1);
    return PW_RING_CONTROL_BYTES + slots_bytes;
}

/* The length of the elements. It cannot overflow: at most 2^50. */
static inline uint64_t pw_ring_data_bytes(const pw_ring_geometry *geometry)
{
    return (uint64_t)geometry->element_bytes * geometry->capacity;
}

/* How much shared memory the ring takes; 0 if the geometry is not valid. */
static inline uint64_t pw_ring_bytes(const pw_ring_geometry *geometry)
{
    return pw_ring_geometry_is_valid(geometry) ? pw_ring_data_offset(geometry) + pw_ring_data_bytes(geometry) : 0;
}

/* --- Shared words. Each is read once into a local; the compiler may not read it again. --- */

static inline uint64_t pw_ring_load(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
/* In one order with all other loads and stores of this kind: for who announces a sleep, and for who looks for it. */
static inline uint64_t pw_ring_load_ordered(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }
static inline void pw_ring_store(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
static inline void pw_ring_store_ordered(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }
/* 1 if the word was `expected` and is `desired` now. */
static inline int pw_ring_exchange_if(uint64_t *word, uint64_t expected, uint64_t desired)
{
    return __atomic_compare_exchange_n(word, &expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE);
}

/* --- Slot words --- */

#define PW_RING_SLOT_FREE 0u
#define PW_RING_SLOT_CLAIMED 1u   /* a producer writes the element */
#define PW_RING_SLOT_COMMITTED 2u /* the element can be read */
#define PW_RING_SLOT_SKIPPED 3u   /* there will be no element: the consumer passes over it */

#define PW_RING_POSITION_MASK ((1ull << 46) - 1)

static inline uint64_t pw_ring_slot_word(uint64_t position, unsigned phase, unsigned producer)
{
    return (position & PW_RING_POSITION_MASK) << 18 | (uint64_t)phase << 16 | (producer & 0xffffu);
}
static inline uint64_t pw_ring_slot_position(uint64_t word) { return word >> 18; }
static inline unsigned pw_ring_slot_phase(uint64_t word) { return (unsigned)(word >> 16) & 3u; }
static inline unsigned pw_ring_slot_producer(uint64_t word) { return (unsigned)word & 0xffffu; }
/* How far the word's position is ahead of `position` (negative: behind), modulo 2^46. */
static inline int64_t pw_ring_slot_distance(uint64_t word, uint64_t position)
{
    return (int64_t)((pw_ring_slot_position(word) - position) << 18) / (1 << 18);
}

#endif
