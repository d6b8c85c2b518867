// SPDX-License-Identifier: Apache-2.0
// The debugging heap of Microsoft's run-time library: assertions only.
#ifndef PW_WIN32_CRTDBG_H
#define PW_WIN32_CRTDBG_H

#include <assert.h>
#include <stdlib.h>
#define _CRT_WARN 0
#define _CRT_ERROR 1
#define _CRT_ASSERT 2
#define _CRTDBG_ALLOC_MEM_DF 0x01
#define _CRTDBG_LEAK_CHECK_DF 0x20
#define _CRTDBG_MODE_FILE 0x1
#define _CRTDBG_MODE_DEBUG 0x2
#define _CRTDBG_REPORT_FLAG (-1)
#ifdef _DEBUG
#define _ASSERTE(expression) assert(expression)
#define _ASSERT(expression) assert(expression)
#else
#define _ASSERTE(expression) ((void)0)
#define _ASSERT(expression) ((void)0)
#endif
#define _CrtSetDbgFlag(flag) ((int)0)
#define _CrtSetReportMode(type, mode) ((int)0)
#define _CrtSetReportFile(type, file) ((void)0)
#define _CrtDumpMemoryLeaks() ((int)0)
#define _CrtCheckMemory() ((int)1)

#endif
