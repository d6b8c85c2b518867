// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace pw {

void check_failed(const char* file, int line, const char* text) {
    std::fprintf(stderr, "partywall: %s:%d: check failed: %s (this is a defect of Partywall, please report it)\n", file,
                 line, text);
    std::fflush(stderr);
    std::abort();
}

}  // namespace pw
