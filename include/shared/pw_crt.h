// SPDX-License-Identifier: Apache-2.0
// The C run-time library for drivers and applications: Microsoft's behaviour under the standard names.
//
// How it works, and why this way:
//  * The folder include/shared/crt stands in front of the system's in the include path (-isystem) and wraps <stdio.h>,
//    <stdlib.h>, <string.h>, <wchar.h> and their C++ twins. A wrapper declares our functions first, each with the symbol
//    pw_<name>, reads the C library's header with the same names renamed away, and leaves ours visible. So the order of
//    includes does not matter, <cwchar> and <string> pick up the 16-bit functions, too, and nothing that was compiled
//    elsewhere changes its meaning.
//  * Redirecting after the C library's declaration fails where it carries a rename of its own (sscanf is __isoc99_sscanf)
//    or was used already by an inline; plain macros fail for std::, for addresses and for members of the same name.
//  * The printf family is a function-like macro on top (pw_crt_macros.h says why).
//  * std::wstring works with -fshort-wchar (bits/c++config.h says how). Wide iostreams do not, since their code stands in
//    libstdc++: <iostream> is fine, a use of std::wcout or std::wstringstream is refused at compile time.
// Partywall's own sources define PARTYWALL_BUILD, keep the system's 32-bit wchar_t, and get nothing from here.
#ifndef PW_CRT_H
#define PW_CRT_H
#ifndef PARTYWALL_BUILD

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#ifndef PW_CRT_DECLARE_H
#error "Partywall: put -isystem <prefix>/include/shared/crt on the command line (the order against other -isystem is free)"
#endif

#include "crt/pw_crt_extra.h"

#endif
#endif
