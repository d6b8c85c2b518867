#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_headers.sh INCLUDE_ROOT COMPILER c|c++ STANDARD: every header of the application side alone, twice in one file,
# with and without UNICODE, then the combinations that users write. Prints what fails; silent where all is well.
set -u
root=$1 compiler=$2 language=$3 standard=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

check() { # name; the source on standard input
  cat >"$folder/source"
  for unicode in "" "-DUNICODE -D_UNICODE"; do
    # shellcheck disable=SC2086
    if ! "$compiler" -x "$language" -std="$standard" -fshort-wchar -Wall -Wextra -Werror $unicode \
      -isystem "$root/shared/cxx" -isystem "$root/shared/crt" -I"$root/shared" -I"$root/win32" -I"$root/wdk" \
      -fsyntax-only "$folder/source" >"$folder/log" 2>&1; then
      echo "FAILED: $1 ($compiler $language $standard $unicode)"
      head -5 "$folder/log"
      failures=$((failures + 1))
    fi
  done
}

for header in "$root"/win32/*.h; do
  name=$(basename "$header")
  printf '#include <%s>\n#include <%s>\nint pw_dummy(void);\n' "$name" "$name" | check "$name"
done
printf '#include <windows.h>\n#include <ntddk.h>\n#include <winternl.h>\n' | check "windows.h before ntddk.h"
printf '#include <ntddk.h>\n#include <windows.h>\n#include <winioctl.h>\n' | check "ntddk.h before windows.h"
printf '#include <ntifs.h>\n#include <windows.h>\n#include <winternl.h>\n#include <strsafe.h>\n#include <tchar.h>\n' |
  check "ntifs.h with the application's headers"
printf '#define WIN32_NO_STATUS\n#include <windows.h>\n#undef WIN32_NO_STATUS\n#include <ntstatus.h>\n#include <conio.h>\n' |
  check "WIN32_NO_STATUS"
printf '#define WIN32_LEAN_AND_MEAN\n#define NOMINMAX\n#include <windows.h>\n#include <winioctl.h>\n#include <tchar.h>\n' |
  check "lean"
printf '#include <windows.h>\n#ifdef UNICODE\nLPCTSTR a = L"x";\n#else\nLPCTSTR a = "x";\n#endif\nLPCTSTR b = TEXT("y");\n' |
  check "TCHAR follows UNICODE"
printf '#include <ntddk.h>\nULONG f(ULONG a, ULONG b) { return min(a, b) + max(a, 1u); }\n' | check "min and max in a driver"
printf '#include <ntddk.h>\nint f(ULONG c) { switch (c) { case CTL_CODE(0x8000, 1, METHOD_BUFFERED, FILE_ANY_ACCESS): return 1; default: return 0; } }\n' |
  check "a vendor's control code as a case"
if [ "$language" = c++ ]; then
  printf 'extern "C" {\n#include <ntifs.h>\n#include <ntstrsafe.h>\n#include <wdmsec.h>\n#include <ntintsafe.h>\n#include <stdlib.h>\n}\nUNICODE_STRING s = RTL_CONSTANT_STRING(L"x");\nenum : ULONG { code = CTL_CODE(0x8000, 1, 0, 0) };\n' |
    check "a driver's headers within extern C"
  printf 'extern "C" {\n#include <windows.h>\n#include <winioctl.h>\n#include <strsafe.h>\n#include <tchar.h>\n}\nint f(int a) { return min(a, 1); }\n' |
    check "an application's headers within extern C"
  printf '#include <windows.h>\n%s\nusing namespace std;\nint f(int a, int b, long c) { return min(a, b) + std::max(a, b) + (int)max((long)a, c); }\nint g() { return std::numeric_limits<int>::max(); }\n' \
    "$(printf '#include <%s>\n' algorithm string vector map iostream memory limits thread functional chrono mutex random)" |
    check "the C++ library after windows.h"
fi
[ "$failures" -eq 0 ] && echo "all headers compile"
exit "$failures"
