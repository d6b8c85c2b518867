#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Writes win32_layout_test.cpp: compiles a probe with mingw-w64's headers and reads the numbers from its assembly.
import os
import subprocess,re
T={'OVERLAPPED':'Internal InternalHigh Offset OffsetHigh Pointer hEvent','OVERLAPPED_ENTRY':'lpCompletionKey lpOverlapped Internal dwNumberOfBytesTransferred','SECURITY_ATTRIBUTES':'nLength lpSecurityDescriptor bInheritHandle','SYSTEM_INFO':'dwOemId wProcessorArchitecture dwPageSize lpMinimumApplicationAddress lpMaximumApplicationAddress dwActiveProcessorMask dwNumberOfProcessors dwProcessorType dwAllocationGranularity wProcessorLevel wProcessorRevision','MEMORY_BASIC_INFORMATION':'BaseAddress AllocationBase AllocationProtect RegionSize State Protect Type','FILETIME':'dwLowDateTime dwHighDateTime','SYSTEMTIME':'wYear wMilliseconds','WIN32_FIND_DATAA':'dwFileAttributes ftCreationTime nFileSizeHigh cFileName cAlternateFileName','WIN32_FIND_DATAW':'dwFileAttributes ftCreationTime nFileSizeHigh cFileName cAlternateFileName','WIN32_FILE_ATTRIBUTE_DATA':'dwFileAttributes ftLastWriteTime nFileSizeLow','BY_HANDLE_FILE_INFORMATION':'ftCreationTime dwVolumeSerialNumber nFileIndexLow','PROCESS_INFORMATION':'hProcess hThread dwProcessId dwThreadId','STARTUPINFOA':'cb lpTitle dwFlags wShowWindow lpReserved2 hStdInput hStdError','STARTUPINFOW':'cb lpTitle dwFlags wShowWindow lpReserved2 hStdInput hStdError','MEMORYSTATUSEX':'dwLength ullTotalPhys ullAvailExtendedVirtual','CRITICAL_SECTION':'DebugInfo LockCount RecursionCount OwningThread LockSemaphore SpinCount','SRWLOCK':'Ptr','CONDITION_VARIABLE':'Ptr','INIT_ONCE':'Ptr','SERVICE_STATUS':'dwServiceType dwCurrentState dwWaitHint','SERVICE_STATUS_PROCESS':'dwServiceType dwProcessId dwServiceFlags','QUERY_SERVICE_CONFIGA':'dwServiceType lpBinaryPathName dwTagId lpDependencies lpDisplayName','QUERY_SERVICE_CONFIGW':'dwServiceType lpBinaryPathName dwTagId lpDependencies lpDisplayName','SERVICE_DESCRIPTIONA':'lpDescription','OSVERSIONINFOA':'dwOSVersionInfoSize szCSDVersion','OSVERSIONINFOEXA':'szCSDVersion wServicePackMajor wProductType','OSVERSIONINFOEXW':'szCSDVersion wServicePackMajor wProductType','EXCEPTION_RECORD':'ExceptionCode ExceptionFlags ExceptionRecord ExceptionAddress NumberParameters ExceptionInformation','EXCEPTION_POINTERS':'ExceptionRecord ContextRecord','CONTEXT':'ContextFlags Rax Rsp Rip Xmm0 LastExceptionFromRip','ACL':'AclRevision AclSize AceCount','SECURITY_DESCRIPTOR':'Control Owner Dacl','PROCESSOR_NUMBER':'Group Number','LARGE_INTEGER':'QuadPart','TOKEN_PRIVILEGES':'PrivilegeCount Privileges','PRIVILEGE_SET':'Control Privilege','POINT':'x y','RECT':'bottom','UNICODE_STRING':'Length Buffer','OBJECT_ATTRIBUTES':'Length ObjectName Attributes SecurityDescriptor','IO_STATUS_BLOCK':'Status Information','MEM_EXTENDED_PARAMETER':'ULong64','MEM_ADDRESS_REQUIREMENTS':'Alignment','CONSOLE_SCREEN_BUFFER_INFO':'dwSize dwCursorPosition wAttributes srWindow dwMaximumWindowSize','PROCESS_MEMORY_COUNTERS':'cb PageFaultCount WorkingSetSize PeakPagefileUsage','PROCESS_MEMORY_COUNTERS_EX':'PrivateUsage','TIME_ZONE_INFORMATION':'Bias StandardDate DaylightName DaylightBias','TIMECAPS':'wPeriodMin wPeriodMax'}
# constants cross-checked by value
C="""INVALID_FILE_ATTRIBUTES WAIT_FAILED WAIT_TIMEOUT WAIT_IO_COMPLETION WAIT_OBJECT_0 WAIT_ABANDONED INFINITE STD_INPUT_HANDLE STD_OUTPUT_HANDLE STD_ERROR_HANDLE FILE_MAP_ALL_ACCESS FILE_MAP_WRITE FILE_MAP_READ FILE_MAP_COPY FILE_MAP_EXECUTE EVENT_ALL_ACCESS MUTEX_ALL_ACCESS SEMAPHORE_ALL_ACCESS TIMER_ALL_ACCESS FILE_ALL_ACCESS FILE_GENERIC_READ FILE_GENERIC_WRITE SC_MANAGER_ALL_ACCESS SERVICE_ALL_ACCESS SERVICE_DRIVER SERVICE_WIN32 STILL_ACTIVE EXCEPTION_ACCESS_VIOLATION EXCEPTION_IN_PAGE_ERROR LANG_USER_DEFAULT LOCALE_USER_DEFAULT FORMAT_MESSAGE_ALLOCATE_BUFFER FORMAT_MESSAGE_FROM_SYSTEM CREATE_SUSPENDED THREAD_PRIORITY_TIME_CRITICAL FILE_FLAG_OVERLAPPED FILE_FLAG_DELETE_ON_CLOSE HEAP_ZERO_MEMORY LPTR GHND MOVEFILE_REPLACE_EXISTING GENERIC_READ GENERIC_WRITE PAGE_READWRITE MEM_COMMIT MEM_RESERVE MEM_RELEASE SEC_COMMIT DUPLICATE_SAME_ACCESS E_FAIL E_INVALIDARG E_OUTOFMEMORY E_ACCESSDENIED S_FALSE SECURITY_IMPERSONATION SECURITY_SQOS_PRESENT CREATE_WAITABLE_TIMER_MANUAL_RESET MAXIMUM_WAIT_OBJECTS TLS_OUT_OF_INDEXES PROCESSOR_ARCHITECTURE_AMD64 MAX_PATH CP_UTF8 WC_ERR_INVALID_CHARS MB_ERR_INVALID_CHARS SERVICE_CONFIG_DESCRIPTION MOVEFILE_WRITE_THROUGH MOVEFILE_DELAY_UNTIL_REBOOT COPY_FILE_FAIL_IF_EXISTS COPY_FILE_RESTARTABLE PROGRESS_QUIET CALLBACK_STREAM_SWITCH DRIVE_FIXED DRIVE_NO_ROOT_DIR BELOW_NORMAL_PRIORITY_CLASS ABOVE_NORMAL_PRIORITY_CLASS ALL_PROCESSOR_GROUPS MB_CANCELTRYCONTINUE MB_DEFBUTTON4 MB_TYPEMASK MB_DEFMASK IDTRYAGAIN IDCONTINUE IDNO ENABLE_WRAP_AT_EOL_OUTPUT ENABLE_EXTENDED_FLAGS ENABLE_QUICK_EDIT_MODE BACKGROUND_INTENSITY COMMON_LVB_REVERSE_VIDEO COMMON_LVB_UNDERSCORE FIND_FIRST_EX_LARGE_FETCH FindExSearchLimitToDirectories FindExInfoBasic TIMERR_NOCANDO""".split()
# No Windows is needed: the sizes are constants in the assembly.
asm='#include <windows.h>\n#include <winternl.h>\n#include <winsvc.h>\n#include <psapi.h>\n#include <mmsystem.h>\n#include <stddef.h>\n'
items=[]
for t,f in T.items():
    items.append(('S',t,None,f'sizeof({t})'))
    for x in f.split(): items.append(('O',t,x,f'offsetof({t},{x})'))
for c in C: items.append(('C',c,None,f'(unsigned int)({c})'))
for i,it in enumerate(items): asm+=f'const unsigned long long pw_v{i} = (unsigned long long)({it[3]});\n'
r=subprocess.run(['x86_64-w64-mingw32-gcc','-D_WIN32_WINNT=0x0A00','-S','-O1','-o','-','-x','c','-'],input=asm,capture_output=True,text=True)
if r.returncode: print(r.stderr); raise SystemExit
vals={}
cur=None
for l in r.stdout.split('\n'):
    m=re.match(r'pw_v(\d+):',l)
    if m: cur=int(m.group(1)); vals[cur]=0; continue
    m=re.match(r'\s*\.quad\s+(-?\d+)',l)
    if m and cur is not None: vals[cur]=int(m.group(1)); cur=None
    m=re.match(r'\s*\.space',l)
    if m: cur=None
out='''// SPDX-License-Identifier: Apache-2.0
// Sizes, offsets and constants of the application side, as a probe compiled with mingw-w64's headers reports them.
#include <windows.h>
#include <mmsystem.h>
#include <psapi.h>
#include <winsvc.h>
#include <winternl.h>

#define SIZE(type, bytes) static_assert(sizeof(type) == (bytes), #type)
#define OFFSET(type, field, bytes) static_assert(__builtin_offsetof(type, field) == (bytes), #type "." #field)
#define VALUE(name, number) static_assert(static_cast<unsigned int>(name) == (number), #name)
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

'''
for i,it in enumerate(items):
    v=vals[i]
    out+={'S':f'SIZE({it[1]}, {v});\n','O':f'OFFSET({it[1]}, {it[2]}, {v});\n','C':f'VALUE({it[1]}, {hex(v)}u);\n'}[it[0]]
open(os.path.join(os.path.dirname(os.path.abspath(__file__)),'win32_layout_test.cpp'),'w').write(out)
