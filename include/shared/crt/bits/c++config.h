// SPDX-License-Identifier: Apache-2.0
// libstdc++'s configuration for Partywall's users: the library's ready-made instantiations (basic_string<wchar_t> among
// them) were compiled for a 32-bit wchar_t, so every template is instantiated in the user's own translation unit, where
// char_traits<wchar_t> calls the 16-bit functions of <wchar.h>.
#ifndef PARTYWALL_BUILD
#define _GLIBCXX_EXTERN_TEMPLATE 0
#endif
#include_next <bits/c++config.h>
