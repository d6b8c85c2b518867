// SPDX-License-Identifier: Apache-2.0
// Resource: the executive's reader-writer lock (ERESOURCE): recursive, with owners and waiters counted, in documented bytes.
#pragma once

#include <nt/ke_types.h>
#include <nt/ex.h>

#include "base/status.h"

namespace pw::ke {

// How a shared acquire treats exclusive waiters: yields to them unless the thread is an owner already; overtakes them;
// yields to them always.
enum class SharedPolicy { fair, starve_exclusive, wait_for_exclusive };

Status initialize_resource(ERESOURCE& resource);
Status reinitialize_resource(ERESOURCE& resource);
// Frees the owner table. Nobody may own it or wait.
Status delete_resource(ERESOURCE& resource);

// IRQL <= APC_LEVEL (else bug check IRQL_NOT_LESS_OR_EQUAL). False only if `wait` is false.
[[nodiscard]] bool acquire_resource_exclusive(ERESOURCE& resource, bool wait);
[[nodiscard]] bool acquire_resource_shared(ERESOURCE& resource, bool wait, SharedPolicy policy);
// IRQL <= DISPATCH_LEVEL. Bug check RESOURCE_NOT_OWNED when that owner does not own it.
void release_resource(ERESOURCE& resource);
void release_resource_for(ERESOURCE& resource, ERESOURCE_THREAD owner);
// The exclusive owner becomes a shared one, and shared waiters come in.
void convert_resource_to_shared(ERESOURCE& resource);
// What the current thread owns belongs to `owner` (a pointer with both low bits set) from now on.
void set_resource_owner(ERESOURCE& resource, void* owner);

[[nodiscard]] bool is_resource_exclusive(ERESOURCE& resource);      // by the current thread
[[nodiscard]] ULONG resource_hold_count(ERESOURCE& resource);       // by the current thread, shared or exclusive
[[nodiscard]] ULONG resource_exclusive_waiters(ERESOURCE& resource);
[[nodiscard]] ULONG resource_shared_waiters(ERESOURCE& resource);

}  // namespace pw::ke
