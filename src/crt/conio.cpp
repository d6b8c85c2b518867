// SPDX-License-Identifier: Apache-2.0
// The console functions: keys without waiting for a line and without echo, where standard input is a terminal.
#include <poll.h>
#include <termios.h>

#include <cstdio>

#include "crt/crt_api.h"

namespace pw::crt {
namespace {

// Switches the terminal to unbuffered input for one call; does nothing for a pipe or a file.
class RawTerminal {
public:
    explicit RawTerminal(bool echo) {
        active_ = tcgetattr(k_stdin, &saved_) == 0;
        if (!active_) return;
        termios raw = saved_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON);
        if (!echo) raw.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        tcsetattr(k_stdin, TCSANOW, &raw);
    }
    ~RawTerminal() {
        if (active_) tcsetattr(k_stdin, TCSANOW, &saved_);
    }
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;

    static constexpr int k_stdin = 0;

private:
    termios saved_{};
    bool active_ = false;
};

int read_key(bool echo) {
    std::fflush(stdout);
    const RawTerminal raw(echo);
    const int c = std::fgetc(stdin);
    return c == '\n' ? '\r' : c;  // the Enter key is a carriage return on Windows' console
}

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

extern "C" {

int pw__kbhit(void) {
    if (stdin->_IO_read_ptr != stdin->_IO_read_end) return 1;  // a key that an earlier read took along
    const RawTerminal raw(false);
    pollfd entry{RawTerminal::k_stdin, POLLIN, 0};
    return poll(&entry, 1, 0) > 0 && (entry.revents & POLLIN) != 0 ? 1 : 0;
}

int pw__getch(void) { return read_key(false); }
int pw__getche(void) { return read_key(true); }
int pw__putch(int c) { return std::putchar(c); }
int pw__cputs(const char* text) { return std::fputs(text, stdout) < 0 ? -1 : 0; }

}  // extern "C"
