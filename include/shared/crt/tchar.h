// SPDX-License-Identifier: Apache-2.0
// <tchar.h>: the _t names, narrow or wide by _UNICODE.
#ifndef PW_TCHAR_H
#define PW_TCHAR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#ifdef _UNICODE
#define PW_T(narrow, wide) wide
#define __T(x) L##x
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef wchar_t TCHAR, *PTCHAR;
typedef wchar_t TBYTE, *PTBYTE;
#endif
typedef wchar_t _TCHAR;
typedef wchar_t _TSCHAR;
typedef wchar_t _TUCHAR;
typedef wchar_t _TXCHAR;
typedef __WINT_TYPE__ _TINT;
#define _TEOF WEOF
#else
#define PW_T(narrow, wide) narrow
#define __T(x) x
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef char TCHAR, *PTCHAR;
typedef unsigned char TBYTE, *PTBYTE;
#endif
typedef char _TCHAR;
typedef signed char _TSCHAR;
typedef unsigned char _TUCHAR;
typedef char _TXCHAR;
typedef int _TINT;
#define _TEOF EOF
#endif
#define _T(x) __T(x)
#define _TEXT(x) __T(x)

#define _tmain PW_T(main, wmain)
#define _tWinMain PW_T(WinMain, wWinMain)
#define _tprintf PW_T(printf, wprintf)
#define _ftprintf PW_T(fprintf, fwprintf)
#define _vtprintf PW_T(vprintf, vwprintf)
#define _vftprintf PW_T(vfprintf, vfwprintf)
#define _stprintf PW_T(sprintf, _swprintf)
#define _vstprintf PW_T(vsprintf, _vswprintf)
#define _sntprintf PW_T(_snprintf, _snwprintf)
#define _vsntprintf PW_T(_vsnprintf, _vsnwprintf)
#define _sctprintf PW_T(_scprintf, _scwprintf)
#define _tprintf_s PW_T(printf_s, wprintf_s)
#define _ftprintf_s PW_T(fprintf_s, fwprintf_s)
#define _stprintf_s PW_T(sprintf_s, swprintf_s)
#define _vstprintf_s PW_T(vsprintf_s, vswprintf_s)
#define _sntprintf_s PW_T(_snprintf_s, _snwprintf_s)
#define _vsntprintf_s PW_T(_vsnprintf_s, _vsnwprintf_s)
#define _tscanf PW_T(scanf, wscanf)
#define _ftscanf PW_T(fscanf, fwscanf)
#define _stscanf PW_T(sscanf, swscanf)
#define _tscanf_s PW_T(scanf_s, wscanf_s)
#define _stscanf_s PW_T(sscanf_s, swscanf_s)

#define _fgettc PW_T(fgetc, fgetwc)
#define _fgetts PW_T(fgets, fgetws)
#define _fputtc PW_T(fputc, fputwc)
#define _fputts PW_T(fputs, fputws)
#define _gettc PW_T(getc, getwc)
#define _gettchar PW_T(getchar, getwchar)
#define _puttc PW_T(putc, putwc)
#define _puttchar PW_T(putchar, putwchar)
#define _putts PW_T(puts, _putws)
#define _tfopen PW_T(fopen, _wfopen)
#define _tfopen_s PW_T(fopen_s, _wfopen_s)

#define _tcslen PW_T(strlen, wcslen)
#define _tcsnlen PW_T(strnlen, wcsnlen)
#define _tcscpy PW_T(strcpy, wcscpy)
#define _tcsncpy PW_T(strncpy, wcsncpy)
#define _tcscat PW_T(strcat, wcscat)
#define _tcsncat PW_T(strncat, wcsncat)
#define _tcscpy_s PW_T(strcpy_s, wcscpy_s)
#define _tcsncpy_s PW_T(strncpy_s, wcsncpy_s)
#define _tcscat_s PW_T(strcat_s, wcscat_s)
#define _tcsncat_s PW_T(strncat_s, wcsncat_s)
#define _tcscmp PW_T(strcmp, wcscmp)
#define _tcsncmp PW_T(strncmp, wcsncmp)
#define _tcsnccmp PW_T(strncmp, wcsncmp)
#define _tcsicmp PW_T(_stricmp, _wcsicmp)
#define _tcsnicmp PW_T(_strnicmp, _wcsnicmp)
#define _tcsncicmp PW_T(_strnicmp, _wcsnicmp)
#define _tcschr PW_T(strchr, wcschr)
#define _tcsrchr PW_T(strrchr, wcsrchr)
#define _tcsstr PW_T(strstr, wcsstr)
#define _tcspbrk PW_T(strpbrk, wcspbrk)
#define _tcsspn PW_T(strspn, wcsspn)
#define _tcscspn PW_T(strcspn, wcscspn)
#define _tcstok_s PW_T(strtok_s, wcstok_s)
#define _tcsdup PW_T(_strdup, _wcsdup)
#define _tcslwr PW_T(_strlwr, _wcslwr)
#define _tcsupr PW_T(_strupr, _wcsupr)
#define _tcsrev PW_T(_strrev, _wcsrev)
#define _ttoi PW_T(atoi, _wtoi)
#define _ttol PW_T(atol, _wtol)
#define _ttoi64 PW_T(_atoi64, _wtoi64)
#define _tstoi PW_T(atoi, _wtoi)
#define _tstol PW_T(atol, _wtol)
#define _tstof PW_T(atof, _wtof)
#define _tcstol PW_T(strtol, wcstol)
#define _tcstoul PW_T(strtoul, wcstoul)
#define _tcstod PW_T(strtod, wcstod)
#define _tcstoi64 PW_T(_strtoi64, _wcstoi64)
#define _tcstoui64 PW_T(_strtoui64, _wcstoui64)
#define _itot PW_T(_itoa, _itow)
#define _ltot PW_T(_ltoa, _ltow)
#define _ultot PW_T(_ultoa, _ultow)
#define _i64tot PW_T(_i64toa, _i64tow)
#define _ui64tot PW_T(_ui64toa, _ui64tow)
#define _itot_s PW_T(_itoa_s, _itow_s)

#define _istalpha PW_T(isalpha, iswalpha)
#define _istdigit PW_T(isdigit, iswdigit)
#define _istxdigit PW_T(isxdigit, iswxdigit)
#define _istalnum PW_T(isalnum, iswalnum)
#define _istspace PW_T(isspace, iswspace)
#define _istupper PW_T(isupper, iswupper)
#define _istlower PW_T(islower, iswlower)
#define _istprint PW_T(isprint, iswprint)
#define _totupper PW_T(toupper, towupper)
#define _totlower PW_T(tolower, towlower)

#endif
