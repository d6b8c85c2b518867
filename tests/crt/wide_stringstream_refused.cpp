// SPDX-License-Identifier: Apache-2.0
// Must not compile: wide string streams read wchar_t as 32 bits.
#include <pw_crt.h>
#include <sstream>

int main() {
    std::wostringstream out;
}
