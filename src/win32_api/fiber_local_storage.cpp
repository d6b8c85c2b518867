// SPDX-License-Identifier: Apache-2.0
// FlsAlloc and its siblings. Without fibers the storage belongs to the thread; its values' callback runs when the thread ends
// and when the index is freed.
#include <map>
#include <utility>

#include "base/lock.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr DWORD index_count = 128;  // documented as the least that there is

struct Index {
    bool is_allocated = false;
    PFLS_CALLBACK_FUNCTION callback = nullptr;
};

struct Values;

class Storage {
public:
    static Storage& instance() {
        static Storage* const storage = new Storage;
        return *storage;
    }

    DWORD allocate(PFLS_CALLBACK_FUNCTION callback) {
        pw::MutexLock lock(lock_);
        for (DWORD i = 0; i < index_count; ++i) {
            if (indexes_[i].is_allocated) continue;
            indexes_[i] = {true, callback};
            return i;
        }
        return FLS_OUT_OF_INDEXES;
    }
    bool get(const Values* thread, DWORD index, PVOID* value) {
        pw::MutexLock lock(lock_);
        if (!is_allocated_locked(index)) return false;
        const auto found = values_.find({index, thread});
        *value = found == values_.end() ? nullptr : found->second;
        return true;
    }
    bool set(const Values* thread, DWORD index, PVOID value) {
        pw::MutexLock lock(lock_);
        if (!is_allocated_locked(index)) return false;
        if (value == nullptr) {
            values_.erase({index, thread});
        } else {
            values_[{index, thread}] = value;
        }
        return true;
    }
    // "FlsFree calls the callback for each fiber with a value"; it is called without the lock.
    bool free(DWORD index) {
        std::map<Key, PVOID> gone;
        PFLS_CALLBACK_FUNCTION callback = nullptr;
        {
            pw::MutexLock lock(lock_);
            if (!is_allocated_locked(index)) return false;
            callback = indexes_[index].callback;
            indexes_[index] = {};
            for (auto it = values_.lower_bound({index, nullptr}); it != values_.end() && it->first.first == index;) {
                gone.insert(values_.extract(it++));
            }
        }
        for (const auto& [key, value] : gone) {
            if (callback != nullptr) callback(value);
        }
        return true;
    }
    void end_thread(const Values* thread) {
        for (DWORD index = 0; index < index_count; ++index) {
            PFLS_CALLBACK_FUNCTION callback = nullptr;
            PVOID value = nullptr;
            {
                pw::MutexLock lock(lock_);
                const auto found = values_.find({index, thread});
                if (found == values_.end()) continue;
                callback = indexes_[index].callback;
                value = found->second;
                values_.erase(found);
            }
            if (callback != nullptr) callback(value);
        }
    }

private:
    using Key = std::pair<DWORD, const Values*>;

    bool is_allocated_locked(DWORD index) PW_REQUIRES(lock_) { return index < index_count && indexes_[index].is_allocated; }

    pw::Mutex lock_{pw::LockRank::leaf};
    Index indexes_[index_count] PW_GUARDED_BY(lock_);
    std::map<Key, PVOID> values_ PW_GUARDED_BY(lock_);
};

// The calling thread's values: the address is the thread's key, the destructor its end.
struct Values {
    char unused = 0;
    ~Values() { Storage::instance().end_thread(this); }
};
thread_local Values t_values;

const Values* this_thread() { return &t_values; }

}  // namespace

DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION callback) {
    const DWORD index = Storage::instance().allocate(callback);
    if (index == FLS_OUT_OF_INDEXES) fail(ERROR_NO_MORE_ITEMS);
    return index;
}

PVOID WINAPI FlsGetValue(DWORD index) {
    PVOID value = nullptr;
    if (!Storage::instance().get(this_thread(), index, &value)) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    SetLastError(ERROR_SUCCESS);  // NULL is a value, too
    return value;
}

BOOL WINAPI FlsSetValue(DWORD index, PVOID value) {
    return Storage::instance().set(this_thread(), index, value) ? TRUE : fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI FlsFree(DWORD index) { return Storage::instance().free(index) ? TRUE : fail(ERROR_INVALID_PARAMETER); }
