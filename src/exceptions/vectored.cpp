// SPDX-License-Identifier: Apache-2.0
// The process's vectored exception handlers.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/lock.h"
#include "exceptions/dispatch.h"

namespace pw::seh {
namespace {

struct Entry {
    pw_seh_vectored_handler handler = nullptr;
    std::uintptr_t id = 0;
};

constexpr std::size_t entry_limit = 32;
using Entries = std::array<Entry, entry_limit>;

constinit std::atomic<std::size_t> entry_count{0};  // written under the lock; read to skip the lock when there are none

Mutex& entries_lock() {
    static Mutex lock{LockRank::leaf};
    return lock;
}
Entries entries;
std::uintptr_t last_id = 0;

}  // namespace

bool any_vectored() { return entry_count.load(std::memory_order_acquire) != 0; }

bool ask_vectored(EXCEPTION_POINTERS& pointers) {
    if (!any_vectored()) return false;
    Entries copy;  // handlers may add and remove handlers
    std::size_t count = 0;
    {
        const MutexLock guard(entries_lock());
        copy = entries;
        count = entry_count.load(std::memory_order_relaxed);
    }
    return std::any_of(copy.begin(), copy.begin() + count,
                       [&pointers](const Entry& entry) { return entry.handler(&pointers) == -1; });
}

}  // namespace pw::seh

extern "C" {

void* pw_seh_add_vectored(int first, pw_seh_vectored_handler handler) {
    using namespace pw::seh;
    const pw::MutexLock guard(entries_lock());
    const std::size_t count = entry_count.load(std::memory_order_relaxed);
    if (count == entry_limit) return nullptr;
    const Entry entry{handler, ++last_id};
    if (first != 0) {
        std::copy_backward(entries.begin(), entries.begin() + count, entries.begin() + count + 1);
        entries.front() = entry;
    } else {
        entries[count] = entry;
    }
    entry_count.store(count + 1, std::memory_order_release);
    return reinterpret_cast<void*>(entry.id);
}

int pw_seh_remove_vectored(void* handle) {
    using namespace pw::seh;
    const pw::MutexLock guard(entries_lock());
    const std::size_t count = entry_count.load(std::memory_order_relaxed);
    const auto end = entries.begin() + count;
    const auto id = reinterpret_cast<std::uintptr_t>(handle);
    const auto found = std::find_if(entries.begin(), end, [id](const Entry& entry) { return entry.id == id; });
    if (found == end) return 0;
    std::copy(found + 1, end, found);
    entry_count.store(count - 1, std::memory_order_release);
    return 1;
}

}  // extern "C"
