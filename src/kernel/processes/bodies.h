// SPDX-License-Identifier: Apache-2.0
// The NT body of a process object (a thread's: dispatcher/thread_body.h). Undocumented beyond "starts with a DISPATCHER_HEADER, so one can wait on it".
#pragma once

#include <nt/ps.h>

#include "kernel/dispatcher/thread_body.h"

struct _KPROCESS {
    DISPATCHER_HEADER Header;
};
