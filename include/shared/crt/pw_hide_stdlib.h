// SPDX-License-Identifier: Apache-2.0
// Renames what the C library's own <stdlib.h> declares, so that its declarations (and their symbol
// renames, inline definitions and exception specifications) do not meet ours. Undone by pw_unhide_stdlib.h.
#define system pw_libc_system
#define atoi pw_libc_atoi
#define atol pw_libc_atol
#define strtol pw_libc_strtol
#define strtoul pw_libc_strtoul
#define mbstowcs pw_libc_mbstowcs
#define wcstombs pw_libc_wcstombs
#define mbtowc pw_libc_mbtowc
#define wctomb pw_libc_wctomb
