// SPDX-License-Identifier: Apache-2.0
// <limits.h> for Partywall's users: long has 32 bits in their text (unless partywall cc --lp64 said otherwise).
#include_next <limits.h>
#if !defined(PARTYWALL_BUILD) && !defined(PW_LP64)
#undef LONG_MAX
#undef LONG_MIN
#undef ULONG_MAX
#define LONG_MAX 2147483647
#define LONG_MIN (-2147483647 - 1)
#define ULONG_MAX 4294967295U
#endif
