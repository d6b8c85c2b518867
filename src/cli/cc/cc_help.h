// SPDX-License-Identifier: Apache-2.0
// The text of 'partywall cc --help'.
#pragma once

#include <string_view>

namespace pw::cli {

inline constexpr std::string_view cc_help_text =
    R"(Compiles drivers and applications that were written for Windows.

Usage:
  partywall cc --driver [flags] files... -o name.sys
  partywall cc --app    [flags] files... -o name

Examples:
  partywall cc --driver driver.c queue.c -o queue.sys
  partywall cc --app main.c util.c -o tool -lpthread
  partywall cc --driver --cc clang -O2 -fsanitize=address driver.cpp -o driver.sys
  partywall cc --app -DUNICODE -D_UNICODE -c main.c -o main.o
  cmake -DCMAKE_C_COMPILER=partywall-app-cc -DCMAKE_CXX_COMPILER=partywall-app-c++ ...

Flags of its own:
  --driver, --app     what is built (partywall-driver-cc and partywall-app-cc imply it)
  --cc gcc|clang|PATH the compiler behind it; also the variable PARTYWALL_CC
  -j N                compile N sources at a time (default: one per processor)
  --verbose, -v       show the commands
  --lp64              leave `long` at 64 bits; without it the sources' own long has 32, as on Windows
  --json              list missing functions as JSON on standard output
  --help              this text

All other flags are the compiler's and are passed on: -c -E -S -x -o -D -U -I -L -l -O -g -std -W... -f... -m... -include
-isystem -MD -MF -MT -pthread -Wl,... @file. Windows' import libraries (kernel32.lib, -lntoskrnl ...) and resource scripts
are accepted and have no effect.

What it adds:
  headers     ntddk.h, wdm.h, ntifs.h, windows.h ...; names in any case and with backslashes; UTF-16 sources
  language    16-bit wchar_t, 32-bit long, Microsoft extensions, __try/__except/__finally, no strict aliasing, wrapping integers
  drivers     _AMD64_ _WIN64 _KERNEL_MODE _WIN32_WINNT=0x0A00 NTDDI_VERSION=0x0A000008, DBG=1 unless NDEBUG is defined;
              C++ without exceptions and RTTI, as under /kernel (-fexceptions, -frtti bring them back)
  programs    _WIN32 WIN32 _WIN64; void main, VOID main(ULONG, PCHAR[]), wmain, _tmain, WinMain
  not defined UNICODE (pass it) and _MSC_VER (it promises Microsoft's own headers; -D_MSC_VER=1929 if a source insists)

Functions that do not exist fail the link with a list: function, first use, and either 'known, not provided yet' or
'unknown'. Exit code: 0 success, 1 error in a source or in the command line, 127 no such compiler, 128+n signal n.
)";

}  // namespace pw::cli
