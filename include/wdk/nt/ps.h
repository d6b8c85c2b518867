// SPDX-License-Identifier: Apache-2.0
// Processes and threads (Ps).
#ifndef PW_NT_PS_H
#define PW_NT_PS_H

#include <nt/io_types.h>

typedef struct _KERNEL_USER_TIMES {
  LARGE_INTEGER CreateTime;
  LARGE_INTEGER ExitTime;
  LARGE_INTEGER KernelTime;
  LARGE_INTEGER UserTime;
} KERNEL_USER_TIMES, *PKERNEL_USER_TIMES;

PW_API_BEGIN
extern PEPROCESS PsInitialSystemProcess;

NTSTATUS NTAPI PsCreateSystemThread(PHANDLE ThreadHandle, ULONG DesiredAccess,
                                    POBJECT_ATTRIBUTES ObjectAttributes, HANDLE ProcessHandle,
                                    PCLIENT_ID ClientId, PKSTART_ROUTINE StartRoutine,
                                    PVOID StartContext);
NTSTATUS NTAPI IoCreateSystemThread(PVOID IoObject, PHANDLE ThreadHandle, ULONG DesiredAccess,
                                    POBJECT_ATTRIBUTES ObjectAttributes, HANDLE ProcessHandle,
                                    PCLIENT_ID ClientId, PKSTART_ROUTINE StartRoutine,
                                    PVOID StartContext);
NTSTATUS NTAPI PsTerminateSystemThread(NTSTATUS ExitStatus);
NTSTATUS NTAPI PsWrapApcWow64Thread(PVOID* ApcContext, PVOID* ApcRoutine);
PETHREAD NTAPI PsGetCurrentThread(void);
PEPROCESS NTAPI PsGetCurrentProcess(void);
PEPROCESS NTAPI IoGetCurrentProcess(void);
HANDLE NTAPI PsGetCurrentProcessId(void);
HANDLE NTAPI PsGetCurrentThreadId(void);
HANDLE NTAPI PsGetProcessId(PEPROCESS Process);
HANDLE NTAPI PsGetThreadId(PETHREAD Thread);
HANDLE NTAPI PsGetThreadProcessId(PETHREAD Thread);
PEPROCESS NTAPI PsGetThreadProcess(PETHREAD Thread);
LONGLONG NTAPI PsGetProcessCreateTimeQuadPart(PEPROCESS Process);
LONGLONG NTAPI PsGetThreadCreateTime(PETHREAD Thread);
NTSTATUS NTAPI PsGetProcessExitStatus(PEPROCESS Process);
NTSTATUS NTAPI PsGetThreadExitStatus(PETHREAD Thread);
PVOID NTAPI PsGetThreadProperty(PETHREAD Thread, ULONG_PTR Key, ULONG Flags);
ULONG NTAPI PsGetProcessSessionId(PEPROCESS Process);
NTSTATUS NTAPI PsLookupProcessByProcessId(HANDLE ProcessId, PEPROCESS* Process);
NTSTATUS NTAPI PsLookupThreadByThreadId(HANDLE ThreadId, PETHREAD* Thread);
BOOLEAN NTAPI PsIsSystemThread(PETHREAD Thread);
BOOLEAN NTAPI PsIsThreadTerminating(PETHREAD Thread);
BOOLEAN NTAPI PsIsSystemProcess(PEPROCESS Process);
BOOLEAN NTAPI PsGetVersion(PULONG MajorVersion, PULONG MinorVersion, PULONG BuildNumber,
                           PUNICODE_STRING CSDVersion);
PACCESS_TOKEN NTAPI PsReferencePrimaryToken(PEPROCESS Process);
void NTAPI PsDereferencePrimaryToken(PACCESS_TOKEN PrimaryToken);
PACCESS_TOKEN NTAPI PsReferenceImpersonationToken(PETHREAD Thread, PBOOLEAN CopyOnOpen,
                                                  PBOOLEAN EffectiveOnly,
                                                  SECURITY_IMPERSONATION_LEVEL* Level);
void NTAPI PsDereferenceImpersonationToken(PACCESS_TOKEN ImpersonationToken);
NTSTATUS NTAPI PsChargeProcessPoolQuota(PEPROCESS Process, ULONG PoolType, ULONG_PTR Amount);
void NTAPI PsChargePoolQuota(PEPROCESS Process, ULONG PoolType, ULONG_PTR Amount);
void NTAPI PsReturnPoolQuota(PEPROCESS Process, ULONG PoolType, ULONG_PTR Amount);
NTSTATUS NTAPI PsAssignImpersonationToken(PETHREAD Thread, HANDLE Token);
void NTAPI PsRevertToSelf(void);
PW_API_END

#endif
