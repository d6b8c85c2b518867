/* SPDX-License-Identifier: Apache-2.0 */
/* ring.h is C11: the calls of the guide, in the order of the guide. Exit code: the line that failed. */
#include <partywall/ring.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) return __LINE__; \
    } while (0)

static _Alignas(8) unsigned char memory[3 * 4096];

int main(void)
{
    const pw_ring_geometry geometry = {PW_RING_SINGLE_PRODUCER, sizeof(int), 16};
    pw_ring_producer producer;
    pw_ring_consumer consumer;
    void *place;
    const void *element;
    uint32_t count;
    int value = 0;

    CHECK(pw_ring_bytes(&geometry) == 8192 + 64);
    CHECK(pw_ring_create(memory, sizeof memory, &geometry) == PW_RING_OK);
    CHECK(pw_ring_attach_producer(&producer, memory, sizeof memory, &geometry, 0, 1) == PW_RING_OK);
    CHECK(pw_ring_attach_consumer(&consumer, memory, sizeof memory, &geometry, 0) == PW_RING_OK);
    CHECK(pw_ring_reserve(&producer, 1, &place, &count) == PW_RING_OK && count == 1);
    *(int *)place = 42;
    CHECK(pw_ring_peek(&consumer, 1, &element, &count) == PW_RING_EMPTY);
    CHECK(pw_ring_commit(&producer, 1) == PW_RING_OK);
    CHECK(pw_ring_peek(&consumer, 1, &element, &count) == PW_RING_OK && count == 1);
    CHECK(*(const int *)element == 42);
    CHECK(pw_ring_release(&consumer, 1) == PW_RING_OK);
    CHECK(pw_ring_push(&producer, &value) == PW_RING_OK);
    value = 1;
    CHECK(pw_ring_pop(&consumer, &value) == PW_RING_OK && value == 0);
    return 0;
}
