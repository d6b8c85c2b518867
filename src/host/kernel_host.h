// SPDX-License-Identifier: Apache-2.0
// KernelHost: composition root: a kernel with its driver loader, its output and its fault policy.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/driver_loader.h"
#include "host/fault_policy.h"
#include "host/report_output.h"
#include "kernel/services/kernel.h"
#include "verifier/verifier.h"

namespace pw::host {

class KernelHost {
public:
    // Null when the kernel cannot start; *error says why in one line. With PARTYWALL_VERIFIER=1 in the environment
    // (`partywall run --verifier`) the verifier watches the drivers. PARTYWALL_LIMITS limits
    // each client (host/limits.h has the form); PARTYWALL_REGISTRY names the file that keeps the registry (`--registry`).
    [[nodiscard]] static std::unique_ptr<KernelHost> create(bool quiet, std::string* error);
    // Unloads the drivers. Every client has been run down.
    ~KernelHost();
    KernelHost(const KernelHost&) = delete;
    KernelHost& operator=(const KernelHost&) = delete;

    [[nodiscard]] nt::Kernel& kernel() { return *kernel_; }
    [[nodiscard]] ReportOutput& output() { return output_; }
    // Why a driver could not be loaded, in one line.
    struct LoadError {
        std::string text;
        bool is_entry_failure = false;  // its DriverEntry said no; else its file was not good
    };
    // Loads a driver; `service_name` empty: the file's name without its ending.
    [[nodiscard]] bool load_driver(const std::string& path, std::string_view service_name, LoadError* error);
    // Starts a stopped driver again, from another file if one is given. On a thread of the System process.
    [[nodiscard]] bool restart_driver(io::ServiceObject& service, const std::string& path, LoadError* error);
    // Loads one driver after the other, up to the first that fails.
    [[nodiscard]] bool load_drivers(const std::vector<std::string>& paths, std::string* error, bool* is_entry_failure);

private:
    explicit KernelHost(bool quiet);

    ReportOutput output_;
    ElfDriverLoader loader_;
    std::unique_ptr<verifier::Verifier> verifier_;  // outlives the kernel, whose observer it is
    std::unique_ptr<nt::Kernel> kernel_;
    std::unique_ptr<FaultPolicy> fault_policy_;
};

}  // namespace pw::host
