// SPDX-License-Identifier: Apache-2.0
#include "platform/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "platform/descriptor.h"

namespace pw::platform {
namespace {

constexpr int answer_timeout_ms = 200;

// ESC [ row ; column R
std::optional<CursorPosition> read_answer(int descriptor) {
    std::string answer;
    while (answer.size() < 32) {
        pollfd ready = {descriptor, POLLIN, 0};
        char c = 0;
        if (::poll(&ready, 1, answer_timeout_ms) != 1 || ::read(descriptor, &c, 1) != 1) return std::nullopt;
        answer += c;
        if (c == 'R') break;
    }
    CursorPosition position;
    const std::size_t start = answer.rfind("\x1B[");
    if (start == std::string::npos || std::sscanf(answer.c_str() + start, "\x1B[%d;%dR", &position.row, &position.column) != 2) {
        return std::nullopt;
    }
    return CursorPosition{position.column - 1, position.row - 1};
}

}  // namespace

std::optional<TerminalSize> terminal_size(int descriptor) {
    winsize size = {};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return std::nullopt;
    return TerminalSize{size.ws_col, size.ws_row};
}

std::optional<CursorPosition> cursor_position() {
    const Descriptor terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios before = {};
    if (!terminal || ::tcgetattr(terminal.get(), &before) != 0) return std::nullopt;
    termios raw = before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    if (::tcsetattr(terminal.get(), TCSANOW, &raw) != 0) return std::nullopt;
    constexpr char question[] = "\x1B[6n";
    std::optional<CursorPosition> position;
    if (::write(terminal.get(), question, sizeof question - 1) == sizeof question - 1) position = read_answer(terminal.get());
    ::tcsetattr(terminal.get(), TCSANOW, &before);
    return position;
}

std::optional<TerminalInput> terminal_input(int descriptor) {
    termios now = {};
    if (::tcgetattr(descriptor, &now) != 0) return std::nullopt;
    return TerminalInput{(now.c_lflag & ISIG) != 0, (now.c_lflag & ICANON) != 0, (now.c_lflag & ECHO) != 0};
}

bool set_terminal_input(int descriptor, const TerminalInput& input) {
    termios wanted = {};
    if (::tcgetattr(descriptor, &wanted) != 0) return false;
    wanted.c_lflag &= ~static_cast<tcflag_t>(ISIG | ICANON | ECHO);
    if (input.signals) wanted.c_lflag |= ISIG;
    if (input.lines) wanted.c_lflag |= ICANON;
    if (input.echo) wanted.c_lflag |= ECHO;
    return ::tcsetattr(descriptor, TCSANOW, &wanted) == 0;
}

bool discard_terminal_input(int descriptor) { return ::tcflush(descriptor, TCIFLUSH) == 0; }

}  // namespace pw::platform
