// SPDX-License-Identifier: Apache-2.0
// KernelHost: composition root: a kernel with its driver loader, its output and its fault policy.
#pragma once

#include <memory>
#include <string>

#include "host/driver_loader.h"
#include "host/fault_policy.h"
#include "host/report_output.h"
#include "kernel/services/kernel.h"
#include "verifier/verifier.h"

namespace pw::host {

class KernelHost {
public:
    // Null when the kernel cannot start; *error says why in one line. With PARTYWALL_VERIFIER=1 in the environment
    // (`partywall run --verifier`) the verifier watches the drivers.
    [[nodiscard]] static std::unique_ptr<KernelHost> create(bool quiet, std::string* error);
    // Unloads the drivers. Every client has been run down.
    ~KernelHost();
    KernelHost(const KernelHost&) = delete;
    KernelHost& operator=(const KernelHost&) = delete;

    [[nodiscard]] nt::Kernel& kernel() { return *kernel_; }
    [[nodiscard]] ReportOutput& output() { return output_; }
    // Loads one driver after the other. False: *error is one line about the first that failed, *is_entry_failure whether
    // its DriverEntry said no (else its file was not good).
    [[nodiscard]] bool load_drivers(const std::vector<std::string>& paths, std::string* error, bool* is_entry_failure);

private:
    explicit KernelHost(bool quiet);

    ReportOutput output_;
    std::string last_load_error_;
    ElfDriverLoader loader_;
    std::unique_ptr<verifier::Verifier> verifier_;  // outlives the kernel, whose observer it is
    std::unique_ptr<nt::Kernel> kernel_;
    std::unique_ptr<FaultPolicy> fault_policy_;
};

}  // namespace pw::host
