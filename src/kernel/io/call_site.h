// SPDX-License-Identifier: Apache-2.0
// Which driver and control code a request is counted for (mm::BounceStatistics).
#pragma once

#include "kernel/io/driver.h"
#include "kernel/memory/bounce_statistics.h"

namespace pw::io {

// `driver` must live as long as the call site is used.
[[nodiscard]] inline mm::CallSite call_site_of(const DriverObject& driver, std::uint8_t major_function,
                                               std::uint32_t control_code) {
    mm::CallSite site;
    site.driver_key = driver.statistics_key();
    site.control_code = control_code;
    site.major_function = major_function;
    site.driver_name = [](const void* named) { return static_cast<const DriverObject*>(named)->display_name(); };
    site.driver = &driver;
    return site;
}

}  // namespace pw::io
