// SPDX-License-Identifier: Apache-2.0
// <stdio.h> for Partywall's users: the C library's, with the formatted functions replaced.
#if defined(PARTYWALL_BUILD) || defined(__ASSEMBLER__)
#include_next <stdio.h>
#else
#include "pw_crt_declare.h"
#include "pw_hide_stdio.h"
#pragma GCC diagnostic push
#include_next <stdio.h>
#pragma GCC diagnostic pop
#include "pw_unhide_stdio.h"
#include "pw_crt_macros.h"
#endif
