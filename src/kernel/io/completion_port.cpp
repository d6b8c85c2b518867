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
    : Object(objects, ob::io_completion_type, &nt_.body), dispatcher_(dispatcher), concurrency_(concurrency), nt_(this) {
    nt_.body.concurrency = concurrency_;
    MutexLock lock(lock_);
    InitializeListHead(&packets_);
    InitializeListHead(&waiters_);
}

CompletionPort::~CompletionPort() {
    while (true) {
        std::unique_ptr<PacketRoom> room;  // freed without the lock: it may be its process's last reference
        MutexLock lock(lock_);
        if (IsListEmpty(&packets_)) return;
        room = take_locked();
    }
}

std::unique_ptr<PacketRoom> CompletionPort::take_locked() {
    --depth_;
    return std::unique_ptr<PacketRoom>(CONTAINING_RECORD(RemoveHeadList(&packets_), PacketRoom, link_));
}

void CompletionPort::post(std::unique_ptr<PacketRoom> room, const CompletionPacket& packet) {
    room->packet_ = packet;
    Waiter* waiter = nullptr;
    {
        MutexLock lock(lock_);
        if (is_closed_) {
            // Nobody can take it any more; freed below.
        } else if (IsListEmpty(&waiters_)) {
            InsertTailList(&packets_, &room.release()->link_);
            ++depth_;
        } else {
            waiter = CONTAINING_RECORD(RemoveHeadList(&waiters_), Waiter, link);
            waiter->is_listed = false;
            waiter->room = std::move(room);
        }
    }
    // Who takes the packet waits for the event in any case, so its stack is still there.
    if (waiter) dispatcher_.set_event(waiter->arrived);
}

Status CompletionPort::remove(std::span<CompletionPacket> packets, KPROCESSOR_MODE mode, bool alertable,
                              const LARGE_INTEGER* timeout, std::uint32_t* count) {
    *count = 0;
    Waiter waiter;
    const auto take_more = [&]() -> bool {
        std::unique_ptr<PacketRoom> room;
        {
            MutexLock lock(lock_);
            if (IsListEmpty(&packets_)) return false;
            room = take_locked();
        }
        packets[(*count)++] = room->packet_;
        return true;
    };
    while (*count < packets.size() && take_more()) {
    }
    if (*count != 0) return STATUS_SUCCESS;

    ke::Dispatcher::initialize_event(waiter.arrived, SynchronizationEvent, false);
    bool has_to_wait = false;
    {
        MutexLock lock(lock_);
        if (is_closed_) return STATUS_ABANDONED_WAIT_0;
        has_to_wait = IsListEmpty(&packets_);
        if (has_to_wait) {
            InsertHeadList(&waiters_, &waiter.link);
            waiter.is_listed = true;
        } else {
            waiter.room = take_locked();  // one came between the two looks
        }
    }
    if (has_to_wait) {
        const Status status = dispatcher_.wait(waiter.arrived.Header, mode, alertable, timeout);
        if (status != Status(STATUS_SUCCESS)) {
            bool was_listed = false;
            {
                MutexLock lock(lock_);
                was_listed = waiter.is_listed;
                if (was_listed) RemoveEntryList(&waiter.link);
            }
            if (was_listed) return status;
            // A packet was given to us in the last moment: its event is about to be set.
            dispatcher_.wait(waiter.arrived.Header, KernelMode, false, nullptr).ignore();
        }
    }
    if (!waiter.room) return STATUS_ABANDONED_WAIT_0;
    packets[0] = waiter.room->packet_;
    *count = 1;
    while (*count < packets.size() && take_more()) {
    }
    return STATUS_SUCCESS;
}

void CompletionPort::on_handle_closed(const ob::HandleEvent& event) {
    if (!event.is_last_handle_of_object) return;
    while (true) {
        Waiter* waiter = nullptr;
        {
            MutexLock lock(lock_);
            is_closed_ = true;
            if (IsListEmpty(&waiters_)) return;
            waiter = CONTAINING_RECORD(RemoveHeadList(&waiters_), Waiter, link);
            waiter->is_listed = false;
        }
        dispatcher_.set_event(waiter->arrived);
    }
}

std::uint32_t CompletionPort::depth() {
    MutexLock lock(lock_);
    return depth_;
}

}  // namespace pw::io
