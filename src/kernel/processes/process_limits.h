// SPDX-License-Identifier: Apache-2.0
// ProcessLimits: how much of the host one process may take.
#pragma once

#include <cstdint>

namespace pw::ps {

// The defaults are what a large program of one user needs; the System process and drivers are not limited by them.
struct ProcessLimits {
    std::uint32_t max_handles = 65536;           // STATUS_QUOTA_EXCEEDED
    std::uint32_t max_threads = 1024;            // STATUS_QUOTA_EXCEEDED
    std::uint32_t max_pending_requests = 16384;  // overlapped; STATUS_QUOTA_EXCEEDED
    std::uint32_t max_named_objects = 16384;     // STATUS_QUOTA_EXCEEDED
    std::uint32_t max_segments = 4096;           // sections and VirtualAlloc regions, a descriptor each: STATUS_QUOTA_EXCEEDED
    std::uint64_t max_committed_pages = std::uint64_t{1} << 24;  // 64 GiB; STATUS_COMMITMENT_LIMIT
    std::uint64_t max_locked_pages = std::uint64_t{1} << 21;     // 8 GiB in MDLs; STATUS_WORKING_SET_QUOTA
};

}  // namespace pw::ps
