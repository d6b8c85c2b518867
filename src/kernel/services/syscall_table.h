// SPDX-License-Identifier: Apache-2.0
// The system-call table: every call, its fields in and out, declared once. Wire structs, validators, tracing and
// dispatch are generated from it (syscall.h); the Win32 side packs the same structs.
//
// Names with Nt are NT's calls. Names with Pw are ours: what on Windows another channel does (the service control
// manager's RPC, the loader's start-up of a process).
#pragma once

// CALL(name): one line per call. The position is the call's number on the wire; append only, see docs/wire.md.
#define PW_SYSTEM_CALLS(CALL)          \
    CALL(NtClose)                      \
    CALL(NtDuplicateObject)            \
    CALL(NtCreateFile)                 \
    CALL(NtDeviceIoControlFile)        \
    CALL(NtReadFile)                   \
    CALL(NtWriteFile)                  \
    CALL(NtCancelIoFileEx)             \
    CALL(NtCreateEvent)                \
    CALL(NtOpenEvent)                  \
    CALL(NtSetEvent)                   \
    CALL(NtResetEvent)                 \
    CALL(NtPulseEvent)                 \
    CALL(NtCreateMutant)               \
    CALL(NtOpenMutant)                 \
    CALL(NtReleaseMutant)              \
    CALL(NtCreateSemaphore)            \
    CALL(NtOpenSemaphore)              \
    CALL(NtReleaseSemaphore)           \
    CALL(NtWaitForSingleObject)        \
    CALL(NtWaitForMultipleObjects)     \
    CALL(NtDelayExecution)             \
    CALL(NtCreateSection)              \
    CALL(NtOpenSection)                \
    CALL(NtQuerySection)               \
    CALL(NtMapViewOfSection)           \
    CALL(NtUnmapViewOfSection)         \
    CALL(NtAllocateVirtualMemory)      \
    CALL(NtFreeVirtualMemory)          \
    CALL(NtProtectVirtualMemory)       \
    CALL(NtQueryVirtualMemory)         \
    CALL(NtLoadDriver)                 \
    CALL(NtUnloadDriver)               \
    CALL(PwCreateThread)               \
    CALL(PwExitThread)                 \
    CALL(PwQueryThread)                \
    CALL(PwAdoptMemory)                \
    CALL(PwScmOpen)                    \
    CALL(PwScmCreateService)           \
    CALL(PwScmOpenService)             \
    CALL(PwScmStartService)            \
    CALL(PwScmControlService)          \
    CALL(PwScmQueryService)            \
    CALL(PwScmDeleteService)           \
    CALL(NtFsControlFile)              \
    CALL(NtQueryInformationFile)       \
    CALL(NtSetInformationFile)         \
    CALL(NtQueryVolumeInformationFile) \
    CALL(NtFlushBuffersFile)           \
    CALL(NtCreateIoCompletion)         \
    CALL(NtSetIoCompletion)            \
    CALL(NtRemoveIoCompletionEx)       \
    CALL(NtCancelSynchronousIoFile)    \
    CALL(NtQueueApcThread)             \
    CALL(PwTakeUserApc)                \
    CALL(NtSignalAndWaitForSingleObject) \
    CALL(NtCreateTimer)                \
    CALL(NtOpenTimer)                  \
    CALL(NtSetTimer)                   \
    CALL(NtCancelTimer)                \
    CALL(PwCreateProcess)              \
    CALL(PwChildStarted)               \
    CALL(PwChildEnded)                 \
    CALL(PwQueryProcess)               \
    CALL(PwExitProcess)                \
    CALL(NtOpenProcess)                \
    CALL(NtTerminateProcess)           \
    CALL(NtOpenThread)                 \
    CALL(NtSuspendThread)              \
    CALL(NtResumeThread)               \
    CALL(PwAwaitResume)                \
    CALL(NtTerminateThread)            \
    CALL(PwThreadPriority)             \
    CALL(PwHandleFlags)                \
    CALL(NtQuerySecurityObject)        \
    CALL(NtSetSecurityObject)          \
    CALL(NtOpenProcessToken)           \
    CALL(NtQueryInformationToken)      \
    CALL(NtAdjustPrivilegesToken)      \
    CALL(NtExtendSection)              \
    CALL(NtFlushVirtualMemory)         \
    CALL(NtLockVirtualMemory)          \
    CALL(NtUnlockVirtualMemory)        \
    CALL(NtReadVirtualMemory)          \
    CALL(NtWriteVirtualMemory)         \
    CALL(NtCreateKey)                  \
    CALL(NtOpenKeyEx)                  \
    CALL(NtDeleteKey)                  \
    CALL(NtFlushKey)                   \
    CALL(NtQueryKey)                   \
    CALL(NtEnumerateKey)               \
    CALL(NtQueryValueKey)              \
    CALL(NtEnumerateValueKey)          \
    CALL(NtSetValueKey)                \
    CALL(NtDeleteValueKey)             \
    CALL(PwInheritHandle)

// PW_IN_<call>(F) and PW_OUT_<call>(F): F(type, name) per field.
#define PW_IN_NtClose(F) F(WireHandle, handle)
#define PW_OUT_NtClose(F)

#define PW_IN_NtDuplicateObject(F)     \
    F(WireHandle, source_process)      \
    F(WireHandle, source)              \
    F(WireHandle, target_process)      \
    F(std::uint32_t, desired_access)   \
    F(std::uint32_t, attributes)       \
    F(std::uint32_t, options)
#define PW_OUT_NtDuplicateObject(F) F(WireHandle, handle)

#define PW_IN_NtCreateFile(F)          \
    F(WireObjectAttributes, object)    \
    F(std::uint32_t, desired_access)   \
    F(std::uint32_t, file_attributes)  \
    F(std::uint32_t, share_access)     \
    F(std::uint32_t, disposition)      \
    F(std::uint32_t, options)          \
    F(std::uint64_t, allocation_bytes)
#define PW_OUT_NtCreateFile(F) \
    F(WireHandle, handle)      \
    F(WireStatusBlock, block)

// `inline_input` carries the input buffer of short buffered requests; otherwise the kernel reads `input`.
// `inline_output_bytes` of output may come back in the reply's payload; the client stores them at `output`.
#define PW_IN_NtDeviceIoControlFile(F)    \
    F(WireHandle, file)                   \
    F(WireHandle, event)                  \
    F(WireAddress, status_block)          \
    F(WireAddress, apc_routine)           \
    F(WireAddress, apc_context)           \
    F(std::uint32_t, code)                \
    F(std::uint32_t, input_bytes)         \
    F(WireAddress, input)                 \
    F(WireAddress, output)                \
    F(std::uint32_t, output_bytes)        \
    F(std::uint32_t, inline_output_limit) \
    F(WireBytes, inline_input)
#define PW_OUT_NtDeviceIoControlFile(F) \
    F(WireStatusBlock, block)           \
    F(std::uint32_t, inline_output_bytes)

#define PW_IN_NtReadFile(F)               \
    F(WireHandle, file)                   \
    F(WireHandle, event)                  \
    F(WireAddress, status_block)          \
    F(WireAddress, apc_routine)           \
    F(WireAddress, apc_context)           \
    F(WireAddress, buffer)                \
    F(std::uint32_t, length_bytes)        \
    F(std::uint32_t, key)                 \
    F(std::int64_t, byte_offset)          \
    F(WireBool, has_byte_offset)
#define PW_OUT_NtReadFile(F) F(WireStatusBlock, block)

#define PW_IN_NtWriteFile(F) PW_IN_NtReadFile(F)
#define PW_OUT_NtWriteFile(F) F(WireStatusBlock, block)

#define PW_IN_NtCancelIoFileEx(F) \
    F(WireHandle, file)           \
    F(WireAddress, status_block)  \
    F(WireBool, this_thread_only)
#define PW_OUT_NtCancelIoFileEx(F)

#define PW_IN_NtCreateEvent(F)       \
    F(WireObjectAttributes, object)  \
    F(std::uint32_t, desired_access) \
    F(std::uint32_t, event_type)     \
    F(WireBool, initial_state)
#define PW_OUT_NtCreateEvent(F) F(WireHandle, handle)

#define PW_IN_NtOpenEvent(F)        \
    F(WireObjectAttributes, object) \
    F(std::uint32_t, desired_access)
#define PW_OUT_NtOpenEvent(F) F(WireHandle, handle)

#define PW_IN_NtSetEvent(F) F(WireHandle, event)
#define PW_OUT_NtSetEvent(F) F(std::int32_t, previous_state)
#define PW_IN_NtResetEvent(F) F(WireHandle, event)
#define PW_OUT_NtResetEvent(F) F(std::int32_t, previous_state)
#define PW_IN_NtPulseEvent(F) F(WireHandle, event)
#define PW_OUT_NtPulseEvent(F) F(std::int32_t, previous_state)

#define PW_IN_NtCreateMutant(F)      \
    F(WireObjectAttributes, object)  \
    F(std::uint32_t, desired_access) \
    F(WireBool, initial_owner)
#define PW_OUT_NtCreateMutant(F) F(WireHandle, handle)
#define PW_IN_NtOpenMutant(F) PW_IN_NtOpenEvent(F)
#define PW_OUT_NtOpenMutant(F) F(WireHandle, handle)
#define PW_IN_NtReleaseMutant(F) F(WireHandle, mutant)
#define PW_OUT_NtReleaseMutant(F) F(std::int32_t, previous_count)

#define PW_IN_NtCreateSemaphore(F)   \
    F(WireObjectAttributes, object)  \
    F(std::uint32_t, desired_access) \
    F(std::int32_t, initial_count)   \
    F(std::int32_t, maximum_count)
#define PW_OUT_NtCreateSemaphore(F) F(WireHandle, handle)
#define PW_IN_NtOpenSemaphore(F) PW_IN_NtOpenEvent(F)
#define PW_OUT_NtOpenSemaphore(F) F(WireHandle, handle)
#define PW_IN_NtReleaseSemaphore(F) \
    F(WireHandle, semaphore)        \
    F(std::int32_t, release_count)
#define PW_OUT_NtReleaseSemaphore(F) F(std::int32_t, previous_count)

#define PW_IN_NtWaitForSingleObject(F) \
    F(WireHandle, object)              \
    F(WireTimeout, timeout)            \
    F(WireBool, alertable)
#define PW_OUT_NtWaitForSingleObject(F)

// `handles`: `count` 64-bit handles in the payload.
#define PW_IN_NtWaitForMultipleObjects(F) \
    F(WireBytes, handles)                 \
    F(std::uint32_t, count)               \
    F(std::uint32_t, wait_type)           \
    F(WireTimeout, timeout)               \
    F(WireBool, alertable)
#define PW_OUT_NtWaitForMultipleObjects(F)

#define PW_IN_NtDelayExecution(F) \
    F(WireTimeout, interval)      \
    F(WireBool, alertable)
#define PW_OUT_NtDelayExecution(F)

#define PW_IN_NtCreateSection(F)        \
    F(WireObjectAttributes, object)     \
    F(std::uint32_t, desired_access)    \
    F(std::uint32_t, page_protection)   \
    F(std::uint32_t, allocation_attributes) \
    F(std::uint64_t, maximum_bytes)     \
    F(WireHandle, file)
#define PW_OUT_NtCreateSection(F) F(WireHandle, handle)
#define PW_IN_NtOpenSection(F) PW_IN_NtOpenEvent(F)
#define PW_OUT_NtOpenSection(F) F(WireHandle, handle)
#define PW_IN_NtQuerySection(F) F(WireHandle, section)
#define PW_OUT_NtQuerySection(F)        \
    F(WireAddress, base)                \
    F(std::uint32_t, allocation_attributes) \
    F(std::uint64_t, maximum_bytes)

#define PW_IN_NtMapViewOfSection(F)     \
    F(WireHandle, section)              \
    F(WireHandle, process)              \
    F(WireAddress, base)                \
    F(std::uint64_t, commit_bytes)      \
    F(std::uint64_t, section_offset)    \
    F(std::uint64_t, view_bytes)        \
    F(std::uint32_t, inherit)           \
    F(std::uint32_t, allocation_type)   \
    F(std::uint32_t, page_protection)   \
    F(WireAddressRequirements, where)
#define PW_OUT_NtMapViewOfSection(F) \
    F(WireAddress, base)             \
    F(std::uint64_t, section_offset) \
    F(std::uint64_t, view_bytes)
#define PW_IN_NtUnmapViewOfSection(F) \
    F(WireHandle, process)            \
    F(WireAddress, base)              \
    F(std::uint32_t, flags)
#define PW_OUT_NtUnmapViewOfSection(F)

#define PW_IN_NtAllocateVirtualMemory(F) \
    F(WireHandle, process)               \
    F(WireAddress, base)                 \
    F(std::uint64_t, region_bytes)       \
    F(std::uint32_t, allocation_type)    \
    F(std::uint32_t, page_protection)    \
    F(WireAddressRequirements, where)
#define PW_OUT_NtAllocateVirtualMemory(F) \
    F(WireAddress, base)                  \
    F(std::uint64_t, region_bytes)
#define PW_IN_NtFreeVirtualMemory(F) \
    F(WireHandle, process)           \
    F(WireAddress, base)             \
    F(std::uint64_t, region_bytes)   \
    F(std::uint32_t, free_type)
#define PW_OUT_NtFreeVirtualMemory(F) \
    F(WireAddress, base)              \
    F(std::uint64_t, region_bytes)
#define PW_IN_NtProtectVirtualMemory(F) \
    F(WireHandle, process)              \
    F(WireAddress, base)                \
    F(std::uint64_t, region_bytes)      \
    F(std::uint32_t, page_protection)
#define PW_OUT_NtProtectVirtualMemory(F) \
    F(WireAddress, base)                 \
    F(std::uint64_t, region_bytes)       \
    F(std::uint32_t, old_protection)
#define PW_IN_NtQueryVirtualMemory(F) \
    F(WireHandle, process)            \
    F(WireAddress, address)
#define PW_OUT_NtQueryVirtualMemory(F)      \
    F(WireAddress, base)                    \
    F(WireAddress, allocation_base)         \
    F(std::uint64_t, region_bytes)          \
    F(std::uint32_t, allocation_protection) \
    F(std::uint32_t, state)                 \
    F(std::uint32_t, protection)            \
    F(std::uint32_t, type)

// `service`: \Registry\Machine\System\CurrentControlSet\Services\<name>, as documented for ZwLoadDriver.
#define PW_IN_NtLoadDriver(F) F(WireString, service)
#define PW_OUT_NtLoadDriver(F)
#define PW_IN_NtUnloadDriver(F) F(WireString, service)
#define PW_OUT_NtUnloadDriver(F)

// A thread object for a thread that the caller is about to start; the new thread attaches with `token`.
#define PW_IN_PwCreateThread(F) F(std::uint32_t, desired_access)
#define PW_OUT_PwCreateThread(F) \
    F(WireHandle, handle)        \
    F(std::uint64_t, token)      \
    F(std::uint32_t, thread_id)
#define PW_IN_PwExitThread(F) F(std::uint32_t, exit_code)
#define PW_OUT_PwExitThread(F)
#define PW_IN_PwQueryThread(F) F(WireHandle, thread)
#define PW_OUT_PwQueryThread(F)      \
    F(std::uint32_t, exit_code)      \
    F(std::uint32_t, thread_id)

// Gives a range of the caller's own memory (statics, a stack) to a new segment at its address; the mapping request that
// follows asks the client to keep the contents. kind: see mm::SegmentKind names in memory/segment.h.
#define PW_IN_PwAdoptMemory(F) \
    F(WireAddress, base)       \
    F(std::uint64_t, region_bytes) \
    F(std::uint32_t, page_protection) \
    F(std::uint32_t, kind)
#define PW_OUT_PwAdoptMemory(F) F(WireAddress, base)

// The service control manager, as far as kernel drivers need it. Handles are ordinary handles.
#define PW_IN_PwScmOpen(F) F(std::uint32_t, desired_access)
#define PW_OUT_PwScmOpen(F) F(WireHandle, handle)
#define PW_IN_PwScmCreateService(F)  \
    F(WireHandle, manager)           \
    F(WireString, service)           \
    F(WireString, display_name)      \
    F(WireString, binary_path)       \
    F(std::uint32_t, desired_access) \
    F(std::uint32_t, service_type)   \
    F(std::uint32_t, start_type)     \
    F(std::uint32_t, error_control)
#define PW_OUT_PwScmCreateService(F) \
    F(WireHandle, handle)            \
    F(std::uint32_t, win32_error)
#define PW_IN_PwScmOpenService(F) \
    F(WireHandle, manager)        \
    F(WireString, service)        \
    F(std::uint32_t, desired_access)
#define PW_OUT_PwScmOpenService(F) \
    F(WireHandle, handle)          \
    F(std::uint32_t, win32_error)
#define PW_IN_PwScmStartService(F) F(WireHandle, service)
#define PW_OUT_PwScmStartService(F) F(std::uint32_t, win32_error)
#define PW_IN_PwScmControlService(F) \
    F(WireHandle, service)           \
    F(std::uint32_t, control)
#define PW_OUT_PwScmControlService(F) \
    F(std::uint32_t, win32_error)     \
    F(std::uint32_t, current_state)   \
    F(std::uint32_t, service_type)    \
    F(std::uint32_t, controls_accepted) \
    F(std::uint32_t, exit_code)
#define PW_IN_PwScmQueryService(F) F(WireHandle, service)
#define PW_OUT_PwScmQueryService(F) PW_OUT_PwScmControlService(F)
#define PW_IN_PwScmDeleteService(F) F(WireHandle, service)
#define PW_OUT_PwScmDeleteService(F) F(std::uint32_t, win32_error)

// File information: answered by the I/O manager or by the driver; the caller waits.
#define PW_IN_NtFsControlFile(F) PW_IN_NtDeviceIoControlFile(F)
#define PW_OUT_NtFsControlFile(F) PW_OUT_NtDeviceIoControlFile(F)
#define PW_IN_NtQueryInformationFile(F) \
    F(WireHandle, file)                 \
    F(WireAddress, buffer)              \
    F(std::uint32_t, length_bytes)      \
    F(std::uint32_t, information_class)
#define PW_OUT_NtQueryInformationFile(F) F(WireStatusBlock, block)
#define PW_IN_NtSetInformationFile(F) PW_IN_NtQueryInformationFile(F)
#define PW_OUT_NtSetInformationFile(F) F(WireStatusBlock, block)
#define PW_IN_NtQueryVolumeInformationFile(F) PW_IN_NtQueryInformationFile(F)
#define PW_OUT_NtQueryVolumeInformationFile(F) F(WireStatusBlock, block)
#define PW_IN_NtFlushBuffersFile(F) F(WireHandle, file)
#define PW_OUT_NtFlushBuffersFile(F) F(WireStatusBlock, block)
#define PW_IN_NtCreateIoCompletion(F) \
    F(WireObjectAttributes, object)   \
    F(std::uint32_t, desired_access)  \
    F(std::uint32_t, concurrency)
#define PW_OUT_NtCreateIoCompletion(F) F(WireHandle, handle)
#define PW_IN_NtSetIoCompletion(F)   \
    F(WireHandle, port)              \
    F(std::uint64_t, key)            \
    F(std::uint64_t, apc_context)    \
    F(std::int32_t, status)          \
    F(std::uint64_t, information)
#define PW_OUT_NtSetIoCompletion(F)
// The reply's payload: `removed` packets, each a WirePacket (wire_types.h).
#define PW_IN_NtRemoveIoCompletionEx(F) \
    F(WireHandle, port)                 \
    F(std::uint32_t, count)             \
    F(WireTimeout, timeout)             \
    F(WireBool, alertable)
#define PW_OUT_NtRemoveIoCompletionEx(F) F(std::uint32_t, removed)

#define PW_IN_NtCancelSynchronousIoFile(F) \
    F(WireHandle, thread)                  \
    F(WireAddress, status_block)
#define PW_OUT_NtCancelSynchronousIoFile(F)

// kind: ps::UserApcKind.
#define PW_IN_NtQueueApcThread(F)   \
    F(WireHandle, thread)           \
    F(std::uint32_t, kind)          \
    F(WireAddress, routine)         \
    F(std::uint64_t, argument1)     \
    F(std::uint64_t, argument2)     \
    F(std::uint64_t, argument3)
#define PW_OUT_NtQueueApcThread(F)
// The calling thread's oldest user APC, after a wait that ended with STATUS_USER_APC.
#define PW_IN_PwTakeUserApc(F)
#define PW_OUT_PwTakeUserApc(F)     \
    F(std::uint32_t, kind)          \
    F(WireAddress, routine)         \
    F(std::uint64_t, argument1)     \
    F(std::uint64_t, argument2)     \
    F(std::uint64_t, argument3)
#define PW_IN_NtSignalAndWaitForSingleObject(F) \
    F(WireHandle, signal)                       \
    F(WireHandle, wait)                         \
    F(WireTimeout, timeout)                     \
    F(WireBool, alertable)
#define PW_OUT_NtSignalAndWaitForSingleObject(F)

#define PW_IN_NtCreateTimer(F)       \
    F(WireObjectAttributes, object)  \
    F(std::uint32_t, desired_access) \
    F(std::uint32_t, timer_type)
#define PW_OUT_NtCreateTimer(F) F(WireHandle, handle)
#define PW_IN_NtOpenTimer(F) PW_IN_NtOpenEvent(F)
#define PW_OUT_NtOpenTimer(F) F(WireHandle, handle)
#define PW_IN_NtSetTimer(F)           \
    F(WireHandle, timer)              \
    F(std::int64_t, due_time_100ns)   \
    F(WireAddress, apc_routine)       \
    F(WireAddress, apc_context)       \
    F(WireBool, resume)               \
    F(std::int32_t, period_ms)
#define PW_OUT_NtSetTimer(F) F(WireBool, previous_state)
#define PW_IN_NtCancelTimer(F) F(WireHandle, timer)
#define PW_OUT_NtCancelTimer(F) F(WireBool, current_state)

// The object of a process that the caller is about to start, and of its main thread; it connects with `token`.
#define PW_IN_PwCreateProcess(F)         \
    F(WireString, image_name)            \
    F(WireBool, inherits_handles)        \
    F(WireBool, is_suspended)            \
    F(std::uint32_t, process_attributes) \
    F(std::uint32_t, thread_attributes)
#define PW_OUT_PwCreateProcess(F) \
    F(WireHandle, process)        \
    F(WireHandle, thread)         \
    F(std::uint32_t, token)       \
    F(std::uint32_t, thread_id)
#define PW_IN_PwChildStarted(F) \
    F(std::uint32_t, token)     \
    F(std::uint32_t, process_id)
#define PW_OUT_PwChildStarted(F)
#define PW_IN_PwChildEnded(F) \
    F(std::uint32_t, token)   \
    F(std::uint32_t, exit_code)
#define PW_OUT_PwChildEnded(F)
#define PW_IN_PwQueryProcess(F) F(WireHandle, process)
#define PW_OUT_PwQueryProcess(F)  \
    F(std::uint32_t, process_id)  \
    F(std::uint32_t, exit_code)
// The caller's process is about to end with this code.
#define PW_IN_PwExitProcess(F) F(std::uint32_t, exit_code)
#define PW_OUT_PwExitProcess(F)
#define PW_IN_NtOpenProcess(F)       \
    F(std::uint32_t, desired_access) \
    F(std::uint32_t, attributes)     \
    F(std::uint32_t, process_id)
#define PW_OUT_NtOpenProcess(F) F(WireHandle, handle)
// ends_itself: the process has no connection, or is the caller's: the client ends it.
#define PW_IN_NtTerminateProcess(F) \
    F(WireHandle, process)          \
    F(std::uint32_t, exit_code)
#define PW_OUT_NtTerminateProcess(F) F(WireBool, ends_itself)
#define PW_IN_NtOpenThread(F)        \
    F(std::uint32_t, desired_access) \
    F(std::uint32_t, attributes)     \
    F(std::uint32_t, thread_id)
#define PW_OUT_NtOpenThread(F) F(WireHandle, handle)
// thread_id: of a thread of the caller's process; 0: of another one.
#define PW_IN_NtSuspendThread(F) F(WireHandle, thread)
#define PW_OUT_NtSuspendThread(F)    \
    F(std::uint32_t, previous_count) \
    F(std::uint32_t, thread_id)
#define PW_IN_NtResumeThread(F) F(WireHandle, thread)
#define PW_OUT_NtResumeThread(F) PW_OUT_NtSuspendThread(F)
#define PW_IN_PwAwaitResume(F)
#define PW_OUT_PwAwaitResume(F)
#define PW_IN_NtTerminateThread(F) \
    F(WireHandle, thread)          \
    F(std::uint32_t, exit_code)
#define PW_OUT_NtTerminateThread(F) F(std::uint32_t, thread_id)
#define PW_IN_PwThreadPriority(F) \
    F(WireHandle, thread)         \
    F(WireBool, has_value)        \
    F(std::int32_t, value)
#define PW_OUT_PwThreadPriority(F) F(std::int32_t, value)
// Flags of SetHandleInformation; mask 0 asks only.
#define PW_IN_PwHandleFlags(F) \
    F(WireHandle, handle)      \
    F(std::uint32_t, mask)     \
    F(std::uint32_t, flags)
#define PW_OUT_PwHandleFlags(F) F(std::uint32_t, flags)

// The descriptor comes back in the reply's payload, self-relative, when it fits into length_bytes.
#define PW_IN_NtQuerySecurityObject(F) \
    F(WireHandle, handle)              \
    F(std::uint32_t, information)      \
    F(std::uint32_t, length_bytes)
#define PW_OUT_NtQuerySecurityObject(F) F(std::uint32_t, needed_bytes)
#define PW_IN_NtSetSecurityObject(F) \
    F(WireHandle, handle)            \
    F(std::uint32_t, information)    \
    F(WireBytes, descriptor)
#define PW_OUT_NtSetSecurityObject(F)
#define PW_IN_NtOpenProcessToken(F)  \
    F(WireHandle, process)           \
    F(std::uint32_t, desired_access) \
    F(std::uint32_t, attributes)
#define PW_OUT_NtOpenProcessToken(F) F(WireHandle, handle)
// The answer comes back in the reply's payload, with offsets in place of pointers (security_format/token_layout.h).
#define PW_IN_NtQueryInformationToken(F) \
    F(WireHandle, token)                 \
    F(std::uint32_t, information_class)  \
    F(std::uint32_t, length_bytes)
#define PW_OUT_NtQueryInformationToken(F) F(std::uint32_t, needed_bytes)
// Privileges are below 64: sets of bits.
#define PW_IN_NtAdjustPrivilegesToken(F) \
    F(WireHandle, token)                 \
    F(WireBool, disable_all)             \
    F(WireBool, names_unknown_ones)      \
    F(std::uint64_t, enable)             \
    F(std::uint64_t, disable)
#define PW_OUT_NtAdjustPrivilegesToken(F) \
    F(std::uint64_t, changed)             \
    F(std::uint64_t, enabled_before)


#define PW_IN_NtExtendSection(F) \
    F(WireHandle, section)       \
    F(std::uint64_t, size_bytes)
#define PW_OUT_NtExtendSection(F) F(std::uint64_t, size_bytes)
#define PW_IN_NtFlushVirtualMemory(F) \
    F(WireHandle, process)            \
    F(WireAddress, base)              \
    F(std::uint64_t, region_bytes)
#define PW_OUT_NtFlushVirtualMemory(F) \
    F(WireAddress, base)               \
    F(std::uint64_t, region_bytes)
#define PW_IN_NtLockVirtualMemory(F) \
    F(WireHandle, process)           \
    F(WireAddress, base)             \
    F(std::uint64_t, region_bytes)   \
    F(std::uint32_t, map_type)
#define PW_OUT_NtLockVirtualMemory(F) PW_OUT_NtFlushVirtualMemory(F)
#define PW_IN_NtUnlockVirtualMemory(F) PW_IN_NtLockVirtualMemory(F)
#define PW_OUT_NtUnlockVirtualMemory(F) PW_OUT_NtFlushVirtualMemory(F)
// `base` lies in `process`, `buffer` in the calling one.
#define PW_IN_NtReadVirtualMemory(F) \
    F(WireHandle, process)           \
    F(WireAddress, base)             \
    F(WireAddress, buffer)           \
    F(std::uint64_t, length_bytes)
#define PW_OUT_NtReadVirtualMemory(F) F(std::uint64_t, done_bytes)
#define PW_IN_NtWriteVirtualMemory(F) PW_IN_NtReadVirtualMemory(F)
#define PW_OUT_NtWriteVirtualMemory(F) F(std::uint64_t, done_bytes)

// The registry. Names of values may be longer than a payload: the kernel reads them where they are. An answer goes to `buffer`.
#define PW_IN_NtCreateKey(F)         \
    F(WireObjectAttributes, object)  \
    F(std::uint32_t, desired_access) \
    F(WireString, class_name)        \
    F(std::uint32_t, options)
#define PW_OUT_NtCreateKey(F) \
    F(WireHandle, handle)     \
    F(std::uint32_t, disposition)
#define PW_IN_NtOpenKeyEx(F)         \
    F(WireObjectAttributes, object)  \
    F(std::uint32_t, desired_access) \
    F(std::uint32_t, options)
#define PW_OUT_NtOpenKeyEx(F) F(WireHandle, handle)
#define PW_IN_NtDeleteKey(F) F(WireHandle, key)
#define PW_OUT_NtDeleteKey(F)
#define PW_IN_NtFlushKey(F) F(WireHandle, key)
#define PW_OUT_NtFlushKey(F)
#define PW_IN_NtQueryKey(F)             \
    F(WireHandle, key)                  \
    F(std::uint32_t, information_class) \
    F(WireAddress, buffer)              \
    F(std::uint32_t, length_bytes)
#define PW_OUT_NtQueryKey(F) F(std::uint32_t, result_bytes)
#define PW_IN_NtEnumerateKey(F)         \
    F(WireHandle, key)                  \
    F(std::uint32_t, index)             \
    F(std::uint32_t, information_class) \
    F(WireAddress, buffer)              \
    F(std::uint32_t, length_bytes)
#define PW_OUT_NtEnumerateKey(F) F(std::uint32_t, result_bytes)
#define PW_IN_NtQueryValueKey(F)        \
    F(WireHandle, key)                  \
    F(WireAddress, name)                \
    F(std::uint32_t, name_bytes)        \
    F(std::uint32_t, information_class) \
    F(WireAddress, buffer)              \
    F(std::uint32_t, length_bytes)
#define PW_OUT_NtQueryValueKey(F) F(std::uint32_t, result_bytes)
#define PW_IN_NtEnumerateValueKey(F) PW_IN_NtEnumerateKey(F)
#define PW_OUT_NtEnumerateValueKey(F) F(std::uint32_t, result_bytes)
#define PW_IN_NtSetValueKey(F)   \
    F(WireHandle, key)           \
    F(WireAddress, name)         \
    F(std::uint32_t, name_bytes) \
    F(std::uint32_t, type)       \
    F(WireAddress, data)         \
    F(std::uint32_t, data_bytes)
#define PW_OUT_NtSetValueKey(F)
#define PW_IN_NtDeleteValueKey(F) \
    F(WireHandle, key)            \
    F(WireAddress, name)          \
    F(std::uint32_t, name_bytes)
#define PW_OUT_NtDeleteValueKey(F)
// One handle of the caller for a process that it has announced without inheritance and not started yet.
#define PW_IN_PwInheritHandle(F) \
    F(std::uint32_t, token)      \
    F(WireHandle, handle)
#define PW_OUT_PwInheritHandle(F)
