// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/resource.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "base/check.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/spin_lock.h"

// Everything in an ERESOURCE is guarded by its SpinLock. OwnerEntry is the exclusive owner, or one of the shared ones; further
// shared owners stand in OwnerTable, whose entry 0 holds its size. Waiters queue on their own stacks, linked through
// SharedWaiters and ExclusiveWaiters; who releases makes them owners and then wakes them.
namespace pw::ke {
namespace {

struct ResourceWaiter {
    ResourceWaiter* next = nullptr;
    ERESOURCE_THREAD owner = 0;
    KEVENT event;
};

Thread& current_thread() {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    return *thread;
}

ERESOURCE_THREAD current_owner() { return reinterpret_cast<ERESOURCE_THREAD>(current_thread().nt_identity()); }

void append(PVOID& list, ResourceWaiter& waiter) {
    auto** link = reinterpret_cast<ResourceWaiter**>(&list);
    while (*link) link = &(*link)->next;
    *link = &waiter;
}

bool is_exclusive(const ERESOURCE& resource) { return (resource.Flag & ResourceOwnedExclusive) != 0; }

OWNER_ENTRY* find_owner(ERESOURCE& resource, ERESOURCE_THREAD owner) {
    if (resource.OwnerEntry.OwnerThread == owner && resource.OwnerEntry.OwnerCount != 0) return &resource.OwnerEntry;
    if (!resource.OwnerTable) return nullptr;
    const ULONG size = resource.OwnerTable[0].TableSize;
    for (ULONG i = 1; i < size; ++i) {
        if (resource.OwnerTable[i].OwnerThread == owner) return &resource.OwnerTable[i];
    }
    return nullptr;
}

OWNER_ENTRY& free_entry(ERESOURCE& resource) {
    if (resource.OwnerEntry.OwnerThread == 0) return resource.OwnerEntry;
    const ULONG size = resource.OwnerTable ? resource.OwnerTable[0].TableSize : 0;
    for (ULONG i = 1; i < size; ++i) {
        if (resource.OwnerTable[i].OwnerThread == 0) return resource.OwnerTable[i];
    }
    const ULONG new_size = size == 0 ? 4 : size * 2;
    void* table = std::realloc(resource.OwnerTable, new_size * sizeof(OWNER_ENTRY));
    PW_CHECK(table != nullptr);
    resource.OwnerTable = static_cast<OWNER_ENTRY*>(table);
    const ULONG first_new = size == 0 ? 1 : size;
    std::memset(static_cast<void*>(resource.OwnerTable + size), 0, (new_size - size) * sizeof(OWNER_ENTRY));
    resource.OwnerTable[0].TableSize = new_size;
    return resource.OwnerTable[first_new];
}

void add_owner(ERESOURCE& resource, ERESOURCE_THREAD owner) {
    if (OWNER_ENTRY* entry = find_owner(resource, owner)) {
        ++entry->OwnerCount;
        return;
    }
    OWNER_ENTRY& entry = free_entry(resource);
    entry.OwnerThread = owner;
    entry.OwnerCount = 1;
    ++resource.ActiveEntries;
    resource.ActiveCount = 1;
}

// Makes every shared waiter an owner and returns them as a list to be woken.
ResourceWaiter* admit_shared(ERESOURCE& resource) {
    auto* first = static_cast<ResourceWaiter*>(resource.SharedWaiters);
    for (ResourceWaiter* waiter = first; waiter; waiter = waiter->next) add_owner(resource, waiter->owner);
    resource.SharedWaiters = nullptr;
    resource.NumberOfSharedWaiters = 0;
    return first;
}

ResourceWaiter* admit_exclusive(ERESOURCE& resource) {
    auto* first = static_cast<ResourceWaiter*>(resource.ExclusiveWaiters);
    resource.ExclusiveWaiters = first->next;
    first->next = nullptr;
    --resource.NumberOfExclusiveWaiters;
    add_owner(resource, first->owner);
    resource.Flag = static_cast<USHORT>(resource.Flag | ResourceOwnedExclusive);
    return first;
}

void wake(ResourceWaiter* waiter) {
    while (waiter) {
        ResourceWaiter* const next = waiter->next;  // the waiter's stack frame may be gone once the event is set
        current_thread().dispatcher().set_event(waiter->event);
        waiter = next;
    }
}

void check_acquire_irql(const ERESOURCE& resource) {
    const KIRQL irql = current_irql();
    if (irql <= APC_LEVEL) [[likely]] return;
    bug_check(irql_not_less_or_equal, reinterpret_cast<ULONG_PTR>(&resource), irql, 1, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
}

[[noreturn]] void not_owned(const ERESOURCE& resource, ERESOURCE_THREAD owner) {
    bug_check(resource_not_owned, reinterpret_cast<ULONG_PTR>(&resource), owner, reinterpret_cast<ULONG_PTR>(resource.OwnerTable), 0);
}

void wait_for_turn(ResourceWaiter& waiter) {
    current_thread().dispatcher().wait(waiter.event.Header, KernelMode, false, nullptr).ignore();
}

void prepare(ResourceWaiter& waiter, ERESOURCE& resource, ERESOURCE_THREAD owner) {
    waiter.owner = owner;
    Dispatcher::initialize_event(waiter.event, SynchronizationEvent, false);
    ++resource.ContentionCount;
}

}  // namespace

Status initialize_resource(ERESOURCE& resource) {
    std::memset(static_cast<void*>(&resource), 0, sizeof resource);
    InitializeListHead(&resource.SystemResourcesList);
    return STATUS_SUCCESS;
}

Status reinitialize_resource(ERESOURCE& resource) {
    delete_resource(resource).ignore();
    return initialize_resource(resource);
}

Status delete_resource(ERESOURCE& resource) {
    std::free(resource.OwnerTable);
    resource.OwnerTable = nullptr;
    return STATUS_SUCCESS;
}

bool acquire_resource_exclusive(ERESOURCE& resource, bool wait) {
    check_acquire_irql(resource);
    const ERESOURCE_THREAD owner = current_owner();
    ResourceWaiter waiter;
    {
        InterlockedGuard guard(resource.SpinLock);
        const bool again = is_exclusive(resource) && resource.OwnerEntry.OwnerThread == owner;
        if (resource.ActiveEntries == 0 || again) {
            add_owner(resource, owner);
            resource.Flag = static_cast<USHORT>(resource.Flag | ResourceOwnedExclusive);
            return true;
        }
        if (!wait) return false;
        prepare(waiter, resource, owner);
        append(resource.ExclusiveWaiters, waiter);
        ++resource.NumberOfExclusiveWaiters;
    }
    wait_for_turn(waiter);
    return true;
}

bool acquire_resource_shared(ERESOURCE& resource, bool wait, SharedPolicy policy) {
    check_acquire_irql(resource);
    const ERESOURCE_THREAD owner = current_owner();
    ResourceWaiter waiter;
    {
        InterlockedGuard guard(resource.SpinLock);
        bool admitted;
        if (is_exclusive(resource)) {
            admitted = resource.OwnerEntry.OwnerThread == owner;
        } else if (resource.NumberOfExclusiveWaiters == 0 || policy == SharedPolicy::starve_exclusive) {
            admitted = true;
        } else {
            admitted = policy == SharedPolicy::fair && find_owner(resource, owner) != nullptr;
        }
        if (admitted) {
            add_owner(resource, owner);
            return true;
        }
        if (!wait) return false;
        prepare(waiter, resource, owner);
        append(resource.SharedWaiters, waiter);
        ++resource.NumberOfSharedWaiters;
    }
    wait_for_turn(waiter);
    return true;
}

void release_resource(ERESOURCE& resource) { release_resource_for(resource, current_owner()); }

void release_resource_for(ERESOURCE& resource, ERESOURCE_THREAD owner) {
    ResourceWaiter* admitted = nullptr;
    bool owned = false;
    {
        InterlockedGuard guard(resource.SpinLock);
        if (OWNER_ENTRY* entry = find_owner(resource, owner)) {
            owned = true;
            if (--entry->OwnerCount != 0) return;
            entry->OwnerThread = 0;
            if (--resource.ActiveEntries != 0) return;
            // After an exclusive owner the shared waiters come, after shared ones an exclusive waiter.
            const bool was_exclusive = is_exclusive(resource);
            resource.ActiveCount = 0;
            resource.Flag = static_cast<USHORT>(resource.Flag & ~ResourceOwnedExclusive);
            if (resource.SharedWaiters && (was_exclusive || !resource.ExclusiveWaiters)) {
                admitted = admit_shared(resource);
            } else if (resource.ExclusiveWaiters) {
                admitted = admit_exclusive(resource);
            }
        }
    }
    if (!owned) not_owned(resource, owner);
    wake(admitted);
}

void convert_resource_to_shared(ERESOURCE& resource) {
    const ERESOURCE_THREAD owner = current_owner();
    ResourceWaiter* admitted = nullptr;
    bool owned;
    {
        InterlockedGuard guard(resource.SpinLock);
        owned = is_exclusive(resource) && resource.OwnerEntry.OwnerThread == owner;
        if (owned) {
            resource.Flag = static_cast<USHORT>(resource.Flag & ~ResourceOwnedExclusive);
            admitted = admit_shared(resource);
        }
    }
    if (!owned) not_owned(resource, owner);
    wake(admitted);
}

void set_resource_owner(ERESOURCE& resource, void* new_owner) {
    const ERESOURCE_THREAD owner = current_owner();
    bool owned = false;
    {
        InterlockedGuard guard(resource.SpinLock);
        if (OWNER_ENTRY* entry = find_owner(resource, owner)) {
            entry->OwnerThread = reinterpret_cast<ERESOURCE_THREAD>(new_owner);
            owned = true;
        }
    }
    if (!owned) not_owned(resource, owner);
}

bool is_resource_exclusive(ERESOURCE& resource) {
    InterlockedGuard guard(resource.SpinLock);
    return is_exclusive(resource) && resource.OwnerEntry.OwnerThread == current_owner();
}

ULONG resource_hold_count(ERESOURCE& resource) {
    InterlockedGuard guard(resource.SpinLock);
    const OWNER_ENTRY* entry = find_owner(resource, current_owner());
    return entry ? entry->OwnerCount : 0;
}

ULONG resource_exclusive_waiters(ERESOURCE& resource) {
    InterlockedGuard guard(resource.SpinLock);
    return resource.NumberOfExclusiveWaiters;
}

ULONG resource_shared_waiters(ERESOURCE& resource) {
    InterlockedGuard guard(resource.SpinLock);
    return resource.NumberOfSharedWaiters;
}

}  // namespace pw::ke
