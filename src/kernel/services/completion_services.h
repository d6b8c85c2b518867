// SPDX-License-Identifier: Apache-2.0
// Services of completion ports, and what a file says about its completions.
#pragma once

#include <span>

#include "kernel/io/completion_port.h"
#include "kernel/services/caller.h"

namespace pw::nt {

[[nodiscard]] NamedHandle create_io_completion(const Caller& caller, const ObjectName& name, ACCESS_MASK access,
                                               ULONG concurrency);
[[nodiscard]] Status set_io_completion(const Caller& caller, std::uint64_t port, const io::CompletionPacket& packet);
[[nodiscard]] Status remove_io_completion(const Caller& caller, std::uint64_t port, std::span<io::CompletionPacket> packets,
                                          bool alertable, const LARGE_INTEGER* timeout, std::uint32_t* count);

// NtSetInformationFile for the classes of completion: FileCompletionInformation, FileIoCompletionNotificationInformation.
// STATUS_INVALID_INFO_CLASS for others, STATUS_INFO_LENGTH_MISMATCH.
[[nodiscard]] Status set_file_completion(const Caller& caller, std::uint64_t file, ULONG information_class,
                                         std::span<const std::byte> information);

// NtCancelSynchronousIoFile: the request that the thread waits for. STATUS_NOT_FOUND when there is none.
[[nodiscard]] Status cancel_synchronous_io(const Caller& caller, std::uint64_t thread, std::uint64_t status_block);

}  // namespace pw::nt
