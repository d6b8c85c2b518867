// SPDX-License-Identifier: Apache-2.0
#include "channel/client/mapping_pump.h"

#include <array>
#include <cstdio>
#include <utility>

#include "channel/wire/wire_validate.h"
#include "platform/console_line.h"
#include "platform/readiness.h"
#include "platform/socket.h"

namespace pw::channel {

void MappingPump::open(int socket, ClientControlPage* own, const HostControlPage* host) {
    socket_ = socket;
    own_ = own;
    host_ = host;
}

void MappingPump::close_in_forked_child() {
    socket_ = -1;
    broken_.store(1, std::memory_order_release);
}

void MappingPump::set_broken() {
    if (broken_.exchange(1, std::memory_order_acq_rel) == 0) platform::wake_private(broken_);
}

void MappingPump::handle(std::span<const std::byte> bytes, platform::Descriptor* descriptors,
                         std::size_t descriptor_count) {
    Mapping mapping;
    if (validate_mapping(bytes, descriptor_count, &mapping)) {
        platform::Descriptor descriptor = descriptor_count == 0 ? platform::Descriptor() : std::move(descriptors[0]);
        const Status status = mapper_.apply(mapping, std::move(descriptor));
        if (status.is_failure()) {
            // The program was promised memory that it does not have: it cannot go on with this host.
            char line[160];
            std::snprintf(line, sizeof line, "partywall: cannot carry out a mapping at 0x%llx (%llu bytes): status 0x%08x",
                          static_cast<unsigned long long>(mapping.address),
                          static_cast<unsigned long long>(mapping.length_bytes), static_cast<unsigned>(status.code()));
            platform::write_console_line(line);
            return set_broken();
        }
        applied_.store(mapping.sequence, std::memory_order_release);
        own_->applied_mapping.store(mapping.sequence, std::memory_order_release);
        return;
    }
    FileAttached file;
    if (validate_file_attached(bytes, descriptor_count, &file)) {
        file_ = {file.status, file.handle};
        has_file_ = true;
        return;
    }
    GuardTouched touched;
    if (validate_guard_touched(bytes, descriptor_count, &touched)) {
        was_guard_ = touched.was_guard != 0;
        has_guard_answer_ = true;
        return;
    }
    ThreadAttached reply;
    if (!validate_thread_attached(bytes, descriptor_count, &reply)) return set_broken();
    attached_.status = reply.status;
    if (descriptor_count == 2) {
        attached_.request_page = std::move(descriptors[0]);
        attached_.reply_page = std::move(descriptors[1]);
    }
    has_attached_ = true;
}

bool MappingPump::take_one() {
    if (broken_.load(std::memory_order_acquire) != 0) return false;
    std::array<std::byte, max_message_bytes> room;
    platform::ReceivedMessage message;
    switch (platform::receive_message(socket_, room, &message)) {
        case platform::SocketOutcome::would_block: return false;
        case platform::SocketOutcome::closed: set_broken(); return false;
        case platform::SocketOutcome::ok: break;
    }
    if (message.truncated) set_broken();
    else handle(std::span(room).first(message.length_bytes), message.descriptors, message.descriptor_count);
    return true;
}

void MappingPump::wait_for_message() {
    platform::ReadyDescriptor wait[1];
    wait[0].fd = socket_;
    wait[0].want_read = true;
    platform::wait_until_ready(wait, -1);
}

template <typename Done>
bool MappingPump::take_until(Done done) {
    if (!lock_.lock()) return false;
    bool finished = done();
    while (!finished && broken_.load(std::memory_order_acquire) == 0) {
        if (!take_one() && broken_.load(std::memory_order_acquire) == 0) wait_for_message();
        finished = done();
    }
    lock_.unlock();
    return finished;
}

bool MappingPump::apply_until(std::uint64_t sequence) {
    if (applied() >= sequence) return true;
    return take_until([&] { return applied() >= sequence; });
}

void MappingPump::apply_arrived() {
    if (!lock_.lock()) return;
    while (take_one()) {
    }
    lock_.unlock();
}

bool MappingPump::wait_attached(Attached* attached) {
    return take_until([&] {
        if (!has_attached_) return false;
        has_attached_ = false;
        *attached = std::exchange(attached_, {});
        return true;
    });
}

bool MappingPump::wait_file(AttachedFile* attached) {
    return take_until([&] {
        if (!has_file_) return false;
        has_file_ = false;
        *attached = std::exchange(file_, {});
        return true;
    });
}

bool MappingPump::wait_guard_touched(bool* was_guard) {
    return take_until([&] {
        if (!has_guard_answer_) return false;
        has_guard_answer_ = false;
        *was_guard = was_guard_;
        return true;
    });
}

bool MappingPump::resolve_fault() {
    if (host_ == nullptr || broken_.load(std::memory_order_acquire) != 0) return false;
    const std::uint64_t issued = host_->issued_mapping.load(std::memory_order_acquire);
    if (applied() >= issued) return false;
    return apply_until(issued);
}

int MappingPump::arena_descriptor() {
    if (!lock_.lock()) return -1;
    const int fd = mapper_.arena_descriptor();
    lock_.unlock();
    return fd;
}

}  // namespace pw::channel
