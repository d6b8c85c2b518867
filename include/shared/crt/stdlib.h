// SPDX-License-Identifier: Apache-2.0
// <stdlib.h> for Partywall's users: the C library's, with the number and multibyte functions replaced.
#if defined(PARTYWALL_BUILD) || defined(__ASSEMBLER__)
#include_next <stdlib.h>
#else
#include "pw_crt_declare.h"
#include "pw_hide_stdlib.h"
#pragma GCC diagnostic push
#include_next <stdlib.h>
#pragma GCC diagnostic pop
#include "pw_unhide_stdlib.h"
#include "pw_crt_extra.h"
#endif
