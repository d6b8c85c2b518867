// SPDX-License-Identifier: Apache-2.0
// Verifier: owns the rules and connects them to a kernel's observer interfaces.
#pragma once

#include "kernel/services/kernel.h"
#include "verifier/pool_rules.h"
#include "verifier/request_rules.h"

namespace pw::verifier {

class Verifier final : public io::DriverObserver {
public:
    // Connects. Before the kernel's first driver is loaded; the kernel outlives the connection.
    explicit Verifier(nt::Kernel& kernel);
    // Its drivers are unloaded: nothing observes from now on.
    void disconnect();

    void loading(io::DriverObject& driver) override;
    // Bug check DRIVER_VERIFIER_DETECTED_VIOLATION, 0x62: "a driver has forgotten to free its pool allocations".
    void unloaded(io::DriverObject& driver) override;

private:
    nt::Kernel& kernel_;
    DriverImages images_;
    RequestRules requests_{images_};
    PoolRules pool_{images_};
};

}  // namespace pw::verifier
