// SPDX-License-Identifier: Apache-2.0
// Structured exceptions: filter values, GetExceptionCode and its kin. The keywords are the compiler wrapper's.
#ifndef PW_EXCPT_H
#define PW_EXCPT_H
#include <pw_seh.h>
#endif
