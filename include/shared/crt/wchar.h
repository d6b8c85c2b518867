// SPDX-License-Identifier: Apache-2.0
// <wchar.h> for Partywall's users: the C library's, with the functions on wchar_t replaced by 16-bit ones.
#if defined(PARTYWALL_BUILD) || defined(__ASSEMBLER__)
#include_next <wchar.h>
#else
#include "pw_crt_declare.h"
#include "pw_hide_wchar.h"
#pragma GCC diagnostic push
#include_next <wchar.h>
#pragma GCC diagnostic pop
#include "pw_unhide_wchar.h"
#include "pw_crt_macros.h"
#endif
