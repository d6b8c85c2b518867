// SPDX-License-Identifier: Apache-2.0
// IoCreateSystemThread: a system thread that keeps a driver or device object referenced until its routine has returned.
#pragma once

#include <nt/ps.h>

#include <new>

#include "kernel/objects/object.h"

namespace pw::io {

class KeptThread {
public:
    // Null when memory is short.
    [[nodiscard]] static KeptThread* create(ob::Object& object, PKSTART_ROUTINE routine, PVOID context) {
        return new (std::nothrow) KeptThread(object, routine, context);
    }
    // The start routine; frees the context. A thread that ends with PsTerminateSystemThread takes the reference along, as it
    // leaves its frames: so the reference is handed to the thread's end before the routine runs.
    static void main(PVOID context);
    // No thread was started.
    void destroy() { delete this; }

private:
    KeptThread(ob::Object& object, PKSTART_ROUTINE routine, PVOID context)
        : object_(&object), routine_(routine), context_(context) {}
    Ref<ob::Object> object_;
    const PKSTART_ROUTINE routine_;
    const PVOID context_;
};

}  // namespace pw::io
