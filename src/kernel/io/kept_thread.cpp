// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/kept_thread.h"

#include "kernel/processes/thread.h"

namespace pw::io {

void KeptThread::main(PVOID context) {
    auto* self = static_cast<KeptThread*>(context);
    const PKSTART_ROUTINE routine = self->routine_;
    const PVOID argument = self->context_;
    ps::Thread::current()->kept_object = std::move(self->object_);
    delete self;
    routine(argument);
}

}  // namespace pw::io
