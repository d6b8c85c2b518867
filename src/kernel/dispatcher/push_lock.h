// SPDX-License-Identifier: Apache-2.0
// Push locks (EX_PUSH_LOCK, below DISPATCH_LEVEL) and reader-writer spin locks (EX_SPIN_LOCK, at DISPATCH_LEVEL).
#pragma once

#include <nt/ke_types.h>
#include <nt/ex.h>

namespace pw::ke {

// IRQL <= APC_LEVEL (else bug check IRQL_NOT_LESS_OR_EQUAL). Releasing what is not held: bug check
// KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE.
void initialize_push_lock(EX_PUSH_LOCK& lock);
void acquire_push_lock_exclusive(EX_PUSH_LOCK& lock);
void acquire_push_lock_shared(EX_PUSH_LOCK& lock);
void release_push_lock_exclusive(EX_PUSH_LOCK& lock);
void release_push_lock_shared(EX_PUSH_LOCK& lock);

// These raise to DISPATCH_LEVEL and return the old IRQL. Releasing what is not held: bug check SPIN_LOCK_NOT_OWNED.
[[nodiscard]] KIRQL acquire_rw_spin_lock_exclusive(EX_SPIN_LOCK& lock);
[[nodiscard]] KIRQL acquire_rw_spin_lock_shared(EX_SPIN_LOCK& lock);
void release_rw_spin_lock_exclusive(EX_SPIN_LOCK& lock, KIRQL old_irql);
void release_rw_spin_lock_shared(EX_SPIN_LOCK& lock, KIRQL old_irql);
// At DISPATCH_LEVEL or above (else bug check DRIVER_VERIFIER_DETECTED_VIOLATION 0x40).
void acquire_rw_spin_lock_exclusive_at_dpc_level(EX_SPIN_LOCK& lock);
void acquire_rw_spin_lock_shared_at_dpc_level(EX_SPIN_LOCK& lock);
void release_rw_spin_lock_exclusive_from_dpc_level(EX_SPIN_LOCK& lock);
void release_rw_spin_lock_shared_from_dpc_level(EX_SPIN_LOCK& lock);
[[nodiscard]] bool try_acquire_rw_spin_lock_exclusive_at_dpc_level(EX_SPIN_LOCK& lock);
[[nodiscard]] bool try_acquire_rw_spin_lock_shared_at_dpc_level(EX_SPIN_LOCK& lock);
[[nodiscard]] bool try_convert_rw_spin_lock(EX_SPIN_LOCK& lock);

}  // namespace pw::ke
