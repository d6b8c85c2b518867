// SPDX-License-Identifier: Apache-2.0
// The NT body of a thread: what drivers know it by (PKTHREAD, PETHREAD). Undocumented beyond "starts with a DISPATCHER_HEADER,
// so one can wait on it".
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {
class Thread;
}

struct _KTHREAD {
    DISPATCHER_HEADER Header;
    pw::ke::Thread* thread;
};
