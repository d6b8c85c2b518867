// SPDX-License-Identifier: Apache-2.0
// OutgoingQueue: messages to one client, in order; a sender never waits for the client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/lock.h"
#include "platform/descriptor.h"

namespace pw::channel {

class OutgoingQueue {
public:
    // More than this unread means that the client does not read: it is cut off.
    static constexpr std::size_t max_queued_messages = 4096;
    // The host's descriptors are everybody's: a client that lets so many wait is cut off, too.
    static constexpr std::size_t max_queued_descriptors = 512;

    // Sends on `socket`; signals the event descriptor `attention` when the queue needs its thread: a backlog to flush, or
    // the client is to be cut off. Both descriptors belong to the caller and outlive the queue. Closed until open().
    OutgoingQueue(int socket, int attention) : socket_(socket), attention_(attention) {}

    // Sends now, or queues with duplicates of the descriptors. Any thread; LockRank::leaf.
    void push(std::span<const std::byte> message, std::span<const int> descriptors = {});
    template <typename T>
    void push_struct(const T& message, std::span<const int> descriptors = {}) {
        push(std::as_bytes(std::span(&message, 1)), descriptors);
    }

    // From now on messages go out; what was queued before follows.
    void open();
    // Nothing goes out any more. A host that ends must not unmap what its clients may still read, their heaps among it.
    void close();
    // Sends what the socket takes. By the connection's thread when the socket is writable. False when there is a backlog
    // and none of it went out.
    bool flush();

    // The client broke a rule: nothing more is sent, and its connection ends.
    void cut_off();

    [[nodiscard]] bool has_backlog();
    // The client is gone or does not read.
    [[nodiscard]] bool is_cut_off();

private:
    struct Message {
        std::vector<std::byte> bytes;
        std::vector<platform::Descriptor> descriptors;
    };
    void flush_locked() PW_REQUIRES(lock_);
    void cut_off_locked() PW_REQUIRES(lock_);

    const int socket_;
    const int attention_;
    Mutex lock_{LockRank::leaf};  // taken under a RemoteMappingClient's
    bool open_ PW_GUARDED_BY(lock_) = false;
    bool cut_off_ PW_GUARDED_BY(lock_) = false;
    std::deque<Message> queued_ PW_GUARDED_BY(lock_);
    std::size_t queued_descriptors_ PW_GUARDED_BY(lock_) = 0;
};

}  // namespace pw::channel
