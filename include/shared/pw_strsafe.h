// SPDX-License-Identifier: Apache-2.0
// The safe string functions, generated from one body for both sides and both character widths.
//
// No include guard. The includer defines PW_STRSAFE(name), PW_STRSAFE_RESULT, PW_STRSAFE_OK,
// PW_STRSAFE_OVERFLOW and PW_STRSAFE_BAD_PARAMETER; they are undefined here at the end. Its code
// needs <string.h>, <stdio.h> and <wchar.h> with the run-time redirects.
#define PW_CHAR CHAR
#define PW_W(name) PW_STRSAFE_JOIN(name, A)
#define PW_STRSAFE_JOIN(name, w) PW_STRSAFE_JOIN2(name, w)
#define PW_STRSAFE_JOIN2(name, w) name##w
#define PW_VPRINT _vsnprintf
#include <pw_strsafe_body.h>
#undef PW_CHAR
#undef PW_W
#undef PW_VPRINT

#define PW_CHAR WCHAR
#define PW_W(name) PW_STRSAFE_JOIN(name, W)
#define PW_VPRINT _vsnwprintf
#include <pw_strsafe_body.h>
#undef PW_CHAR
#undef PW_W
#undef PW_VPRINT
#undef PW_STRSAFE_JOIN
#undef PW_STRSAFE_JOIN2

#undef PW_STRSAFE
#undef PW_STRSAFE_RESULT
#undef PW_STRSAFE_OK
#undef PW_STRSAFE_OVERFLOW
#undef PW_STRSAFE_BAD_PARAMETER
