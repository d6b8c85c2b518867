// SPDX-License-Identifier: Apache-2.0
// <string.h> for Partywall's users: the C library's, with Microsoft's additions and, as there, the wcs functions.
#if defined(PARTYWALL_BUILD) || defined(__ASSEMBLER__)
#include_next <string.h>
#else
#include "pw_crt_declare.h"
#pragma GCC diagnostic push
#include_next <string.h>
#pragma GCC diagnostic pop
#include "pw_crt_extra.h"
#endif
