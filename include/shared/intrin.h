// SPDX-License-Identifier: Apache-2.0
// Compiler intrinsics by Microsoft's names.
#ifndef PW_INTRIN_H
#define PW_INTRIN_H

#include <pw_interlocked.h>
#ifdef __clang__
#include <x86intrin.h>
#else
#include <x86gprintrin.h>
#endif

#ifndef PARTYWALL_BUILD
#undef __cpuid
#undef __cpuidex
#define __cpuidex(info, leaf, subleaf)                                                     \
  __asm__ __volatile__("cpuid"                                                             \
                       : "=a"((info)[0]), "=b"((info)[1]), "=c"((info)[2]), "=d"((info)[3]) \
                       : "0"(leaf), "2"(subleaf))
#define __cpuid(info, leaf) __cpuidex(info, leaf, 0)
#define _ReturnAddress() __builtin_return_address(0)
#define _AddressOfReturnAddress() ((void*)((void**)__builtin_frame_address(0) + 1))
#endif

#endif
