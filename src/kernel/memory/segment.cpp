// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/segment.h"

#include <ntstatus.h>

#include <cstdio>
#include <new>

#include "base/check.h"
#include "kernel/memory/file_segments.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

const char* to_string(SegmentKind kind) {
    switch (kind) {
        case SegmentKind::slab: return "slab";
        case SegmentKind::pool: return "pool";
        case SegmentKind::contiguous: return "contiguous";
        case SegmentKind::device: return "device";
        case SegmentKind::image_data: return "driver-data";
        case SegmentKind::arena: return "arena";
        case SegmentKind::virtual_alloc: return "virtual-alloc";
        case SegmentKind::section: return "section";
        case SegmentKind::file: return "file";
        case SegmentKind::bounce: return "bounce";
    }
    return "?";
}

void Segment::add_view() {
    if (views_.fetch_add(1, std::memory_order_relaxed) == 0 && is_kernel_memory(kind_)) window_.count_shown(1);
}

void Segment::remove_view() {
    if (views_.fetch_sub(1, std::memory_order_relaxed) == 1 && is_kernel_memory(kind_)) window_.count_shown(-1);
}

Result<Ref<Segment>> Segment::create(SystemWindow& window, SegmentKind kind, std::uint64_t pages,
                                     std::uint64_t charged_pages) {
    if (pages == 0 || pages > window.length_bytes() >> page_shift) return STATUS_INSUFFICIENT_RESOURCES;
    PW_TRY_ASSIGN(CommitCharge charge, CommitCharge::take_for_segment(window.commit_limit(), charged_pages));
    char name[32];
    std::snprintf(name, sizeof(name), "pw-%s", to_string(kind));
    PW_TRY_ASSIGN(platform::SharedMemory memory, platform::SharedMemory::create(pages << page_shift, name));
    auto segment =
        Ref<Segment>::adopt(new (std::nothrow) Segment(window, kind, pages, std::move(memory), std::move(charge)));
    if (!segment) return STATUS_INSUFFICIENT_RESOURCES;
    return segment;
}

Result<Ref<Segment>> Segment::adopt(SystemWindow& window, SegmentKind kind, platform::SharedMemory memory,
                                    std::uint64_t charged_pages) {
    const std::uint64_t pages = pages_spanned(0, memory.length_bytes());
    if (pages == 0 || pages > window.length_bytes() >> page_shift) return STATUS_INSUFFICIENT_RESOURCES;
    PW_TRY_ASSIGN(CommitCharge charge, CommitCharge::take_for_segment(window.commit_limit(), charged_pages));
    auto segment =
        Ref<Segment>::adopt(new (std::nothrow) Segment(window, kind, pages, std::move(memory), std::move(charge)));
    if (!segment) return STATUS_INSUFFICIENT_RESOURCES;
    return segment;
}

Segment::Segment(SystemWindow& window, SegmentKind kind, std::uint64_t pages, platform::SharedMemory memory,
                 CommitCharge charge)
    : window_(window),
      kind_(kind),
      pages_(pages),
      id_(window.next_segment_id()),
      memory_(std::move(memory)),
      charge_(std::move(charge)) {}

Segment::~Segment() {
    if (files_ != nullptr) files_->forget(*this);
    window_.remove(*this);
}

void Segment::release_refs(std::int64_t count) const {
    const std::int64_t before = references_.fetch_sub(count, std::memory_order_acq_rel);
    PW_CHECK(before >= count);
    if (before == count) delete this;
}

bool Segment::try_add_ref() const {
    std::int64_t references = references_.load(std::memory_order_relaxed);
    do {
        if (references == 0) return false;
    } while (!references_.compare_exchange_weak(references, references + 1, std::memory_order_relaxed));
    return true;
}

Result<FrameNumber> Segment::ensure_window() {
    if (const FrameNumber first = first_frame(); first != 0) return first;
    PW_TRY(window_.place(*this));
    return first_frame();
}

std::uint64_t Segment::window_address() const {
    const FrameNumber first = first_frame();
    return first == 0 ? 0 : window_.address_of(first);
}

Status Segment::note_export(std::uint32_t domain, bool whole, bool read_only) {
    // The kernel's own writable mapping has to be there before the seal. Files cannot be sealed.
    const bool seals = read_only && kind_ != SegmentKind::file && memory_.is_writable();
    if (seals && !is_exported()) {
        PW_TRY_ASSIGN([[maybe_unused]] const FrameNumber first, ensure_window());
    }
    MutexLock guard(lock_);
    const bool first_time = !exported_.load(std::memory_order_relaxed);
    if (!first_time && is_sealed() && !read_only) return STATUS_ACCESS_DENIED;
    if (first_time) {
        // Whatever seals it has are decided by now: nobody adds one later.
        if (seals) {
            PW_TRY(memory_.close_seals(true));
            sealed_.store(true, std::memory_order_release);
        } else if (kind_ != SegmentKind::file) {
            memory_.close_seals(false).ignore();  // memory that a process made may be closed
        }
        export_domain_ = domain;
        exported_.store(true, std::memory_order_release);
    } else if (domain != export_domain_ && (!whole || partly_exported_)) {
        return STATUS_ACCESS_DENIED;
    }
    if (!whole) partly_exported_ = true;
    return {};
}

void Segment::pin(std::uint64_t pages) {
    add_refs(static_cast<std::int64_t>(pages));
    pinned_pages_.fetch_add(pages, std::memory_order_relaxed);
}

bool Segment::try_unpin(std::uint64_t pages) {
    std::uint64_t pinned = pinned_pages_.load(std::memory_order_relaxed);
    do {
        if (pinned < pages) return false;
    } while (!pinned_pages_.compare_exchange_weak(pinned, pinned - pages, std::memory_order_relaxed));
    release_refs(static_cast<std::int64_t>(pages));
    return true;
}

Status Segment::charge(std::uint64_t pages) {
    MutexLock guard(lock_);
    return charge_.grow(window_.commit_limit(), pages);
}

void Segment::uncharge(std::uint64_t pages) {
    MutexLock guard(lock_);
    charge_.shrink(pages);
}

std::uint64_t Segment::charged_pages() const {
    MutexLock guard(lock_);
    return charge_.pages();
}

}  // namespace pw::mm
