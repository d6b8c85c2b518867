// SPDX-License-Identifier: Apache-2.0
// Registry keys and values by handle (NtCreateKey … NtDeleteValueKey).
#pragma once

#include "kernel/registry/key_information.h"
#include "kernel/services/caller.h"

namespace pw::nt {

// Creates what the last component of the name says, or opens it. STATUS_NOT_IMPLEMENTED: REG_OPTION_CREATE_LINK.
[[nodiscard]] NamedHandle create_key(const Caller& caller, const ObjectName& name, ACCESS_MASK access, std::u16string_view class_name,
                                     ULONG options, ULONG* disposition);
[[nodiscard]] Result<std::uint64_t> open_key(const Caller& caller, const ObjectName& name, ACCESS_MASK access, ULONG options);
[[nodiscard]] Status delete_key(const Caller& caller, std::uint64_t key);
[[nodiscard]] Status flush_key(const Caller& caller, std::uint64_t key);
[[nodiscard]] Result<cm::Information> query_key(const Caller& caller, std::uint64_t key, ULONG information_class);
[[nodiscard]] Result<cm::Information> enumerate_key(const Caller& caller, std::uint64_t key, ULONG index, ULONG information_class);
[[nodiscard]] Result<cm::Information> query_value_key(const Caller& caller, std::uint64_t key, std::u16string_view name,
                                                      ULONG information_class);
[[nodiscard]] Result<cm::Information> enumerate_value_key(const Caller& caller, std::uint64_t key, ULONG index,
                                                          ULONG information_class);
[[nodiscard]] Status set_value_key(const Caller& caller, std::uint64_t key, std::u16string_view name, ULONG type,
                                   std::span<const std::byte> data);
[[nodiscard]] Status delete_value_key(const Caller& caller, std::uint64_t key, std::u16string_view name);

}  // namespace pw::nt
