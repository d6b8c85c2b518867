// SPDX-License-Identifier: Apache-2.0
// Access to a device's registers that MmMapIoSpace has mapped: one access of that width each, in program order.
#ifndef PW_NT_REGISTERS_H
#define PW_NT_REGISTERS_H

#include <nt/mm_types.h>

#define PW_REGISTER_ACCESS(Name, Type)                                                     \
  PW_INLINE Type READ_REGISTER_##Name(volatile Type* Register) {                           \
    Type value;                                                                            \
    __sync_synchronize();                                                                  \
    value = *Register;                                                                     \
    __sync_synchronize();                                                                  \
    return value;                                                                          \
  }                                                                                        \
  PW_INLINE void WRITE_REGISTER_##Name(volatile Type* Register, Type Value) {              \
    *Register = Value;                                                                     \
    __sync_synchronize();                                                                  \
  }                                                                                        \
  PW_INLINE void READ_REGISTER_BUFFER_##Name(volatile Type* Register, Type* Buffer, ULONG Count) { \
    for (; Count != 0; --Count) *Buffer++ = READ_REGISTER_##Name(Register++);              \
  }                                                                                        \
  PW_INLINE void WRITE_REGISTER_BUFFER_##Name(volatile Type* Register, Type* Buffer, ULONG Count) { \
    for (; Count != 0; --Count) WRITE_REGISTER_##Name(Register++, *Buffer++);              \
  }

PW_REGISTER_ACCESS(UCHAR, UCHAR)
PW_REGISTER_ACCESS(USHORT, USHORT)
PW_REGISTER_ACCESS(ULONG, ULONG)
PW_REGISTER_ACCESS(ULONG64, ULONG64)
#undef PW_REGISTER_ACCESS

#endif
