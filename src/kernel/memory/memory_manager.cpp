// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/memory_manager.h"

#include <ntstatus.h>

#include <new>

#include "base/check.h"
#include "exceptions/exceptions.h"
#include "kernel/memory/contiguous_memory.h"
#include "kernel/memory/io_space.h"
#include "kernel/memory/file_segments.h"
#include "kernel/memory/page_allocator.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

Result<std::unique_ptr<MemoryManager>> MemoryManager::create(const MemoryOptions& options, Diagnostics& diagnostics) {
    Status status = STATUS_CONFLICTING_ADDRESSES;
    for (const AddressPlan& plan : options.plans) {
        auto limit = std::make_unique<CommitLimit>(options.commit_limit_pages);
        auto window = SystemWindow::create(plan, *limit);
        if (!window) {
            status = window.status();
            continue;
        }
        return std::unique_ptr<MemoryManager>(
            new MemoryManager(plan, std::move(limit), std::move(*window), diagnostics));
    }
    return status;
}

MemoryManager::MemoryManager(const AddressPlan& plan, std::unique_ptr<CommitLimit> limit,
                             std::unique_ptr<SystemWindow> window, Diagnostics& diagnostics)
    : plan_(plan),
      diagnostics_(diagnostics),
      commit_limit_(std::move(limit)),
      window_(std::move(window)),
      file_segments_(std::make_unique<FileSegments>(*window_)),
      rehoming_(std::make_unique<Rehoming>(*window_)),
      system_mappings_(std::make_unique<SystemMappings>(*window_, *rehoming_)),
      pages_(std::make_unique<PageAllocator>(*window_, *rehoming_)),
      images_(std::make_unique<DriverImages>(*window_, *rehoming_, system_ranges_)),
      pool_(std::make_unique<Pool>(*window_, *pages_, diagnostics)),
      contiguous_(std::make_unique<ContiguousMemory>(*window_, *pages_, diagnostics)),
      io_space_(std::make_unique<IoSpace>(*window_, *rehoming_, *system_mappings_, *pages_, diagnostics)),
      slots_(plan),
      snapshots_(std::make_unique<UserSnapshots>(*window_, system_ranges_, bounces_, diagnostics)),
      user_memory_(system_ranges_, bounces_, *snapshots_),
      mdls_(*this) {
    pw_faults_install();  // copies to and from user memory are guarded
    system_ranges_.add(window_->base(), window_->length_bytes());
    rehoming_->add_aliases(*system_mappings_);
    rehoming_->add_aliases(*images_);
}

MemoryManager::~MemoryManager() {
    MutexLock guard(processes_lock_);
    PW_CHECK(processes_.empty());
}

Result<Ref<AddressSpace>> MemoryManager::create_address_space(const AddressSpaceOptions& options) {
    PW_TRY_ASSIGN(const std::uint64_t slot, slots_.allocate());
    if (options.client_memory != nullptr) snapshots_->note_client_of(options.trust_domain);
    auto space = Ref<AddressSpace>::adopt(new (std::nothrow) AddressSpace(*this, slot, slots_.slot_bytes(), options));
    if (!space) {
        slots_.free(slot);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MutexLock guard(processes_lock_);
    PW_CHECK(processes_.emplace(options.process, space).second);
    return space;
}

Ref<AddressSpace> MemoryManager::address_space_of(const void* process) {
    MutexLock guard(processes_lock_);
    const auto it = processes_.find(process);
    return it == processes_.end() ? Ref<AddressSpace>() : it->second;
}

void MemoryManager::forget_process(const void* process, const std::function<void(const std::string&)>& leftover) {
    Ref<AddressSpace> space;
    {
        MutexLock guard(processes_lock_);
        const auto it = processes_.find(process);
        if (it == processes_.end()) return;
        space = it->second;
        processes_.erase(it);
    }
    space->clear(leftover);
    mdls_.forget_process(process);
}

Status MemoryManager::register_driver_image(std::uint64_t base, std::uint64_t image_bytes,
                                            std::span<const WritableRange> writable) {
    return images_->add(base, image_bytes, writable);
}

void MemoryManager::unregister_driver_image(std::uint64_t base) { images_->remove(base); }

bool MemoryManager::on_fault(std::uint64_t address, FaultAccess access) {
    return access != FaultAccess::execute && rehoming_->on_fault(address, access == FaultAccess::write);
}

bool MemoryManager::on_lost_page(std::uint64_t address, bool at_raised_irql) {
    if (!window_->contains(address)) return false;
    // A view of the System process may raise an exception; what an MDL mapped may not: its pages are locked.
    const auto mapping = system_mappings_->kind_at(address);
    FrameNumber frame = window_->frame_at(address);
    if (mapping) frame = system_mappings_->translate(address).first;
    const std::vector<FramePiece> found = window_->pieces({frame, 1});
    const Ref<Segment>& segment = found[0].segment;
    if (!segment || segment->kind() != SegmentKind::file) return false;
    const bool is_locked = segment->pinned_pages() != 0 && mapping != SystemMappingKind::section_view;
    if (!at_raised_irql && !is_locked) return false;
    if (platform::map_zero_fixed(align_down(address, page_size_bytes), page_size_bytes, platform::PageAccess::read_write)
            .is_failure()) {
        return false;
    }
    diagnostics_.report("a page of a mapped file is gone (the file was cut off, or its disk failed) while a driver had it locked"
                        " or used it at raised IRQL: it reads as zero from now on, and what is written there is lost");
    return true;
}

FrameRange MemoryManager::frames_of_system_address(std::uint64_t address) {
    if (window_->contains(address)) {
        const FrameNumber frame = window_->frame_at(address);
        if (const FrameRange home = window_->home_run(frame); home.pages != 0) return home;
        if (const FrameRange shown = system_mappings_->translate(address); shown.pages != 0) return shown;
        return {frame, 1};  // nothing lies there: a bad address stays bad
    }
    if (const FrameRange data = images_->translate(address); data.pages != 0) return data;
    return {foreign_frame(address), 1};
}

std::uint64_t MemoryManager::address_of_frame(FrameNumber frame) const {
    return is_foreign(frame) ? foreign_address(frame) : window_->address_of(frame);
}

}  // namespace pw::mm
