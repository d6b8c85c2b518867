// SPDX-License-Identifier: Apache-2.0
// The little of the window interface that console programs use: wsprintf, message boxes, character case.
#ifndef PW_WIN32_WINUSER_H
#define PW_WIN32_WINUSER_H

#include "windef.h"

#define MB_OK 0x00000000
#define MB_ICONERROR 0x00000010
#define MB_ICONWARNING 0x00000030
#define MB_ICONINFORMATION 0x00000040
// wsprintf writes at most 1,024 characters, the terminator among them.
PW_API_BEGIN
int WINAPIV wsprintfA(LPSTR buffer, LPCSTR format, ...);
int WINAPIV wsprintfW(LPWSTR buffer, LPCWSTR format, ...);
int WINAPI wvsprintfA(LPSTR buffer, LPCSTR format, __builtin_va_list arguments);
int WINAPI wvsprintfW(LPWSTR buffer, LPCWSTR format, __builtin_va_list arguments);
int WINAPI MessageBoxA(HWND hWnd, LPCSTR lpText, LPCSTR lpCaption, UINT uType);
int WINAPI MessageBoxW(HWND hWnd, LPCWSTR lpText, LPCWSTR lpCaption, UINT uType);
PW_API_END

#ifndef PARTYWALL_BUILD
#ifdef UNICODE
#define wsprintf wsprintfW
#define wvsprintf wvsprintfW
#define MessageBox MessageBoxW
#else
#define wsprintf wsprintfA
#define wvsprintf wvsprintfA
#define MessageBox MessageBoxA
#endif
#endif

#endif
