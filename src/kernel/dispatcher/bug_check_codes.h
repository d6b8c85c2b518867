// SPDX-License-Identifier: Apache-2.0
// The bug-check codes that Partywall itself raises, under NT's names.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

inline constexpr ULONG apc_index_mismatch = 0x01;
inline constexpr ULONG irql_not_greater_or_equal = 0x09;
inline constexpr ULONG irql_not_less_or_equal = 0x0A;
inline constexpr ULONG maximum_wait_objects_exceeded = 0x0C;
inline constexpr ULONG spin_lock_already_owned = 0x0F;
inline constexpr ULONG spin_lock_not_owned = 0x10;
inline constexpr ULONG thread_not_mutex_owner = 0x11;
inline constexpr ULONG no_more_irp_stack_locations = 0x35;
inline constexpr ULONG multiple_irp_complete_requests = 0x44;
inline constexpr ULONG irql_gt_zero_at_system_service = 0x4A;
inline constexpr ULONG spin_lock_init_failure = 0x81;
inline constexpr ULONG attempted_switch_from_dpc = 0xB8;
inline constexpr ULONG mutex_already_owned = 0xBF;
inline constexpr ULONG bad_pool_caller = 0xC2;
inline constexpr ULONG driver_verifier_detected_violation = 0xC4;
inline constexpr ULONG irql_unexpected_value = 0xC8;
inline constexpr ULONG resource_not_owned = 0xE3;
inline constexpr ULONG invalid_floating_point_state = 0xE7;
inline constexpr ULONG kernel_auto_boost_invalid_lock_release = 0x162;
inline constexpr ULONG thread_terminate_held_mutex = 0x4000008A;

// First parameter of DRIVER_VERIFIER_DETECTED_VIOLATION.
inline constexpr ULONG_PTR verifier_bad_raise = 0x30;
inline constexpr ULONG_PTR verifier_bad_lower = 0x31;
inline constexpr ULONG_PTR verifier_release_below_dispatch = 0x32;
inline constexpr ULONG_PTR verifier_fast_mutex_acquire_irql = 0x33;
inline constexpr ULONG_PTR verifier_fast_mutex_release_irql = 0x34;
inline constexpr ULONG_PTR verifier_resource_acquire_apcs_enabled = 0x37;
inline constexpr ULONG_PTR verifier_resource_release_apcs_enabled = 0x38;
inline constexpr ULONG_PTR verifier_unsafe_acquire_irql = 0x39;
inline constexpr ULONG_PTR verifier_unsafe_release_irql = 0x3A;
inline constexpr ULONG_PTR verifier_leave_critical_region = 0x3E;
inline constexpr ULONG_PTR verifier_acquire_at_dpc_level_irql = 0x40;
inline constexpr ULONG_PTR verifier_release_from_dpc_level_irql = 0x41;
inline constexpr ULONG_PTR verifier_spin_lock_acquire_irql = 0x42;

}  // namespace pw::ke
