// SPDX-License-Identifier: Apache-2.0
// The application's includes, and pinning, which is the one thing that Win32 does not give us yet.
#pragma once

#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_public.h"

#ifdef __linux__
#include <sched.h>
inline void pin_this_thread(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) fprintf(stderr, "bench_app: cannot run on processor %d\n", cpu);
}
#else
inline void pin_this_thread(int cpu) { SetThreadAffinityMask(GetCurrentThread(), static_cast<DWORD_PTR>(1) << cpu); }
#endif
