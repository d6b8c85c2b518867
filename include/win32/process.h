// SPDX-License-Identifier: Apache-2.0
// The C run-time library's threads.
#ifndef PW_WIN32_PROCESS_H
#define PW_WIN32_PROCESS_H

#include <stdint.h>
#include "minwindef.h"

typedef void (*_beginthread_proc_type)(void*);
typedef unsigned (*_beginthreadex_proc_type)(void*);
PW_API_BEGIN
uintptr_t _beginthread(_beginthread_proc_type start, unsigned stack_size, void* argument);
uintptr_t _beginthreadex(void* security, unsigned stack_size, _beginthreadex_proc_type start, void* argument,
    unsigned flags, unsigned* thread_id);
void _endthread(void);
void _endthreadex(unsigned exit_code);
int _getpid(void);
PW_API_END

#endif
