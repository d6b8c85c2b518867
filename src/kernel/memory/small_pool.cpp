// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/small_pool.h"

#include <random>

#include "base/check.h"
#include "kernel/memory/page_allocator.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

// Spreads threads over shards; says nothing about a kernel.
std::atomic<unsigned> next_thread_number{0};
constinit thread_local unsigned own_thread_number __attribute__((tls_model("initial-exec"))) = 0;

unsigned thread_number() {
    if (own_thread_number == 0) [[unlikely]] {
        own_thread_number = 1 + next_thread_number.fetch_add(1, std::memory_order_relaxed);
    }
    return own_thread_number;
}

std::uint64_t random_secret() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

// FrameInfo of a page of small blocks: `tag` holds the offset of the first block on the page's own list (0: none).
std::uint32_t& free_head(FrameInfo& info) { return info.tag; }

}  // namespace

SmallPool::SmallPool(SystemWindow& window, PageAllocator& pages)
    : window_(window), pages_(pages), secret_(random_secret()) {
    for (std::size_t i = 0; i < class_of_.size(); ++i) {
        class_of_[i] = static_cast<std::uint8_t>(size_class_for(i * 16, false));
    }
}

bool SmallPool::owns(std::uint64_t address) const {
    return window_.contains(address) &&
           window_.info(window_.frame_at(address)).use.load(std::memory_order_acquire) == FrameUse::small_pool;
}

SmallPool::Shard* SmallPool::lock_shard() {
    const unsigned first = thread_number();
    for (unsigned i = 0; i < shard_count; ++i) {
        Shard& shard = shards_[(first + i) % shard_count];
        if (shard.try_lock()) return &shard;
    }
    return nullptr;
}

std::uint64_t SmallPool::allocate(std::size_t bytes, std::uint32_t tag, std::uint8_t type, bool cache_aligned) {
    const std::size_t size_class = cache_aligned ? size_class_for(bytes, true) : class_of_[(bytes + 15) / 16];
    SmallBlock* block = take(size_class);
    // A page that was shown to a process while this block was on its way is not for kernel data any more.
    while (block != nullptr && window_.info(window_.frame_at(block->payload())).is_retired.load() != 0) {
        block->set_next(nullptr);
        give_back(block);
        block = take(size_class);
    }
    if (block == nullptr) return 0;
    const std::uint64_t payload = block->payload();
    poison::unpoison(payload, bytes);
    block->describe(tag, static_cast<std::uint16_t>(bytes), type);
    block->mark(BlockState::allocated, secret_);
    return payload;
}

SmallBlock* SmallPool::take(std::size_t size_class) {
    SmallBlock* block = nullptr;
    if (Shard* const shard = lock_shard()) {
        Bin& bin = shard->bins[size_class];
        block = bin.head;
        if (block != nullptr) {
            bin.head = block->next();
            --bin.count;
        }
        shard->unlock();
    }
    if (block == nullptr) {
        std::uint32_t got = 0;
        block = take_batch(size_class, batch_blocks, &got);
        if (block == nullptr) return nullptr;
        SmallBlock* rest = block->next();
        if (rest != nullptr) {
            if (Shard* const shard = lock_shard()) {
                Bin& bin = shard->bins[size_class];
                SmallBlock* last = rest;
                while (last->next() != nullptr) last = last->next();
                last->set_next(bin.head);
                bin.head = rest;
                bin.count += got - 1;
                shard->unlock();
            } else {
                give_back(rest);
            }
        }
    }
    return block;
}

FreeResult SmallPool::free(std::uint64_t address, std::uint32_t tag) {
    const FrameNumber frame = window_.frame_at(address);
    FrameInfo& info = window_.info(frame);
    const std::size_t offset = address & (page_size_bytes - 1);
    if (offset < first_header_offset + header_bytes || offset % 16 != 0) return FreeResult::no_block;
    // A process sees the page: nothing in it is believed.
    if (info.is_retired.load(std::memory_order_acquire) != 0) return free_retired(frame, address);
    SmallBlock* const block = SmallBlock::before(address);
    const std::size_t stride = small_strides[info.size_class];
    if (!block->is(BlockState::allocated, secret_)) {
        if (block->is(BlockState::free, secret_)) return FreeResult::freed_before;
        const bool is_block_start = (offset - first_header_offset - header_bytes) % stride == 0;
        return is_block_start ? FreeResult::corrupted : FreeResult::no_block;
    }
    if (tag != 0 && block->get_tag() != tag) return FreeResult::wrong_tag;
    if (offset - header_bytes + stride + stride <= page_size_bytes) {
        const auto* next = reinterpret_cast<const SmallBlock*>(address - header_bytes + stride);
        if (!next->is(BlockState::allocated, secret_) && !next->is(BlockState::free, secret_)) {
            return FreeResult::corrupted;
        }
    }
    if (!block->change(BlockState::allocated, BlockState::free, secret_)) return FreeResult::freed_before;
    poison::poison(address, stride - header_bytes);
    Shard* const shard = lock_shard();
    // Asked again under the shard's lock: retire_page() empties each shard after it marked the page.
    const bool retired = shard != nullptr && info.is_retired.load(std::memory_order_acquire) != 0;
    if (retired) shard->unlock();
    if (shard == nullptr || retired) {
        block->set_next(nullptr);
        give_back(block);
        return FreeResult::freed;
    }
    SmallBlock* surplus = nullptr;
    Bin& bin = shard->bins[info.size_class];
    block->set_next(bin.head);
    bin.head = block;
    if (++bin.count > 2 * batch_blocks) {
        surplus = bin.head;
        SmallBlock* last = surplus;
        for (std::uint32_t i = 1; i < batch_blocks; ++i) last = last->next();
        bin.head = last->next();
        last->set_next(nullptr);
        bin.count -= batch_blocks;
    }
    shard->unlock();
    if (surplus != nullptr) give_back(surplus);
    return FreeResult::freed;
}

SmallBlock* SmallPool::pop_from_page_locked(FrameNumber frame) {
    FrameInfo& info = window_.info(frame);
    if (free_head(info) == 0) return nullptr;
    auto* const block = reinterpret_cast<SmallBlock*>(window_.address_of(frame) + free_head(info));
    SmallBlock* const next = block->next();
    free_head(info) = next == nullptr ? 0 : static_cast<std::uint32_t>(reinterpret_cast<std::uint64_t>(next) & 4095);
    ++info.live_blocks;
    return block;
}

SmallBlock* SmallPool::take_batch(std::size_t size_class, std::uint32_t wanted, std::uint32_t* got) {
    SmallBlock* list = nullptr;
    *got = 0;
    {
        MutexLock guard(lock_);
        auto& partial = partial_[size_class];
        while (*got < wanted && !partial.empty()) {
            const FrameNumber frame = *partial.begin();
            SmallBlock* const block = pop_from_page_locked(frame);
            if (block == nullptr) {
                partial.erase(partial.begin());
                continue;
            }
            block->set_next(list);
            list = block;
            ++*got;
        }
    }
    return list != nullptr ? list : new_page(size_class, wanted, got);
}

SmallBlock* SmallPool::new_page(std::size_t size_class, std::uint32_t wanted, std::uint32_t* got) {
    auto frame = pages_.allocate(1, SegmentKind::slab, false);
    if (!frame) return nullptr;
    const std::uint64_t page = window_.address_of(*frame);
    FrameInfo& info = window_.info(*frame);
    info.size_class = static_cast<std::uint8_t>(size_class);
    info.is_retired.store(0, std::memory_order_relaxed);
    info.live_blocks = 0;
    free_head(info) = 0;
    SmallBlock* next = nullptr;
    for (std::size_t i = blocks_in_page(size_class); i-- > 0;) {
        auto* const block =
            reinterpret_cast<SmallBlock*>(page + first_header_offset + i * small_strides[size_class]);
        block->mark(BlockState::free, secret_);
        block->set_next(next);
        next = block;
    }
    free_head(info) = first_header_offset;
    poison::poison(page, page_size_bytes);
    info.use.store(FrameUse::small_pool, std::memory_order_release);
    MutexLock guard(lock_);
    all_pages_.insert(*frame);
    SmallBlock* list = nullptr;
    while (*got < wanted) {
        SmallBlock* const block = pop_from_page_locked(*frame);
        if (block == nullptr) break;
        block->set_next(list);
        list = block;
        ++*got;
    }
    if (free_head(info) != 0) partial_[size_class].insert(*frame);
    return list;
}

void SmallPool::give_back(SmallBlock* list) {
    std::vector<FrameNumber> emptied;
    {
        MutexLock guard(lock_);
        while (list != nullptr) {
            SmallBlock* const block = list;
            list = block->next();
            const auto address = reinterpret_cast<std::uint64_t>(block);
            const FrameNumber frame = window_.frame_at(address);
            FrameInfo& info = window_.info(frame);
            if (info.is_retired.load(std::memory_order_relaxed) == 0) {
                const std::uint32_t head = free_head(info);
                block->set_next(head == 0 ? nullptr
                                          : reinterpret_cast<SmallBlock*>(align_down(address, page_size_bytes) + head));
                free_head(info) = static_cast<std::uint32_t>(address & (page_size_bytes - 1));
            }
            auto& partial = partial_[info.size_class];
            if (--info.live_blocks != 0) {
                if (info.is_retired.load(std::memory_order_relaxed) == 0) partial.insert(frame);
                continue;
            }
            partial.erase(frame);
            all_pages_.erase(frame);
            info.use.store(FrameUse::none, std::memory_order_release);
            emptied.push_back(frame);
        }
    }
    for (const FrameNumber frame : emptied) pages_.free(frame, 1);
}

FreeResult SmallPool::free_retired(FrameNumber frame, std::uint64_t address) {
    FrameInfo& info = window_.info(frame);
    const std::size_t offset = address & (page_size_bytes - 1);
    if ((offset - first_header_offset - header_bytes) % small_strides[info.size_class] != 0) return FreeResult::no_block;
    {
        MutexLock guard(lock_);
        if (info.live_blocks == 0) return FreeResult::freed_before;
        if (--info.live_blocks != 0) return FreeResult::freed;
        all_pages_.erase(frame);
        info.use.store(FrameUse::none, std::memory_order_release);
    }
    pages_.free(frame, 1);
    return FreeResult::freed;
}

void SmallPool::retire_page(FrameNumber frame) {
    FrameInfo& info = window_.info(frame);
    const std::uint64_t page = window_.address_of(frame);
    {
        MutexLock guard(lock_);
        if (info.use.load(std::memory_order_relaxed) != FrameUse::small_pool ||
            info.is_retired.load(std::memory_order_relaxed) != 0) {
            return;
        }
        info.is_retired.store(1, std::memory_order_release);
        partial_[info.size_class].erase(frame);
        free_head(info) = 0;
    }
    // Free blocks of the page that wait in a cache must not be handed out any more.
    SmallBlock* waiting = nullptr;
    for (Shard& shard : shards_) {
        while (!shard.try_lock()) __builtin_ia32_pause();  // held for a few instructions only
        Bin& bin = shard.bins[info.size_class];
        SmallBlock* kept = nullptr;
        std::uint32_t count = 0;
        for (SmallBlock* block = bin.head; block != nullptr;) {
            SmallBlock* const next = block->next();
            const bool on_page = align_down(reinterpret_cast<std::uint64_t>(block), page_size_bytes) == page;
            SmallBlock*& list = on_page ? waiting : kept;
            block->set_next(list);
            list = block;
            if (!on_page) ++count;
            block = next;
        }
        bin = {kept, count};
        shard.unlock();
    }
    poison::unpoison(page, page_size_bytes);
    if (waiting != nullptr) give_back(waiting);
}

void SmallPool::for_each_block(const std::function<void(SmallBlock&)>& visit) {
    std::vector<SmallBlock*> live;
    {
        MutexLock guard(lock_);
        for (const FrameNumber frame : all_pages_) {
            const FrameInfo& info = window_.info(frame);
            for (std::size_t i = 0; i < blocks_in_page(info.size_class); ++i) {
                auto* const block = reinterpret_cast<SmallBlock*>(window_.address_of(frame) + first_header_offset +
                                                                  i * small_strides[info.size_class]);
                if (block->is(BlockState::allocated, secret_)) live.push_back(block);
            }
        }
    }
    for (SmallBlock* block : live) visit(*block);
}

}  // namespace pw::mm
