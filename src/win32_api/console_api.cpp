// SPDX-License-Identifier: Apache-2.0
// Standard handles and the console's text output.
#include "win32/consoleapi.h"

#include <array>

#include "base/lock.h"
#include "win32_api/console_of.h"
#include "win32_api/host_io.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

class StandardHandles {
public:
    static StandardHandles& instance() {
        static StandardHandles* const handles = new StandardHandles;
        return *handles;
    }
    // STD_INPUT_HANDLE and so on; 3 or more for another number.
    static unsigned index_of(DWORD which) { return STD_INPUT_HANDLE - which; }

    HANDLE get(unsigned index) {
        pw::MutexLock lock(lock_);
        return handles_[index];
    }
    void set(unsigned index, HANDLE handle) {
        pw::MutexLock lock(lock_);
        handles_[index] = handle;
    }

private:
    StandardHandles() {
        for (unsigned i = 0; i < 3; ++i) {
            const HANDLE handle = HostHandles::instance().standard(i);
            // "If an application has no associated standard handles, the return value is NULL."
            handles_[i] = HostHandles::instance().find(handle) ? handle : nullptr;
        }
    }

    pw::Mutex lock_{pw::LockRank::leaf};
    std::array<HANDLE, 3> handles_ PW_GUARDED_BY(lock_){};
};

BOOL write_console(HANDLE handle, std::string_view text, DWORD characters, LPDWORD written) {
    const auto console = console_of(handle);
    if (!console) return FALSE;
    DWORD bytes = 0;
    if (!write_host(*console, text.data(), static_cast<DWORD>(text.size()), &bytes, nullptr)) return FALSE;
    if (written != nullptr) *written = characters;
    return TRUE;
}

}  // namespace

HANDLE WINAPI GetStdHandle(DWORD which) {
    const unsigned index = StandardHandles::index_of(which);
    if (index < 3) return StandardHandles::instance().get(index);
    fail(ERROR_INVALID_HANDLE);
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI SetStdHandle(DWORD which, HANDLE handle) {
    const unsigned index = StandardHandles::index_of(which);
    if (index >= 3) return fail(ERROR_INVALID_HANDLE);
    StandardHandles::instance().set(index, handle);
    return TRUE;
}

BOOL WINAPI WriteConsoleA(HANDLE console, const VOID* buffer, DWORD count, LPDWORD written, LPVOID) {
    return write_console(console, std::string_view(static_cast<const char*>(buffer), count), count, written);
}

BOOL WINAPI WriteConsoleW(HANDLE console, const VOID* buffer, DWORD count, LPDWORD written, LPVOID) {
    return write_console(console, narrow(std::u16string_view(static_cast<const char16_t*>(buffer), count)), count, written);
}
