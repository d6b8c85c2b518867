// SPDX-License-Identifier: Apache-2.0
// NamedObject: the OBJECT_ATTRIBUTES of an event, mutex, semaphore or file mapping, made from Win32 arguments.
#pragma once

#include <string>
#include <string_view>

#include "win32/minwinbase.h"

namespace pw::win32 {

// "Name", "Global\Name" and "Local\Name" become "\BaseNamedObjects\Name": there is one session, so both prefixes, which
// are case-sensitive, lead to the same place. Any other backslash stays, and names a directory that is not there.
[[nodiscard]] std::u16string object_path(std::u16string_view name);

class NamedObject {
public:
    // For a Create… function: opens what is there (OBJ_OPENIF). A null or empty name means none. The descriptor is the
    // caller's and is used as long as the call runs.
    NamedObject(const SECURITY_ATTRIBUTES* security, LPCWSTR name);
    // For an Open… function; the name is not null.
    NamedObject(BOOL inherit, LPCWSTR name);
    NamedObject(const NamedObject&) = delete;
    NamedObject& operator=(const NamedObject&) = delete;

    // False: the name has more than MAX_PATH characters; ERROR_FILENAME_EXCED_RANGE is set.
    [[nodiscard]] bool is_valid() const;
    [[nodiscard]] OBJECT_ATTRIBUTES* get() { return &attributes_; }

private:
    void take_name(LPCWSTR name);

    std::u16string path_;
    UNICODE_STRING string_{};
    OBJECT_ATTRIBUTES attributes_{};
    bool is_too_long_ = false;
};

}  // namespace pw::win32
