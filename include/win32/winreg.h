// SPDX-License-Identifier: Apache-2.0
// Registry functions (winreg.h). They return their error, and leave the last error as it is.
#ifndef PW_WIN32_WINREG_H
#define PW_WIN32_WINREG_H

#include "minwinbase.h"
#include "winerror.h"
#include "winnt.h"

typedef LONG LSTATUS;
typedef ACCESS_MASK REGSAM;

#define HKEY_CLASSES_ROOT ((HKEY)(ULONG_PTR)((LONG)0x80000000))
#define HKEY_CURRENT_USER ((HKEY)(ULONG_PTR)((LONG)0x80000001))
#define HKEY_LOCAL_MACHINE ((HKEY)(ULONG_PTR)((LONG)0x80000002))
#define HKEY_USERS ((HKEY)(ULONG_PTR)((LONG)0x80000003))
#define HKEY_PERFORMANCE_DATA ((HKEY)(ULONG_PTR)((LONG)0x80000004))
#define HKEY_CURRENT_CONFIG ((HKEY)(ULONG_PTR)((LONG)0x80000005))

// RegGetValue
#define RRF_RT_REG_NONE 0x00000001
#define RRF_RT_REG_SZ 0x00000002
#define RRF_RT_REG_EXPAND_SZ 0x00000004
#define RRF_RT_REG_BINARY 0x00000008
#define RRF_RT_REG_DWORD 0x00000010
#define RRF_RT_REG_MULTI_SZ 0x00000020
#define RRF_RT_REG_QWORD 0x00000040
#define RRF_RT_DWORD (RRF_RT_REG_BINARY | RRF_RT_REG_DWORD)
#define RRF_RT_QWORD (RRF_RT_REG_BINARY | RRF_RT_REG_QWORD)
#define RRF_RT_ANY 0x0000ffff
#define RRF_SUBKEY_WOW6464KEY 0x00010000
#define RRF_SUBKEY_WOW6432KEY 0x00020000
#define RRF_NOEXPAND 0x10000000
#define RRF_ZEROONFAILURE 0x20000000

PW_API_BEGIN
LSTATUS WINAPI RegCloseKey(HKEY Key);
LSTATUS WINAPI RegFlushKey(HKEY Key);
LSTATUS WINAPI RegOpenKeyExA(HKEY Key, LPCSTR SubKey, DWORD Options, REGSAM Desired, PHKEY Result);
LSTATUS WINAPI RegOpenKeyExW(HKEY Key, LPCWSTR SubKey, DWORD Options, REGSAM Desired, PHKEY Result);
LSTATUS WINAPI RegOpenKeyA(HKEY Key, LPCSTR SubKey, PHKEY Result);
LSTATUS WINAPI RegOpenKeyW(HKEY Key, LPCWSTR SubKey, PHKEY Result);
LSTATUS WINAPI RegCreateKeyExA(HKEY Key, LPCSTR SubKey, DWORD Reserved, LPSTR Class, DWORD Options, REGSAM Desired,
                               const LPSECURITY_ATTRIBUTES SecurityAttributes, PHKEY Result, LPDWORD Disposition);
LSTATUS WINAPI RegCreateKeyExW(HKEY Key, LPCWSTR SubKey, DWORD Reserved, LPWSTR Class, DWORD Options, REGSAM Desired,
                               const LPSECURITY_ATTRIBUTES SecurityAttributes, PHKEY Result, LPDWORD Disposition);
LSTATUS WINAPI RegCreateKeyA(HKEY Key, LPCSTR SubKey, PHKEY Result);
LSTATUS WINAPI RegCreateKeyW(HKEY Key, LPCWSTR SubKey, PHKEY Result);
LSTATUS WINAPI RegEnumKeyExA(HKEY Key, DWORD Index, LPSTR Name, LPDWORD NameLength, LPDWORD Reserved, LPSTR Class,
                             LPDWORD ClassLength, PFILETIME LastWriteTime);
LSTATUS WINAPI RegEnumKeyExW(HKEY Key, DWORD Index, LPWSTR Name, LPDWORD NameLength, LPDWORD Reserved, LPWSTR Class,
                             LPDWORD ClassLength, PFILETIME LastWriteTime);
LSTATUS WINAPI RegEnumKeyA(HKEY Key, DWORD Index, LPSTR Name, DWORD NameLength);
LSTATUS WINAPI RegEnumKeyW(HKEY Key, DWORD Index, LPWSTR Name, DWORD NameLength);
LSTATUS WINAPI RegQueryInfoKeyA(HKEY Key, LPSTR Class, LPDWORD ClassLength, LPDWORD Reserved, LPDWORD SubKeys,
                                LPDWORD MaxSubKeyLength, LPDWORD MaxClassLength, LPDWORD Values, LPDWORD MaxValueNameLength,
                                LPDWORD MaxValueLength, LPDWORD SecurityDescriptorLength, PFILETIME LastWriteTime);
LSTATUS WINAPI RegQueryInfoKeyW(HKEY Key, LPWSTR Class, LPDWORD ClassLength, LPDWORD Reserved, LPDWORD SubKeys,
                                LPDWORD MaxSubKeyLength, LPDWORD MaxClassLength, LPDWORD Values, LPDWORD MaxValueNameLength,
                                LPDWORD MaxValueLength, LPDWORD SecurityDescriptorLength, PFILETIME LastWriteTime);
LSTATUS WINAPI RegDeleteKeyExA(HKEY Key, LPCSTR SubKey, REGSAM View, DWORD Reserved);
LSTATUS WINAPI RegDeleteKeyExW(HKEY Key, LPCWSTR SubKey, REGSAM View, DWORD Reserved);
LSTATUS WINAPI RegDeleteKeyA(HKEY Key, LPCSTR SubKey);
LSTATUS WINAPI RegDeleteKeyW(HKEY Key, LPCWSTR SubKey);
LSTATUS WINAPI RegDeleteTreeA(HKEY Key, LPCSTR SubKey);
LSTATUS WINAPI RegDeleteTreeW(HKEY Key, LPCWSTR SubKey);
LSTATUS WINAPI RegQueryValueExA(HKEY Key, LPCSTR ValueName, LPDWORD Reserved, LPDWORD Type, LPBYTE Data, LPDWORD DataLength);
LSTATUS WINAPI RegQueryValueExW(HKEY Key, LPCWSTR ValueName, LPDWORD Reserved, LPDWORD Type, LPBYTE Data, LPDWORD DataLength);
LSTATUS WINAPI RegSetValueExA(HKEY Key, LPCSTR ValueName, DWORD Reserved, DWORD Type, const BYTE* Data, DWORD DataLength);
LSTATUS WINAPI RegSetValueExW(HKEY Key, LPCWSTR ValueName, DWORD Reserved, DWORD Type, const BYTE* Data, DWORD DataLength);
LSTATUS WINAPI RegEnumValueA(HKEY Key, DWORD Index, LPSTR ValueName, LPDWORD ValueNameLength, LPDWORD Reserved, LPDWORD Type,
                             LPBYTE Data, LPDWORD DataLength);
LSTATUS WINAPI RegEnumValueW(HKEY Key, DWORD Index, LPWSTR ValueName, LPDWORD ValueNameLength, LPDWORD Reserved, LPDWORD Type,
                             LPBYTE Data, LPDWORD DataLength);
LSTATUS WINAPI RegDeleteValueA(HKEY Key, LPCSTR ValueName);
LSTATUS WINAPI RegDeleteValueW(HKEY Key, LPCWSTR ValueName);
LSTATUS WINAPI RegDeleteKeyValueA(HKEY Key, LPCSTR SubKey, LPCSTR ValueName);
LSTATUS WINAPI RegDeleteKeyValueW(HKEY Key, LPCWSTR SubKey, LPCWSTR ValueName);
LSTATUS WINAPI RegSetKeyValueA(HKEY Key, LPCSTR SubKey, LPCSTR ValueName, DWORD Type, LPCVOID Data, DWORD DataLength);
LSTATUS WINAPI RegSetKeyValueW(HKEY Key, LPCWSTR SubKey, LPCWSTR ValueName, DWORD Type, LPCVOID Data, DWORD DataLength);
LSTATUS WINAPI RegGetValueA(HKEY Key, LPCSTR SubKey, LPCSTR Value, DWORD Flags, LPDWORD Type, PVOID Data, LPDWORD DataLength);
LSTATUS WINAPI RegGetValueW(HKEY Key, LPCWSTR SubKey, LPCWSTR Value, DWORD Flags, LPDWORD Type, PVOID Data, LPDWORD DataLength);
PW_API_END

#ifndef PARTYWALL_BUILD
#ifdef UNICODE
#define RegOpenKeyEx RegOpenKeyExW
#define RegOpenKey RegOpenKeyW
#define RegCreateKeyEx RegCreateKeyExW
#define RegCreateKey RegCreateKeyW
#define RegEnumKeyEx RegEnumKeyExW
#define RegEnumKey RegEnumKeyW
#define RegQueryInfoKey RegQueryInfoKeyW
#define RegDeleteKeyEx RegDeleteKeyExW
#define RegDeleteKey RegDeleteKeyW
#define RegDeleteTree RegDeleteTreeW
#define RegQueryValueEx RegQueryValueExW
#define RegSetValueEx RegSetValueExW
#define RegEnumValue RegEnumValueW
#define RegDeleteValue RegDeleteValueW
#define RegDeleteKeyValue RegDeleteKeyValueW
#define RegSetKeyValue RegSetKeyValueW
#define RegGetValue RegGetValueW
#else
#define RegOpenKeyEx RegOpenKeyExA
#define RegOpenKey RegOpenKeyA
#define RegCreateKeyEx RegCreateKeyExA
#define RegCreateKey RegCreateKeyA
#define RegEnumKeyEx RegEnumKeyExA
#define RegEnumKey RegEnumKeyA
#define RegQueryInfoKey RegQueryInfoKeyA
#define RegDeleteKeyEx RegDeleteKeyExA
#define RegDeleteKey RegDeleteKeyA
#define RegDeleteTree RegDeleteTreeA
#define RegQueryValueEx RegQueryValueExA
#define RegSetValueEx RegSetValueExA
#define RegEnumValue RegEnumValueA
#define RegDeleteValue RegDeleteValueA
#define RegDeleteKeyValue RegDeleteKeyValueA
#define RegSetKeyValue RegSetKeyValueA
#define RegGetValue RegGetValueA
#endif
#endif

#endif
