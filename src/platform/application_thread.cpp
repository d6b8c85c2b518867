// SPDX-License-Identifier: Apache-2.0
#include "platform/application_thread.h"

#include <pthread.h>

#include <new>

namespace pw::platform {
namespace {

struct Start {
    void (*routine)(void*);
    void* argument;
};

void* run(void* raw) {
    const Start start = *static_cast<Start*>(raw);
    delete static_cast<Start*>(raw);
    start.routine(start.argument);
    return nullptr;
}

}  // namespace

bool start_application_thread(void (*routine)(void*), void* argument, std::size_t stack_bytes) {
    auto* start = new (std::nothrow) Start{routine, argument};
    if (start == nullptr) return false;
    pthread_attr_t attributes;
    bool ok = ::pthread_attr_init(&attributes) == 0;
    if (ok) {
        ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        ok = stack_bytes == 0 || ::pthread_attr_setstacksize(&attributes, stack_bytes) == 0;
        pthread_t thread;
        ok = ok && ::pthread_create(&thread, &attributes, run, start) == 0;
        ::pthread_attr_destroy(&attributes);
    }
    if (!ok) delete start;
    return ok;
}

}  // namespace pw::platform
