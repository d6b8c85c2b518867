/* SPDX-License-Identifier: Apache-2.0 */
/* The C++ front of ring.h (which includes it): typed handles. No exceptions, no allocation, nothing that C has not. */
#ifndef PARTYWALL_RING_CXX_H
#define PARTYWALL_RING_CXX_H

#ifndef PARTYWALL_RING_H
#error "include partywall/ring.h"
#endif

namespace partywall {

// Elements that lie behind one another in the ring; empty when there are none.
template <class T>
struct RingSpan {
    T *data = nullptr;
    uint32_t count = 0;
    pw_ring_status status = PW_RING_OK; // why it is empty

    T *begin() const { return data; }
    T *end() const { return data + count; }
    bool empty() const { return count == 0; }
    T &operator[](uint32_t index) const { return data[index]; }
};

// The geometry of a ring of T. Elements are aligned as long as sizeof(T) is a multiple of alignof(T), which it is.
template <class T>
constexpr pw_ring_geometry ring_geometry(uint32_t kind, uint32_t capacity)
{
    return pw_ring_geometry{kind, static_cast<uint32_t>(sizeof(T)), capacity};
}

// A producer of Ts: pw_ring_producer with types.
template <class T>
class RingProducer {
    static_assert(__is_trivially_copyable(T), "another process cannot run constructors");
    static_assert(sizeof(T) <= PW_RING_MAX_ELEMENT_BYTES, "elements are at most 1 MiB");

public:
    // kind and capacity: what the ring must be. producer: which of many.
    pw_ring_status attach(void *memory, uint64_t memory_bytes, uint32_t kind, uint32_t capacity, uint32_t options = 0,
                          uint16_t producer = 1)
    {
        const pw_ring_geometry geometry = ring_geometry<T>(kind, capacity);
        return pw_ring_attach_producer(&handle_, memory, memory_bytes, &geometry, options, producer);
    }
    void set_wake(pw_ring_wake wake) { pw_ring_set_producer_wake(&handle_, wake); }

    RingSpan<T> reserve(uint32_t wanted)
    {
        RingSpan<T> span;
        void *elements = nullptr;
        span.status = pw_ring_reserve(&handle_, wanted, &elements, &span.count);
        if (span.status == PW_RING_OK) span.data = static_cast<T *>(elements);
        return span;
    }
    pw_ring_status commit(uint32_t count) { return pw_ring_commit(&handle_, count); }
    pw_ring_status push(const T &element) { return pw_ring_push(&handle_, &element); }
    pw_ring_status prepare_sleep() { return pw_ring_producer_prepare_sleep(&handle_); }

    pw_ring_producer *handle() { return &handle_; }

private:
    pw_ring_producer handle_ = {};
};

// The consumer of Ts: pw_ring_consumer with types.
template <class T>
class RingConsumer {
    static_assert(__is_trivially_copyable(T), "another process cannot run constructors");
    static_assert(sizeof(T) <= PW_RING_MAX_ELEMENT_BYTES, "elements are at most 1 MiB");

public:
    pw_ring_status attach(void *memory, uint64_t memory_bytes, uint32_t kind, uint32_t capacity, uint32_t options = 0)
    {
        const pw_ring_geometry geometry = ring_geometry<T>(kind, capacity);
        return pw_ring_attach_consumer(&handle_, memory, memory_bytes, &geometry, options);
    }
    void set_wake(pw_ring_wake wake) { pw_ring_set_consumer_wake(&handle_, wake); }

    // The elements can change while they are looked at, if the producer is not to be trusted.
    RingSpan<const T> peek(uint32_t wanted = ~uint32_t{0})
    {
        RingSpan<const T> span;
        const void *elements = nullptr;
        span.status = pw_ring_peek(&handle_, wanted, &elements, &span.count);
        if (span.status == PW_RING_OK) span.data = static_cast<const T *>(elements);
        return span;
    }
    pw_ring_status release(uint32_t count) { return pw_ring_release(&handle_, count); }
    pw_ring_status pop(T &element) { return pw_ring_pop(&handle_, &element); }
    pw_ring_status prepare_sleep() { return pw_ring_consumer_prepare_sleep(&handle_); }

    pw_ring_consumer *handle() { return &handle_; }

private:
    pw_ring_consumer handle_ = {};
};

} // namespace partywall

#endif
