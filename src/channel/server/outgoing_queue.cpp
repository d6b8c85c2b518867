// SPDX-License-Identifier: Apache-2.0
#include "channel/server/outgoing_queue.h"

#include <utility>

#include "base/check.h"
#include "platform/socket.h"

namespace pw::channel {

void OutgoingQueue::cut_off_locked() {
    cut_off_ = true;
    queued_.clear();
    queued_descriptors_ = 0;
    platform::signal_event_descriptor(attention_);
}

void OutgoingQueue::push(std::span<const std::byte> message, std::span<const int> descriptors) {
    PW_CHECK(descriptors.size() <= platform::max_passed_descriptors);
    MutexLock lock(lock_);
    if (cut_off_) return;
    if (open_ && queued_.empty()) {
        const auto outcome = platform::send_message(socket_, message, descriptors);
        if (outcome == platform::SocketOutcome::ok) return;
        if (outcome == platform::SocketOutcome::closed) return cut_off_locked();
        platform::signal_event_descriptor(attention_);
    }
    if (queued_.size() >= max_queued_messages) return cut_off_locked();
    if (queued_descriptors_ + descriptors.size() > max_queued_descriptors) return cut_off_locked();
    Message waiting;
    waiting.bytes.assign(message.begin(), message.end());
    for (const int fd : descriptors) {
        waiting.descriptors.push_back(platform::duplicate_descriptor(fd));
        // Out of descriptors: the client would miss a mapping, so it cannot go on.
        if (!waiting.descriptors.back()) return cut_off_locked();
    }
    queued_descriptors_ += waiting.descriptors.size();
    queued_.push_back(std::move(waiting));
}

void OutgoingQueue::flush_locked() {
    while (!cut_off_ && !queued_.empty()) {
        const Message& next = queued_.front();
        int descriptors[platform::max_passed_descriptors];
        for (std::size_t i = 0; i < next.descriptors.size(); ++i) descriptors[i] = next.descriptors[i].get();
        const auto outcome = platform::send_message(socket_, next.bytes, {descriptors, next.descriptors.size()});
        if (outcome == platform::SocketOutcome::would_block) return;
        if (outcome == platform::SocketOutcome::closed) return cut_off_locked();
        queued_descriptors_ -= next.descriptors.size();
        queued_.pop_front();
    }
}

void OutgoingQueue::open() {
    MutexLock lock(lock_);
    open_ = true;
    flush_locked();
    if (!queued_.empty()) platform::signal_event_descriptor(attention_);
}

void OutgoingQueue::close() {
    MutexLock lock(lock_);
    cut_off_locked();
}

bool OutgoingQueue::flush() {
    MutexLock lock(lock_);
    if (!open_ || queued_.empty()) return true;
    const std::size_t before = queued_.size();
    flush_locked();
    return queued_.size() < before;
}

void OutgoingQueue::cut_off() {
    MutexLock lock(lock_);
    if (!cut_off_) cut_off_locked();
}

bool OutgoingQueue::has_backlog() {
    MutexLock lock(lock_);
    return open_ && !queued_.empty();
}

bool OutgoingQueue::is_cut_off() {
    MutexLock lock(lock_);
    return cut_off_;
}

}  // namespace pw::channel
