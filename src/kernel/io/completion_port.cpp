// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/completion_port.h"

#include <new>
#include <utility>

namespace pw::io {

std::unique_ptr<PacketRoom> PacketRoom::reserve(ps::Process& process) {
    if (process.completion_packet_count.fetch_add(1, std::memory_order_relaxed) >= max_packets_per_process) {
        process.completion_packet_count.fetch_sub(1, std::memory_order_relaxed);
        return nullptr;
    }
    std::unique_ptr<PacketRoom> room(new (std::nothrow) PacketRoom(process));
    if (!room) process.completion_packet_count.fetch_sub(1, std::memory_order_relaxed);
    return room;
}

PacketRoom::~PacketRoom() { process_->completion_packet_count.fetch_sub(1, std::memory_order_relaxed); }

Ref<CompletionPort> CompletionPort::create(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, ULONG concurrency) {
    return Ref<CompletionPort>::adopt(new (std::nothrow) CompletionPort(objects, dispatcher, concurrency));
}

CompletionPort::CompletionPort(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, ULONG concurrency)
    : Object(objects, ob::io_completion_type, &nt_.body), dispatcher_(dispatcher), nt_(this) {
    dispatcher_.initialize_queue(nt_.body, concurrency);
}

// Without a handle nobody waits any more; what a driver posted through a pointer meanwhile goes, too.
CompletionPort::~CompletionPort() { drop(dispatcher_.close_queue(nt_.body)); }

void CompletionPort::on_handle_closed(const ob::HandleEvent& event) {
    if (event.is_last_handle_of_object) drop(dispatcher_.close_queue(nt_.body));
}

void CompletionPort::drop(LIST_ENTRY* first) {
    for (LIST_ENTRY* entry = first; entry;) {
        LIST_ENTRY* const next = entry->Flink;
        const std::unique_ptr<PacketRoom> room(&room_of(entry));
        entry = next == first ? nullptr : next;
    }
}

void CompletionPort::post(std::unique_ptr<PacketRoom> room, const CompletionPacket& packet) {
    room->packet_ = packet;
    // A closed port takes nothing: the packet is dropped.
    if (dispatcher_.insert_queue(nt_.body, room->link_, false) >= 0) static_cast<void>(room.release());
}

Status CompletionPort::remove(std::span<CompletionPacket> packets, KPROCESSOR_MODE mode, bool alertable,
                              const LARGE_INTEGER* timeout, std::uint32_t* count) {
    *count = 0;
    LIST_ENTRY* entry = dispatcher_.remove_queue(nt_.body, mode, alertable, timeout);
    // As KeRemoveQueue says it: a status where an entry would be.
    switch (const auto status = reinterpret_cast<std::uintptr_t>(entry)) {
        case STATUS_TIMEOUT:
        case STATUS_USER_APC:
        case STATUS_ALERTED:
        case STATUS_ABANDONED:
            return static_cast<NTSTATUS>(status);
        default:
            break;
    }
    while (entry) {
        const std::unique_ptr<PacketRoom> room(&room_of(entry));
        packets[(*count)++] = room->packet_;
        entry = *count < packets.size() ? dispatcher_.remove_more(nt_.body) : nullptr;
    }
    return STATUS_SUCCESS;
}

std::uint32_t CompletionPort::depth() { return static_cast<std::uint32_t>(ke::Dispatcher::read_state(nt_.body.Header)); }

}  // namespace pw::io
