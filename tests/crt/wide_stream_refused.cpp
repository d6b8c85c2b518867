// SPDX-License-Identifier: Apache-2.0
// Must not compile: wide iostreams read wchar_t as 32 bits.
#include <pw_crt.h>
#include <iostream>

int main() {
    std::wcout << L"text";
}
