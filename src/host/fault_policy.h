// SPDX-License-Identifier: Apache-2.0
// What happens to a fault in kernel code: a page appears, an exception, or a bug check (design D6).
#pragma once

#include "kernel/services/kernel.h"

namespace pw::host {

// Connects faults, unhandled exceptions and bug-check reports of this process to `kernel`; the destructor disconnects.
// One at a time.
class FaultPolicy {
public:
    explicit FaultPolicy(nt::Kernel& kernel);
    ~FaultPolicy();
    FaultPolicy(const FaultPolicy&) = delete;
    FaultPolicy& operator=(const FaultPolicy&) = delete;
};

}  // namespace pw::host
