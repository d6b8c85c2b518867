// SPDX-License-Identifier: Apache-2.0
// Façade: APCs of drivers (Ke).
#include <nt/ke_apc.h>

#include "kernel/dispatcher/kernel_apc.h"
#include "kernel/processes/thread_apc.h"
#include "wdk_api/current.h"

using namespace pw;

extern "C" {

void NTAPI KeInitializeApc(PRKAPC apc, PKTHREAD thread, KAPC_ENVIRONMENT environment, PKKERNEL_ROUTINE kernel_routine,
                           PKRUNDOWN_ROUTINE rundown_routine, PKNORMAL_ROUTINE normal_routine, KPROCESSOR_MODE mode,
                           PVOID normal_context) {
    ke::initialize_apc(*apc, thread, ps::apc_state_index(thread, environment),
                       {.kernel = kernel_routine, .rundown = rundown_routine, .normal = normal_routine}, mode, normal_context);
}

BOOLEAN NTAPI KeInsertQueueApc(PRKAPC apc, PVOID argument1, PVOID argument2, KPRIORITY) {
    return ps::insert_apc(*apc, argument1, argument2);
}

BOOLEAN NTAPI KeRemoveQueueApc(PRKAPC apc) { return ps::remove_apc(*apc); }

}  // extern "C"
