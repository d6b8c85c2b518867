// SPDX-License-Identifier: Apache-2.0
// <malloc.h> for Partywall's users: the C library's, with Microsoft's _alloca and aligned blocks.
#include_next <malloc.h>
#ifndef PARTYWALL_BUILD
#include "pw_crt_extra.h"
#endif
