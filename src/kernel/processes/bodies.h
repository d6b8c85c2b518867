// SPDX-License-Identifier: Apache-2.0
// The NT bodies of process and thread objects. Undocumented beyond "starts with a DISPATCHER_HEADER, so one can wait on it".
#pragma once

#include <nt/ps.h>

struct _KPROCESS {
    DISPATCHER_HEADER Header;
};

struct _KTHREAD {
    DISPATCHER_HEADER Header;
};
