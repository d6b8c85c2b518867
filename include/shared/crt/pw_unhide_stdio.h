// SPDX-License-Identifier: Apache-2.0
// Undoes pw_hide_stdio.h.
#undef printf
#undef vprintf
#undef fprintf
#undef vfprintf
#undef sprintf
#undef vsprintf
#undef snprintf
#undef vsnprintf
#undef scanf
#undef vscanf
#undef fscanf
#undef vfscanf
#undef sscanf
#undef vsscanf
