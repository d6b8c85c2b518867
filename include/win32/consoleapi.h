// SPDX-License-Identifier: Apache-2.0
// The console, as far as ordinary programs ask for it.
#ifndef PW_WIN32_CONSOLEAPI_H
#define PW_WIN32_CONSOLEAPI_H

#include "minwindef.h"
#include "winnt.h"

typedef BOOL(WINAPI* PHANDLER_ROUTINE)(DWORD CtrlType);
typedef struct _COORD {
  SHORT X;
  SHORT Y;
} COORD, *PCOORD;
#define CTRL_C_EVENT 0
#define CTRL_BREAK_EVENT 1
#define CTRL_CLOSE_EVENT 2
#define CTRL_LOGOFF_EVENT 5
#define CTRL_SHUTDOWN_EVENT 6
#define ENABLE_PROCESSED_INPUT 0x0001
#define ENABLE_LINE_INPUT 0x0002
#define ENABLE_ECHO_INPUT 0x0004
#define ENABLE_PROCESSED_OUTPUT 0x0001
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#define FOREGROUND_BLUE 0x0001
#define FOREGROUND_GREEN 0x0002
#define FOREGROUND_RED 0x0004
#define FOREGROUND_INTENSITY 0x0008
PW_API_BEGIN
BOOL WINAPI SetConsoleCtrlHandler(PHANDLER_ROUTINE HandlerRoutine, BOOL Add);
BOOL WINAPI GetConsoleMode(HANDLE hConsoleHandle, LPDWORD lpMode);
BOOL WINAPI SetConsoleMode(HANDLE hConsoleHandle, DWORD dwMode);
BOOL WINAPI SetConsoleTextAttribute(HANDLE hConsoleOutput, WORD wAttributes);
BOOL WINAPI SetConsoleTitleA(LPCSTR lpConsoleTitle);
BOOL WINAPI SetConsoleTitleW(LPCWSTR lpConsoleTitle);
BOOL WINAPI WriteConsoleA(HANDLE hConsoleOutput, const VOID* lpBuffer, DWORD nNumberOfCharsToWrite,
    LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved);
BOOL WINAPI WriteConsoleW(HANDLE hConsoleOutput, const VOID* lpBuffer, DWORD nNumberOfCharsToWrite,
    LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved);
BOOL WINAPI SetConsoleOutputCP(UINT wCodePageID);
PW_API_END

#ifndef PARTYWALL_BUILD
#ifdef UNICODE
#define SetConsoleTitle SetConsoleTitleW
#define WriteConsole WriteConsoleW
#else
#define SetConsoleTitle SetConsoleTitleA
#define WriteConsole WriteConsoleA
#endif
#endif

#endif
