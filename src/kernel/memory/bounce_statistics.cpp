// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/bounce_statistics.h"

#include <new>

namespace pw::mm {
namespace {

constexpr std::size_t longest_probe = 16;

}  // namespace

__thread const CallSite* CallSiteScope::current_ = nullptr;

BufferKind kind_of(SegmentKind kind) {
    switch (kind) {
        case SegmentKind::arena: return BufferKind::heap;
        case SegmentKind::virtual_alloc: return BufferKind::virtual_alloc;
        case SegmentKind::section: return BufferKind::section_view;
        case SegmentKind::file: return BufferKind::file_view;
        case SegmentKind::bounce: return BufferKind::foreign;
        default: return BufferKind::driver_memory;
    }
}

const char* to_string(BufferKind kind) {
    switch (kind) {
        case BufferKind::heap: return "heap, stack or statics";
        case BufferKind::virtual_alloc: return "VirtualAlloc";
        case BufferKind::section_view: return "section view";
        case BufferKind::file_view: return "file view";
        case BufferKind::driver_memory: return "driver's memory";
        case BufferKind::own_process: return "this process's own memory";
        case BufferKind::foreign:
        case BufferKind::count: break;
    }
    return "foreign memory";
}

const char* to_string(BounceReason reason) {
    switch (reason) {
        case BounceReason::foreign_memory: return "the buffer lies in memory that the driver host cannot map";
        case BounceReason::copy_on_write_view: return "the buffer lies in a copy-on-write view";
        case BounceReason::system_call_argument: return "an argument of a system call lies in memory that the host cannot map";
        case BounceReason::raw_access: return "a driver dereferenced an address that the host cannot map";
        case BounceReason::raw_access_refused:
            return "a driver dereferenced an address that the host uses itself, or that is leased to another process";
        case BounceReason::count: break;
    }
    return "?";
}

const char* remedy_for(BounceReason reason) {
    switch (reason) {
        case BounceReason::copy_on_write_view:
            return "map the view with FILE_MAP_WRITE, or use a buffer from malloc or VirtualAlloc";
        case BounceReason::raw_access_refused:
            return "use a buffer from malloc, VirtualAlloc or a section, or link the application as position-independent code";
        default:
            return "use a buffer from malloc, VirtualAlloc, a section or the stack of a thread made by CreateThread; build the "
                   "application with `partywall cc --app` or start it with `partywall run`";
    }
}

BounceStatistics::~BounceStatistics() {
    for (std::atomic<Site*>& site : sites_) delete site.load(std::memory_order_relaxed);
}

BounceStatistics::Site& BounceStatistics::site() {
    const CallSite* const wanted = CallSiteScope::current();
    if (wanted == nullptr) return without_request_;
    std::uint64_t hash = wanted->driver_key ^ (std::uint64_t{wanted->control_code} << 8 | wanted->major_function);
    hash = (hash ^ (hash >> 31)) * 0x9E3779B97F4A7C15;
    std::size_t at = static_cast<std::size_t>(hash >> 40) % max_sites;
    for (std::size_t tries = 0; tries < longest_probe; ++tries, at = (at + 1) % max_sites) {
        Site* found = sites_[at].load(std::memory_order_acquire);
        if (found == nullptr) {
            auto* const made = new (std::nothrow) Site;
            if (made == nullptr) return others_;
            made->driver_key = wanted->driver_key;
            made->control_code = wanted->control_code;
            made->major_function = wanted->major_function;
            if (wanted->driver_name != nullptr) made->driver = wanted->driver_name(wanted->driver);
            if (sites_[at].compare_exchange_strong(found, made, std::memory_order_acq_rel)) return *made;
            delete made;  // another thread was first, perhaps with the same site
        }
        if (found->driver_key == wanted->driver_key && found->control_code == wanted->control_code &&
            found->major_function == wanted->major_function) {
            return *found;
        }
    }
    return others_;
}

void BounceStatistics::count_native(BufferKind kind, std::uint64_t bytes) {
    site().native[static_cast<std::size_t>(kind)].add(bytes);
}

void BounceStatistics::count(BounceReason reason, std::uint64_t bytes, BufferKind kind) {
    counters_[static_cast<std::size_t>(reason)].add(bytes);
    site().bounced[static_cast<std::size_t>(kind)][static_cast<std::size_t>(reason)].add(bytes);
}

void BounceStatistics::add_rows(const Site& site, std::vector<BounceRow>& rows) {
    const auto add = [&](const Counter& counter, std::size_t kind, bool bounced, std::size_t reason) {
        const std::uint64_t transfers = counter.transfers.load(std::memory_order_relaxed);
        if (transfers == 0) return;
        BounceRow row;
        row.driver = site.driver;
        row.control_code = site.control_code;
        row.major_function = site.major_function;
        row.kind = static_cast<BufferKind>(kind);
        row.bounced = bounced;
        row.transfers = transfers;
        row.bytes = counter.bytes.load(std::memory_order_relaxed);
        if (bounced) {
            row.reason = static_cast<BounceReason>(reason);
            row.remedy = remedy_for(row.reason);
        }
        rows.push_back(std::move(row));
    };
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        add(site.native[kind], kind, false, 0);
        for (std::size_t reason = 0; reason < reasons; ++reason) add(site.bounced[kind][reason], kind, true, reason);
    }
}

std::vector<BounceRow> BounceStatistics::snapshot() const {
    std::vector<BounceRow> rows;
    for (const std::atomic<Site*>& slot : sites_) {
        if (const Site* site = slot.load(std::memory_order_acquire)) add_rows(*site, rows);
    }
    add_rows(others_, rows);
    add_rows(without_request_, rows);
    return rows;
}

}  // namespace pw::mm
