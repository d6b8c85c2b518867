// SPDX-License-Identifier: Apache-2.0
#include "channel/server/remote_mapping_client.h"

#include <algorithm>
#include <utility>

#include "ntstatus.h"
#include "platform/section_file.h"
#include "platform/socket.h"

namespace pw::channel {
namespace {

thread_local const RemoteMappingClient* client_of_this_call = nullptr;

// Opens a descriptor of a segment, which can be mapped writable only when the client may write.
class SegmentDescriptor final : public MappingStream::DescriptorSource {
public:
    SegmentDescriptor(mm::Segment& segment, bool writable) : segment_(segment), writable_(writable) {}

    platform::Descriptor open() override {
        if (writable_) return platform::duplicate_descriptor(segment_.descriptor());
        if (segment_.kind() == mm::SegmentKind::file) {
            auto file = platform::reopen_file_read_only(segment_.descriptor());
            return file.is_ok() ? std::move(file).value() : platform::Descriptor();
        }
        auto read_only = segment_.memory().reopen_read_only();
        if (!read_only.is_ok()) return {};
        return platform::duplicate_descriptor(read_only.value().descriptor());
    }

private:
    mm::Segment& segment_;
    const bool writable_;
};

}  // namespace

OwnCallScope::OwnCallScope(const RemoteMappingClient& client) : before_(std::exchange(client_of_this_call, &client)) {}
OwnCallScope::~OwnCallScope() { client_of_this_call = before_; }

void RemoteMappingClient::nudge_unless_in_own_call() {
    if (client_of_this_call != this) platform::signal_event_descriptor(nudge_);
}

void RemoteMappingClient::set_slot(std::uint64_t base, std::uint64_t length_bytes) {
    MutexLock lock(lock_);
    slot_base_ = base;
    slot_bytes_ = length_bytes;
}

void RemoteMappingClient::drop_view_locked(View view, Released* released) {
    const std::uint64_t key = key_of(view);
    const auto count = views_of_segment_.find(key);
    if (count != views_of_segment_.end() && --count->second == 0) {
        views_of_segment_.erase(count);
        stream_.segment_is_idle(key, view.segment->length_bytes());
    }
    released->push_back(std::move(view.segment));
}

void RemoteMappingClient::cut_views_locked(std::uint64_t address, std::uint64_t length_bytes, Released* released) {
    const std::uint64_t end = address + length_bytes;
    auto it = views_.upper_bound(address);
    if (it != views_.begin()) --it;
    while (it != views_.end() && it->first < end) {
        const std::uint64_t first = it->first;
        const std::uint64_t last = first + it->second.length_bytes;
        if (last <= address) {
            ++it;
            continue;
        }
        View view = std::move(it->second);
        it = views_.erase(it);
        const std::uint64_t key = key_of(view);
        for (const auto& [from, to] : {std::pair(first, std::min(last, address)), std::pair(std::max(first, end), last)}) {
            if (from >= to) continue;
            View rest = view;
            rest.offset_bytes += from - first;
            rest.length_bytes = to - from;
            views_.emplace(from, std::move(rest));
            ++views_of_segment_[key];
        }
        drop_view_locked(std::move(view), released);
    }
}

Status RemoteMappingClient::map_locked(std::uint64_t address, platform::PageAccess access, View view) {
    const bool in_slot = slot_bytes_ == 0 || address - slot_base_ < slot_bytes_;
    Mapping message{};
    message.operation = static_cast<std::uint32_t>(in_slot ? MappingOperation::map : MappingOperation::adopt);
    message.address = address;
    message.length_bytes = view.length_bytes;
    message.offset_bytes = view.offset_bytes;
    message.segment = key_of(view);
    message.access = static_cast<std::uint32_t>(access);
    if (view.copy_on_write) message.flags |= mapping_copy_on_write;
    SegmentDescriptor source(*view.segment, view.writable_descriptor);
    if (!stream_.send_with_segment(message, source)) return STATUS_INSUFFICIENT_RESOURCES;
    ++views_of_segment_[message.segment];
    views_.emplace(address, std::move(view));
    return STATUS_SUCCESS;
}

Status RemoteMappingClient::map(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access,
                                bool copy_on_write, mm::Segment& segment, std::uint64_t segment_offset_bytes) {
    View view;
    view.length_bytes = length_bytes;
    view.segment = Ref<mm::Segment>(&segment);
    view.offset_bytes = segment_offset_bytes;
    view.copy_on_write = copy_on_write;
    // Memory that is the process's alone may become writable later without a new descriptor.
    view.writable_descriptor = mm::is_private_to_process(segment.kind()) ||
                               (!copy_on_write && platform::allows(access, platform::PageAccess::write));
    Released released;
    Status status;
    {
        MutexLock lock(lock_);
        cut_views_locked(address, length_bytes, &released);
        status = map_locked(address, access, std::move(view));
    }
    nudge_unless_in_own_call();
    return status;
}

bool RemoteMappingClient::unmap(std::uint64_t address, std::uint64_t length_bytes) {
    Released released;
    {
        MutexLock lock(lock_);
        Mapping message{};
        message.operation = static_cast<std::uint32_t>(MappingOperation::unmap);
        message.address = address;
        message.length_bytes = length_bytes;
        const std::uint64_t sequence = stream_.send(message);
        cut_views_locked(address, length_bytes, &released);
        if (pending_unmaps_.empty()) oldest_pending_unmap_.store(sequence, std::memory_order_release);
        if (pending_unmaps_.size() < max_pending_unmaps) pending_unmaps_.push_back({sequence, {address, length_bytes}});
        else queue_.cut_off();
    }
    nudge_unless_in_own_call();
    return false;
}

Status RemoteMappingClient::protect(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access) {
    Status status;
    Released released;
    {
        MutexLock lock(lock_);
        // A range that the client has through a read-only descriptor cannot become writable: map it anew.
        const bool writes = platform::allows(access, platform::PageAccess::write);
        std::vector<std::pair<std::uint64_t, View>> anew;
        auto it = views_.upper_bound(address);
        if (it != views_.begin()) --it;
        for (; writes && it != views_.end() && it->first < address + length_bytes; ++it) {
            const std::uint64_t from = std::max(it->first, address);
            const std::uint64_t to = std::min(it->first + it->second.length_bytes, address + length_bytes);
            if (from >= to || it->second.writable_descriptor || it->second.copy_on_write) continue;
            View view = it->second;
            view.offset_bytes += from - it->first;
            view.length_bytes = to - from;
            view.writable_descriptor = true;
            anew.emplace_back(from, std::move(view));
        }
        for (auto& [from, view] : anew) {
            cut_views_locked(from, view.length_bytes, &released);
            if (Status step = map_locked(from, access, std::move(view)); step.is_failure()) status = step;
        }
        Mapping message{};
        message.operation = static_cast<std::uint32_t>(MappingOperation::protect);
        message.address = address;
        message.length_bytes = length_bytes;
        message.access = static_cast<std::uint32_t>(access);
        stream_.send(message);
    }
    nudge_unless_in_own_call();
    return status;
}

bool RemoteMappingClient::has_acknowledged_unmaps() const {
    const std::uint64_t oldest = oldest_pending_unmap_.load(std::memory_order_acquire);
    return oldest != ~std::uint64_t{0} && client_.applied_mapping.load(std::memory_order_acquire) >= oldest;
}

std::vector<RemoteMappingClient::Range> RemoteMappingClient::take_acknowledged_unmaps() {
    std::vector<Range> done;
    MutexLock lock(lock_);
    const std::uint64_t applied = std::min(client_.applied_mapping.load(std::memory_order_acquire), issued());
    while (!pending_unmaps_.empty() && pending_unmaps_.front().sequence <= applied) {
        done.push_back(pending_unmaps_.front().range);
        pending_unmaps_.pop_front();
    }
    oldest_pending_unmap_.store(pending_unmaps_.empty() ? ~std::uint64_t{0} : pending_unmaps_.front().sequence,
                                std::memory_order_release);
    return done;
}

}  // namespace pw::channel
