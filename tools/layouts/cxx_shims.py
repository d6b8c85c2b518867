#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes include/shared/cxx/: one shim per C++ library header, which hides the SAL 1 names
(__in, __out ... are identifiers inside libstdc++) while the real header is read."""
import pathlib
import sys

HEADERS = """
algorithm any array atomic barrier bit bitset cassert ccomplex cctype cerrno cfenv cfloat charconv
chrono cinttypes climits clocale cmath codecvt compare complex concepts condition_variable coroutine
csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque
exception execution filesystem forward_list fstream functional future initializer_list iomanip ios
iosfwd iostream istream iterator latch limits list locale map memory memory_resource mutex new
numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore set
shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view
syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set
utility valarray variant vector version
""".split()

SHIM = """// SPDX-License-Identifier: Apache-2.0
// <{name}> with the SAL 1 names hidden while it is read (written by tools/layouts/cxx_shims.py).
#ifdef PW_SAL1_IS_ON
#include <pw_sal1_off.h>
#include_next <{name}>
#include <pw_sal1_on.h>
#else
#include_next <{name}>
#endif
"""


def main() -> int:
    folder = pathlib.Path(__file__).resolve().parents[2] / "include" / "shared" / "cxx"
    folder.mkdir(parents=True, exist_ok=True)
    for name in HEADERS:
        (folder / name).write_text(SHIM.format(name=name))
    print(f"{len(HEADERS)} shims in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
