// SPDX-License-Identifier: Apache-2.0
// Façade: resources (Ex).
#include <nt/ex.h>

#include "kernel/dispatcher/resource.h"
#include "kernel/dispatcher/thread.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ke::SharedPolicy;

// Makes sure that the OS thread is a kernel thread. A macro: current_or_attach() wants this routine's return address.
#define ENTER() (void)ke::Thread::current_or_attach()

extern "C" {

NTSTATUS NTAPI ExInitializeResourceLite(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExInitializeResourceLite);
    return ke::initialize_resource(*resource).code();
}
NTSTATUS NTAPI ExReinitializeResourceLite(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExReinitializeResourceLite);
    return ke::reinitialize_resource(*resource).code();
}
NTSTATUS NTAPI ExDeleteResourceLite(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExDeleteResourceLite);
    return ke::delete_resource(*resource).code();
}

BOOLEAN NTAPI ExAcquireResourceExclusiveLite(PERESOURCE resource, BOOLEAN wait) {
    ENTER();
    return ke::acquire_resource_exclusive(*resource, wait);
}
BOOLEAN NTAPI ExTryToAcquireResourceExclusiveLite(PERESOURCE resource) {
    ENTER();
    return ke::acquire_resource_exclusive(*resource, false);
}
BOOLEAN NTAPI ExAcquireResourceSharedLite(PERESOURCE resource, BOOLEAN wait) {
    ENTER();
    return ke::acquire_resource_shared(*resource, wait, SharedPolicy::fair);
}
BOOLEAN NTAPI ExAcquireSharedStarveExclusive(PERESOURCE resource, BOOLEAN wait) {
    ENTER();
    return ke::acquire_resource_shared(*resource, wait, SharedPolicy::starve_exclusive);
}
BOOLEAN NTAPI ExAcquireSharedWaitForExclusive(PERESOURCE resource, BOOLEAN wait) {
    ENTER();
    return ke::acquire_resource_shared(*resource, wait, SharedPolicy::wait_for_exclusive);
}
PVOID NTAPI ExEnterCriticalRegionAndAcquireResourceExclusive(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExEnterCriticalRegionAndAcquireResourceExclusive);
    ke::Thread::current_or_attach().enter_critical_region();
    (void)ke::acquire_resource_exclusive(*resource, true);
    return nullptr;
}
PVOID NTAPI ExEnterCriticalRegionAndAcquireResourceShared(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExEnterCriticalRegionAndAcquireResourceShared);
    ke::Thread::current_or_attach().enter_critical_region();
    (void)ke::acquire_resource_shared(*resource, true, SharedPolicy::fair);
    return nullptr;
}
PVOID NTAPI ExEnterCriticalRegionAndAcquireSharedWaitForExclusive(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExEnterCriticalRegionAndAcquireSharedWaitForExclusive);
    ke::Thread::current_or_attach().enter_critical_region();
    (void)ke::acquire_resource_shared(*resource, true, SharedPolicy::wait_for_exclusive);
    return nullptr;
}
void NTAPI ExReleaseResourceLite(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExReleaseResourceLite);
    ENTER();
    ke::release_resource(*resource);
}
void NTAPI ExReleaseResourceAndLeaveCriticalRegion(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExReleaseResourceAndLeaveCriticalRegion);
    ENTER();
    ke::release_resource(*resource);
    ke::Thread::current()->leave_critical_region();
}
void NTAPI ExReleaseResourceForThreadLite(PERESOURCE resource, ERESOURCE_THREAD owner) {
    PW_IRQL_LIMIT(ExReleaseResourceForThreadLite);
    ENTER();
    ke::release_resource_for(*resource, owner);
}
void NTAPI ExConvertExclusiveToSharedLite(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExConvertExclusiveToSharedLite);
    ENTER();
    ke::convert_resource_to_shared(*resource);
}
void NTAPI ExSetResourceOwnerPointer(PERESOURCE resource, PVOID owner) {
    PW_IRQL_LIMIT(ExSetResourceOwnerPointer);
    ENTER();
    ke::set_resource_owner(*resource, owner);
}
void NTAPI ExSetResourceOwnerPointerEx(PERESOURCE resource, PVOID owner, ULONG) {
    PW_IRQL_LIMIT(ExSetResourceOwnerPointerEx);
    ENTER();
    ke::set_resource_owner(*resource, owner);
}
ULONG NTAPI ExGetExclusiveWaiterCount(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExGetExclusiveWaiterCount);
    return ke::resource_exclusive_waiters(*resource);
}
ULONG NTAPI ExGetSharedWaiterCount(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExGetSharedWaiterCount);
    return ke::resource_shared_waiters(*resource);
}
BOOLEAN NTAPI ExIsResourceAcquiredExclusiveLite(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExIsResourceAcquiredExclusiveLite);
    ENTER();
    return ke::is_resource_exclusive(*resource);
}
ULONG NTAPI ExIsResourceAcquiredSharedLite(PERESOURCE resource) {
    PW_IRQL_LIMIT(ExIsResourceAcquiredSharedLite);
    ENTER();
    return ke::resource_hold_count(*resource);
}
// Priority boosts are the OS's business.
void NTAPI ExDisableResourceBoostLite(PERESOURCE) {
    PW_IRQL_LIMIT(ExDisableResourceBoostLite);
}

}  // extern "C"
