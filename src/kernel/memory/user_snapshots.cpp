// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/user_snapshots.h"

#include <ntstatus.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "base/checked_math.h"
#include "kernel/memory/address_space.h"
#include "kernel/memory/bounce_statistics.h"
#include "kernel/memory/diagnostics.h"
#include "kernel/memory/system_ranges.h"
#include "kernel/memory/system_window.h"
#include "kernel/processes/thread.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

using Page = std::array<unsigned char, page_size_bytes>;

PageAccess access_for(bool write) { return write ? PageAccess::read_write : PageAccess::read; }

}  // namespace

UserSnapshots::Holder::~Holder() {
    if (!is_empty()) owner_.drop(*this);
}

// At DISPATCH_LEVEL nothing was written back, so nothing is thrown away: a poll of an object there is no wait.
void UserSnapshots::Holder::after_wait() {
    const ke::Thread* const thread = ke::Thread::current();
    if (!is_empty() && (thread == nullptr || thread->irql() < DISPATCH_LEVEL)) owner_.drop(*this);
}

UserSnapshots::~UserSnapshots() {
    MutexLock guard(lock_);
    PW_CHECK(leases_.empty());
}

UserSnapshots::Holder* UserSnapshots::holder_for(AddressSpace& space) {
    ps::Thread* const thread = ps::Thread::current();
    if (thread == nullptr || thread->irql() >= DISPATCH_LEVEL || &thread->owner() != &thread->process()) return nullptr;
    if (thread->process().nt() != space.process()) return nullptr;
    if (thread->memory_hook() == nullptr) thread->set_memory_hook(std::make_unique<Holder>(*this));
    return static_cast<Holder*>(thread->memory_hook());
}

void UserSnapshots::note_client_of(std::uint32_t trust_domain) {
    std::uint64_t first = 0;
    const std::uint64_t mine = std::uint64_t{trust_domain} + 1;
    if (!first_client_.compare_exchange_strong(first, mine) && first != mine) several_users_.store(true);
}

Status UserSnapshots::refuse(std::uint64_t length_bytes) {
    bounces_.count(BounceReason::raw_access_refused, length_bytes);
    return STATUS_ACCESS_VIOLATION;
}

Status UserSnapshots::lease(Holder& holder, AddressSpace& space, std::uint64_t address, std::uint64_t length_bytes,
                            bool write) {
    std::uint64_t end;
    if (length_bytes == 0 || !checked_add(address, length_bytes, &end)) return STATUS_ACCESS_VIOLATION;
    if (space.is_embedded() || space.client_memory() == nullptr) return STATUS_ACCESS_VIOLATION;
    if (system_ranges_.overlaps(address, length_bytes)) return STATUS_ACCESS_VIOLATION;
    if (several_users_.load(std::memory_order_acquire)) return refuse(length_bytes);
    PW_TRY(space.client_memory()->check(address, length_bytes, access_for(write)));
    const std::uint64_t first = align_down(address, page_size_bytes);
    end = align_up(end, page_size_bytes);
    if ((end - first) >> page_shift > most_pages) return refuse(length_bytes);
    if (holder.space_.get() != &space) {
        // The thread went to another process and came back, or this is its first lease.
        drop(holder);
        holder.space_ = Ref<AddressSpace>(&space);
    }
    if (take(holder, space, first, end).is_failure()) return refuse(length_bytes);
    const std::uint64_t eager_end = std::min(end, first + (eager_pages << page_shift));
    for (std::uint64_t page = first; page < eager_end; page += page_size_bytes) PW_TRY(fill(space, page, write));
    return {};
}

// Takes the host's addresses in [first, end): with nothing accessible yet.
Status UserSnapshots::take(Holder& holder, AddressSpace& space, std::uint64_t first, std::uint64_t end) {
    MutexLock guard(lock_);
    for (std::uint64_t next = first; next < end;) {
        if (const auto it = find_locked(next); it != leases_.end()) {
            Lease& lease = it->second;
            if (lease.space != &space) return STATUS_CONFLICTING_ADDRESSES;
            if (std::find(holder.starts_.begin(), holder.starts_.end(), it->first) == holder.starts_.end()) {
                ++lease.users;
                holder.starts_.push_back(it->first);
            }
            next = it->first + (lease.pages << page_shift);
            continue;
        }
        const auto after = leases_.upper_bound(next);
        const std::uint64_t run_end = after == leases_.end() ? end : std::min(end, after->first);
        const std::uint64_t pages = (run_end - next) >> page_shift;
        if (leased_pages_.load(std::memory_order_relaxed) + pages > most_pages) return STATUS_INSUFFICIENT_RESOURCES;
        Lease lease;
        lease.space = &space;
        lease.pages = pages;
        lease.users = 1;
        PW_TRY_ASSIGN(lease.segment, Segment::create(window_, SegmentKind::bounce, pages, pages));
        lease.segment->set_owner(space.process());
        PW_TRY_ASSIGN(const FrameNumber frame, lease.segment->ensure_window());
        static_cast<void>(frame);
        if (!platform::map_at_free_address(next, pages << page_shift, PageAccess::none, lease.segment->descriptor(), 0)) {
            return STATUS_CONFLICTING_ADDRESSES;  // the host, or another process's image, lies there
        }
        lease.states.assign(pages, PageState::empty);
        lease.originals.resize(pages);
        leased_pages_.fetch_add(pages, std::memory_order_relaxed);
        leases_.emplace(next, std::move(lease));
        holder.starts_.push_back(next);
        next = run_end;
    }
    return {};
}

UserSnapshots::Leases::iterator UserSnapshots::find_locked(std::uint64_t address) {
    auto it = leases_.upper_bound(address);
    if (it == leases_.begin()) return leases_.end();
    --it;
    return address < it->first + (it->second.pages << page_shift) ? it : leases_.end();
}

// Copies one leased page in; `write`: and lets the driver write to it. The process allows the access.
Status UserSnapshots::fill(AddressSpace& space, std::uint64_t page, bool write) {
    const PageState wanted = write ? PageState::writable : PageState::readable;
    Page bytes;
    {
        MutexLock guard(lock_);
        const auto it = find_locked(page);
        if (it == leases_.end() || it->second.space != &space) return STATUS_ACCESS_VIOLATION;
        if (it->second.states[(page - it->first) >> page_shift] >= wanted) return {};
    }
    PW_TRY(space.client_memory()->read(bytes.data(), page, bytes.size()));  // no lock: the process may take its time
    MutexLock guard(lock_);
    const auto it = find_locked(page);
    if (it == leases_.end() || it->second.space != &space) return STATUS_ACCESS_VIOLATION;
    Lease& lease = it->second;
    const std::uint64_t index = (page - it->first) >> page_shift;
    PageState& state = lease.states[index];
    if (state >= wanted) return {};  // another thread was faster
    auto* const shown = reinterpret_cast<unsigned char*>(lease.segment->window_address() + (index << page_shift));
    if (state == PageState::empty) {
        std::memcpy(shown, bytes.data(), bytes.size());
        bounces_.count(BounceReason::raw_access, bytes.size());
    }
    if (write && !lease.originals[index]) {
        lease.originals[index].reset(new (std::nothrow) unsigned char[page_size_bytes]);
        if (!lease.originals[index]) return STATUS_NO_MEMORY;
        std::memcpy(lease.originals[index].get(), shown, page_size_bytes);
    }
    PW_TRY(platform::protect_fixed(page, page_size_bytes, access_for(write)));
    state = wanted;
    return {};
}

bool UserSnapshots::resolve_fault(Holder& holder, AddressSpace& space, std::uint64_t address, bool write) {
    const std::uint64_t page = align_down(address, page_size_bytes);
    return lease(holder, space, page, page_size_bytes, write).is_success();
}

// The bytes that differ from what the process is known to hold go to it, and nothing else: it may change others meanwhile.
void UserSnapshots::flush_page(AddressSpace& space, std::uint64_t start, std::uint64_t index) {
    const std::uint64_t address = start + (index << page_shift);
    Page now;
    std::array<bool, page_size_bytes> changed{};
    bool any = false;
    {
        MutexLock guard(lock_);
        const auto it = leases_.find(start);
        if (it == leases_.end()) return;
        Lease& lease = it->second;
        unsigned char* const original = lease.originals[index].get();
        std::memcpy(now.data(), reinterpret_cast<const void*>(lease.segment->window_address() + (index << page_shift)),
                    now.size());
        if (std::memcmp(now.data(), original, now.size()) == 0) return;
        for (std::size_t i = 0; i < now.size(); ++i) changed[i] = now[i] != original[i];
        std::memcpy(original, now.data(), now.size());
        any = true;
    }
    // Asked again: the process may have changed the protection meanwhile, and such writes go through read-only pages.
    Status status = space.client_memory()->check(address, page_size_bytes, PageAccess::write);
    for (std::size_t i = 0; any && status.is_success() && i < now.size();) {
        if (!changed[i]) {
            ++i;
            continue;
        }
        std::size_t run_end = i;
        while (run_end < now.size() && changed[run_end]) ++run_end;
        status = space.client_memory()->write(address + i, now.data() + i, run_end - i);
        bounces_.count(BounceReason::raw_access, run_end - i);
        i = run_end;
    }
    if (status.is_failure() && status != Status(STATUS_PROCESS_IS_TERMINATING) && !space.is_cleared()) {
        diagnostics_.report("what a driver wrote to memory that is not shared did not reach the process");
    }
}

void UserSnapshots::flush(Holder& holder) {
    if (holder.is_empty()) return;
    const ke::Thread* const thread = ke::Thread::current();
    if (thread != nullptr && thread->irql() >= DISPATCH_LEVEL) return;  // such memory is not to be touched there either
    for (const std::uint64_t start : holder.starts_) {
        std::vector<PageState> states;
        {
            MutexLock guard(lock_);
            const auto it = leases_.find(start);
            if (it != leases_.end()) states = it->second.states;
        }
        for (std::uint64_t i = 0; i < states.size(); ++i) {
            if (states[i] == PageState::writable) flush_page(*holder.space_, start, i);
        }
    }
}

void UserSnapshots::drop(Holder& holder) {
    if (!holder.is_empty()) {
        std::vector<Lease> gone;  // segments go after the lock
        MutexLock guard(lock_);
        for (const std::uint64_t start : holder.starts_) {
            const auto it = leases_.find(start);
            PW_CHECK(it != leases_.end());
            Lease& lease = it->second;
            if (--lease.users != 0) continue;
            platform::unmap_range(start, lease.pages << page_shift);
            leased_pages_.fetch_sub(lease.pages, std::memory_order_relaxed);
            gone.push_back(std::move(lease));
            leases_.erase(it);
        }
        holder.starts_.clear();
    }
    holder.space_.reset();
}

}  // namespace pw::mm
