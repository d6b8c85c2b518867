// SPDX-License-Identifier: Apache-2.0
// system(): the machine's shell, with the two commands of Windows' that programs call it for.
#include <unistd.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "crt/crt_api.h"

namespace {

// In lower case, without blanks and without "> nul" behind it, which `quiet` says.
std::string bare_command(const char* command, bool* quiet) {
    std::string bare;
    for (const char* c = command; *c != '\0'; ++c) {
        if (std::isspace(static_cast<unsigned char>(*c)) == 0) bare += static_cast<char>(std::tolower(static_cast<unsigned char>(*c)));
    }
    *quiet = bare.size() > 4 && bare.ends_with(">nul");
    if (*quiet) bare.resize(bare.size() - 4);
    return bare;
}

}  // namespace

extern "C" int pw_system(const char* command) {
    if (command == nullptr) return std::system(nullptr);
    bool quiet = false;
    const std::string bare = bare_command(command, &quiet);
    if (bare == "pause") {
        if (!quiet) std::fputs("Press any key to continue . . . ", stdout);
        static_cast<void>(pw__getch());
        if (!quiet) std::fputc('\n', stdout);
        return 0;
    }
    if (bare == "cls") {
        if (::isatty(STDOUT_FILENO) != 0) std::fputs("\033[H\033[2J", stdout);
        return 0;
    }
    std::fflush(stdout);
    const int status = std::system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : status;
}
