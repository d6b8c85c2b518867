// SPDX-License-Identifier: Apache-2.0
// Ctrl+C and its kin: SIGINT is CTRL_C_EVENT, SIGQUIT CTRL_BREAK_EVENT, SIGHUP and SIGTERM CTRL_CLOSE_EVENT.
#include <algorithm>
#include <vector>

#include "base/lock.h"
#include "platform/console_signals.h"
#include "win32/consoleapi.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;
using pw::platform::ConsoleSignal;

namespace {

struct Handlers {
    pw::Mutex lock{pw::LockRank::leaf};
    std::vector<PHANDLER_ROUTINE> routines PW_GUARDED_BY(lock);
    bool listening PW_GUARDED_BY(lock) = false;
};

Handlers& handlers() {
    static Handlers* const all = new Handlers;
    return *all;
}

DWORD event_of(ConsoleSignal signal) {
    switch (signal) {
        case ConsoleSignal::interrupt: return CTRL_C_EVENT;
        case ConsoleSignal::quit: return CTRL_BREAK_EVENT;
        default: return CTRL_CLOSE_EVENT;
    }
}

// "The functions are called on a last-registered, first-called basis until one of the handlers returns TRUE." After
// CTRL_CLOSE_EVENT the process ends whatever they return.
void deliver(ConsoleSignal signal) {
    std::vector<PHANDLER_ROUTINE> routines;
    {
        pw::MutexLock lock(handlers().lock);
        routines = handlers().routines;
    }
    const DWORD event = event_of(signal);
    const bool handled = std::any_of(routines.rbegin(), routines.rend(), [event](PHANDLER_ROUTINE r) { return r(event) != FALSE; });
    if (!handled || event == CTRL_CLOSE_EVENT) pw::platform::default_console_signal(signal);
}

}  // namespace

BOOL WINAPI SetConsoleCtrlHandler(PHANDLER_ROUTINE routine, BOOL add) {
    pw::MutexLock lock(handlers().lock);
    if (routine == nullptr) {
        pw::platform::ignore_interrupts(add != FALSE);
        return TRUE;
    }
    std::vector<PHANDLER_ROUTINE>& routines = handlers().routines;
    if (add) {
        if (!handlers().listening && !pw::platform::take_console_signals(deliver)) return fail(ERROR_NOT_ENOUGH_MEMORY);
        handlers().listening = true;
        routines.push_back(routine);
        return TRUE;
    }
    const auto found = std::find(routines.rbegin(), routines.rend(), routine);
    if (found == routines.rend()) return fail(ERROR_INVALID_PARAMETER);
    routines.erase(std::next(found).base());
    return TRUE;
}
