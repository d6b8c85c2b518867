// SPDX-License-Identifier: Apache-2.0
// Renames what the C library's own <stdio.h> declares, so that its declarations (and their symbol
// renames, inline definitions and exception specifications) do not meet ours. Undone by pw_unhide_stdio.h.
#define printf pw_libc_printf
#define vprintf pw_libc_vprintf
#define fprintf pw_libc_fprintf
#define vfprintf pw_libc_vfprintf
#define sprintf pw_libc_sprintf
#define vsprintf pw_libc_vsprintf
#define snprintf pw_libc_snprintf
#define vsnprintf pw_libc_vsnprintf
#define scanf pw_libc_scanf
#define vscanf pw_libc_vscanf
#define fscanf pw_libc_fscanf
#define vfscanf pw_libc_vfscanf
#define sscanf pw_libc_sscanf
#define vsscanf pw_libc_vsscanf
