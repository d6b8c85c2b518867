// SPDX-License-Identifier: Apache-2.0
// String functions that always terminate and always say whether the text was cut.
#ifndef PW_WIN32_STRSAFE_H
#define PW_WIN32_STRSAFE_H

#include "minwindef.h"
#include "winnt.h"
#include "winerror.h"

#define STRSAFE_MAX_CCH 2147483647
#define STRSAFE_MAX_LENGTH (STRSAFE_MAX_CCH - 1)
#define STRSAFE_IGNORE_NULLS 0x00000100
#define STRSAFE_FILL_BEHIND_NULL 0x00000200
#define STRSAFE_FILL_ON_FAILURE 0x00000400
#define STRSAFE_NULL_ON_FAILURE 0x00000800
#define STRSAFE_NO_TRUNCATION 0x00001000
#ifndef STRSAFE_E_INSUFFICIENT_BUFFER
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)
#define STRSAFE_E_END_OF_FILE ((HRESULT)0x80070026)
#endif
typedef LPSTR STRSAFE_LPSTR;
typedef LPCSTR STRSAFE_LPCSTR;
typedef LPWSTR STRSAFE_LPWSTR;
typedef LPCWSTR STRSAFE_LPCWSTR;

PW_API_BEGIN
HRESULT WINAPI StringCchCopyA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc);
HRESULT WINAPI StringCchCopyW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc);
HRESULT WINAPI StringCchCopyExA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc, LPSTR* ppszDestEnd,
    size_t* pcchRemaining, DWORD dwFlags);
HRESULT WINAPI StringCchCopyExW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc, LPWSTR* ppszDestEnd,
    size_t* pcchRemaining, DWORD dwFlags);
HRESULT WINAPI StringCchCopyNA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc, size_t cchToCopy);
HRESULT WINAPI StringCchCopyNW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc, size_t cchToCopy);
HRESULT WINAPI StringCchCopyNExA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc, size_t cchToCopy, LPSTR* ppszDestEnd,
    size_t* pcchRemaining, DWORD dwFlags);
HRESULT WINAPI StringCchCopyNExW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc, size_t cchToCopy,
    LPWSTR* ppszDestEnd, size_t* pcchRemaining, DWORD dwFlags);
HRESULT WINAPI StringCchCatA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc);
HRESULT WINAPI StringCchCatW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc);
HRESULT WINAPI StringCchCatExA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc, LPSTR* ppszDestEnd,
    size_t* pcchRemaining, DWORD dwFlags);
HRESULT WINAPI StringCchCatExW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc, LPWSTR* ppszDestEnd,
    size_t* pcchRemaining, DWORD dwFlags);
HRESULT WINAPI StringCchCatNA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc, size_t cchToAppend);
HRESULT WINAPI StringCchCatNW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc, size_t cchToAppend);
HRESULT WINAPI StringCchCatNExA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc, size_t cchToAppend,
    LPSTR* ppszDestEnd, size_t* pcchRemaining, DWORD dwFlags);
HRESULT WINAPI StringCchCatNExW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc, size_t cchToAppend,
    LPWSTR* ppszDestEnd, size_t* pcchRemaining, DWORD dwFlags);
HRESULT WINAPIV StringCchPrintfA(LPSTR pszDest, size_t cchDest, LPCSTR pszFormat, ...);
HRESULT WINAPIV StringCchPrintfW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszFormat, ...);
HRESULT WINAPIV StringCchPrintfExA(LPSTR pszDest, size_t cchDest, LPSTR* ppszDestEnd, size_t* pcchRemaining,
    DWORD dwFlags, LPCSTR pszFormat, ...);
HRESULT WINAPIV StringCchPrintfExW(LPWSTR pszDest, size_t cchDest, LPWSTR* ppszDestEnd, size_t* pcchRemaining,
    DWORD dwFlags, LPCWSTR pszFormat, ...);
HRESULT WINAPI StringCchVPrintfA(LPSTR pszDest, size_t cchDest, LPCSTR pszFormat, __builtin_va_list argList);
HRESULT WINAPI StringCchVPrintfW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszFormat, __builtin_va_list argList);
HRESULT WINAPI StringCchVPrintfExA(LPSTR pszDest, size_t cchDest, LPSTR* ppszDestEnd, size_t* pcchRemaining,
    DWORD dwFlags, LPCSTR pszFormat, __builtin_va_list argList);
HRESULT WINAPI StringCchVPrintfExW(LPWSTR pszDest, size_t cchDest, LPWSTR* ppszDestEnd, size_t* pcchRemaining,
    DWORD dwFlags, LPCWSTR pszFormat, __builtin_va_list argList);
HRESULT WINAPI StringCchLengthA(LPCSTR psz, size_t cchMax, size_t* pcchLength);
HRESULT WINAPI StringCchLengthW(LPCWSTR psz, size_t cchMax, size_t* pcchLength);
HRESULT WINAPI StringCchGetsA(LPSTR pszDest, size_t cchDest);
HRESULT WINAPI StringCchGetsW(LPWSTR pszDest, size_t cchDest);
HRESULT WINAPI StringCbCopyA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc);
HRESULT WINAPI StringCbCopyW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc);
HRESULT WINAPI StringCbCopyExA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc, LPSTR* ppszDestEnd,
    size_t* pcbRemaining, DWORD dwFlags);
HRESULT WINAPI StringCbCopyExW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc, LPWSTR* ppszDestEnd,
    size_t* pcbRemaining, DWORD dwFlags);
HRESULT WINAPI StringCbCopyNA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc, size_t cbToCopy);
HRESULT WINAPI StringCbCopyNW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc, size_t cbToCopy);
HRESULT WINAPI StringCbCopyNExA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc, size_t cbToCopy, LPSTR* ppszDestEnd,
    size_t* pcbRemaining, DWORD dwFlags);
HRESULT WINAPI StringCbCopyNExW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc, size_t cbToCopy, LPWSTR* ppszDestEnd,
    size_t* pcbRemaining, DWORD dwFlags);
HRESULT WINAPI StringCbCatA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc);
HRESULT WINAPI StringCbCatW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc);
HRESULT WINAPI StringCbCatExA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc, LPSTR* ppszDestEnd, size_t* pcbRemaining,
    DWORD dwFlags);
HRESULT WINAPI StringCbCatExW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc, LPWSTR* ppszDestEnd,
    size_t* pcbRemaining, DWORD dwFlags);
HRESULT WINAPI StringCbCatNA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc, size_t cbToAppend);
HRESULT WINAPI StringCbCatNW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc, size_t cbToAppend);
HRESULT WINAPI StringCbCatNExA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc, size_t cbToAppend, LPSTR* ppszDestEnd,
    size_t* pcbRemaining, DWORD dwFlags);
HRESULT WINAPI StringCbCatNExW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc, size_t cbToAppend,
    LPWSTR* ppszDestEnd, size_t* pcbRemaining, DWORD dwFlags);
HRESULT WINAPIV StringCbPrintfA(LPSTR pszDest, size_t cbDest, LPCSTR pszFormat, ...);
HRESULT WINAPIV StringCbPrintfW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszFormat, ...);
HRESULT WINAPIV StringCbPrintfExA(LPSTR pszDest, size_t cbDest, LPSTR* ppszDestEnd, size_t* pcbRemaining,
    DWORD dwFlags, LPCSTR pszFormat, ...);
HRESULT WINAPIV StringCbPrintfExW(LPWSTR pszDest, size_t cbDest, LPWSTR* ppszDestEnd, size_t* pcbRemaining,
    DWORD dwFlags, LPCWSTR pszFormat, ...);
HRESULT WINAPI StringCbVPrintfA(LPSTR pszDest, size_t cbDest, LPCSTR pszFormat, __builtin_va_list argList);
HRESULT WINAPI StringCbVPrintfW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszFormat, __builtin_va_list argList);
HRESULT WINAPI StringCbVPrintfExA(LPSTR pszDest, size_t cbDest, LPSTR* ppszDestEnd, size_t* pcbRemaining,
    DWORD dwFlags, LPCSTR pszFormat, __builtin_va_list argList);
HRESULT WINAPI StringCbVPrintfExW(LPWSTR pszDest, size_t cbDest, LPWSTR* ppszDestEnd, size_t* pcbRemaining,
    DWORD dwFlags, LPCWSTR pszFormat, __builtin_va_list argList);
HRESULT WINAPI StringCbLengthA(LPCSTR psz, size_t cbMax, size_t* pcbLength);
HRESULT WINAPI StringCbLengthW(LPCWSTR psz, size_t cbMax, size_t* pcbLength);
HRESULT WINAPI StringCbGetsA(LPSTR pszDest, size_t cbDest);
HRESULT WINAPI StringCbGetsW(LPWSTR pszDest, size_t cbDest);
PW_API_END

#ifndef PARTYWALL_BUILD
#ifdef UNICODE
#define StringCchCopy StringCchCopyW
#define StringCchCopyEx StringCchCopyExW
#define StringCchCopyN StringCchCopyNW
#define StringCchCopyNEx StringCchCopyNExW
#define StringCchCat StringCchCatW
#define StringCchCatEx StringCchCatExW
#define StringCchCatN StringCchCatNW
#define StringCchCatNEx StringCchCatNExW
#define StringCchPrintf StringCchPrintfW
#define StringCchPrintfEx StringCchPrintfExW
#define StringCchVPrintf StringCchVPrintfW
#define StringCchVPrintfEx StringCchVPrintfExW
#define StringCchLength StringCchLengthW
#define StringCchGets StringCchGetsW
#define StringCbCopy StringCbCopyW
#define StringCbCopyEx StringCbCopyExW
#define StringCbCopyN StringCbCopyNW
#define StringCbCopyNEx StringCbCopyNExW
#define StringCbCat StringCbCatW
#define StringCbCatEx StringCbCatExW
#define StringCbCatN StringCbCatNW
#define StringCbCatNEx StringCbCatNExW
#define StringCbPrintf StringCbPrintfW
#define StringCbPrintfEx StringCbPrintfExW
#define StringCbVPrintf StringCbVPrintfW
#define StringCbVPrintfEx StringCbVPrintfExW
#define StringCbLength StringCbLengthW
#define StringCbGets StringCbGetsW
#else
#define StringCchCopy StringCchCopyA
#define StringCchCopyEx StringCchCopyExA
#define StringCchCopyN StringCchCopyNA
#define StringCchCopyNEx StringCchCopyNExA
#define StringCchCat StringCchCatA
#define StringCchCatEx StringCchCatExA
#define StringCchCatN StringCchCatNA
#define StringCchCatNEx StringCchCatNExA
#define StringCchPrintf StringCchPrintfA
#define StringCchPrintfEx StringCchPrintfExA
#define StringCchVPrintf StringCchVPrintfA
#define StringCchVPrintfEx StringCchVPrintfExA
#define StringCchLength StringCchLengthA
#define StringCchGets StringCchGetsA
#define StringCbCopy StringCbCopyA
#define StringCbCopyEx StringCbCopyExA
#define StringCbCopyN StringCbCopyNA
#define StringCbCopyNEx StringCbCopyNExA
#define StringCbCat StringCbCatA
#define StringCbCatEx StringCbCatExA
#define StringCbCatN StringCbCatNA
#define StringCbCatNEx StringCbCatNExA
#define StringCbPrintf StringCbPrintfA
#define StringCbPrintfEx StringCbPrintfExA
#define StringCbVPrintf StringCbVPrintfA
#define StringCbVPrintfEx StringCbVPrintfExA
#define StringCbLength StringCbLengthA
#define StringCbGets StringCbGetsA
#endif
#endif

#endif
