// SPDX-License-Identifier: Apache-2.0
// The files of this folder are part of libpartywall-win32.so alone: they replace functions of the C library, which must
// not happen in a program that links the module statically. The library compiles them with PARTYWALL_WIN32_LIBRARY.
#pragma once

#if defined(PARTYWALL_WIN32_LIBRARY)
#define PW_WIN32_LIBRARY 1
#endif

// Sanitizers bring their own malloc and must know the stacks: there, the program's memory stays as it is.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PW_FOREIGN_HEAP 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PW_FOREIGN_HEAP 1
#endif
#endif
