// SPDX-License-Identifier: Apache-2.0
// APCs that a driver queues. As in the WDK, no header that drivers usually include declares these: whoever uses them has
// declarations of his own, the enumeration among them. The routines link either way.
#ifndef PW_WDK_NT_KE_APC_H
#define PW_WDK_NT_KE_APC_H

#include <nt/ke_types.h>

typedef enum _KAPC_ENVIRONMENT {
  OriginalApcEnvironment,
  AttachedApcEnvironment,
  CurrentApcEnvironment,
  InsertApcEnvironment
} KAPC_ENVIRONMENT;

PW_API_BEGIN
// Fills in the caller's KAPC, which must stay until it has run. Without NormalRoutine: a special kernel APC. With KernelMode: a
// normal one, whose KernelRoutine runs at APC_LEVEL and whose NormalRoutine runs at PASSIVE_LEVEL afterwards. With
// UserMode: NormalRoutine is the application's and runs when the thread waits alertably. Any IRQL.
void NTAPI KeInitializeApc(PRKAPC Apc, PKTHREAD Thread, KAPC_ENVIRONMENT Environment,
                           PKKERNEL_ROUTINE KernelRoutine, PKRUNDOWN_ROUTINE RundownRoutine,
                           PKNORMAL_ROUTINE NormalRoutine, KPROCESSOR_MODE ProcessorMode,
                           PVOID NormalContext);
// FALSE: queued already, or the thread ends. IRQL <= DISPATCH_LEVEL.
BOOLEAN NTAPI KeInsertQueueApc(PRKAPC Apc, PVOID SystemArgument1, PVOID SystemArgument2,
                               KPRIORITY Increment);
// FALSE: it was not queued. IRQL <= DISPATCH_LEVEL.
BOOLEAN NTAPI KeRemoveQueueApc(PRKAPC Apc);
PW_API_END

#endif
