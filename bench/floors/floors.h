// SPDX-License-Identifier: Apache-2.0
// The floors: what the machine itself costs for the things that sharing memory is made of. Each function measures one
// family, two processes where two are needed, and adds its rows. The caller is pinned to arguments.cpu_a.
#pragma once

#include "harness/arguments.h"
#include "harness/report.h"

namespace pw::bench::floors {

void measure_ping_pongs(const Arguments& arguments, Report& report); // spin, futex, eventfd: round trips of 64 bytes
void measure_null_system_call(const Arguments& arguments, Report& report);
void measure_ring(const Arguments& arguments, Report& report);      // one-way messages of 64 bytes
void measure_bandwidth(const Arguments& arguments, Report& report); // memcpy
void measure_mapping(const Arguments& arguments, Report& report);   // mmap, munmap, first touch

} // namespace pw::bench::floors
