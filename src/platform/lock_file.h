// SPDX-License-Identifier: Apache-2.0
// LockFile: a file that one process holds at a time and that says which; the lock goes with the process, however it ends.
#pragma once

#include <cstdint>
#include <string>

#include "platform/descriptor.h"

namespace pw::platform {

class LockFile {
public:
    LockFile() = default;
    // Removes the file.
    ~LockFile();
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;

    enum class Outcome { held, busy, failed };
    // Does not wait. `busy`: *holder is the process id that has it (0 when it does not say). `failed`: *error is an errno.
    [[nodiscard]] Outcome acquire(const std::string& path, std::uint32_t* holder, int* error);

private:
    std::string path_;
    Descriptor file_;
};

}  // namespace pw::platform
