// SPDX-License-Identifier: Apache-2.0
#include "host/report_output.h"

#include <cstdio>

#include "host/driver_loader.h"

namespace pw::host {

void ReportOutput::debug_print(const void* caller, std::string_view text) {
    if (quiet_) return;
    const std::string path = driver_at(caller);
    const std::string owner = path.empty() ? "driver" : path.substr(path.find_last_of('/') + 1);
    std::string out;
    {
        MutexLock lock(lock_);
        if (in_line_ && line_owner_ != owner) {
            out += '\n';
            in_line_ = false;
        }
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = text.find('\n', begin);
            if (!in_line_) out += owner + ": ";
            out += text.substr(begin, end == std::string_view::npos ? end : end - begin + 1);
            in_line_ = end == std::string_view::npos;
            begin = in_line_ ? text.size() : end + 1;
        }
        line_owner_ = owner;
        // One write per call, under the lock: lines of several drivers do not mix.
        std::fwrite(out.data(), 1, out.size(), stderr);
        std::fflush(stderr);
    }
}

void ReportOutput::report(const std::string& line) {
    MutexLock lock(lock_);
    std::fprintf(stderr, "%spartywall: %s\n", in_line_ ? "\n" : "", line.c_str());
    std::fflush(stderr);
    in_line_ = false;
}

}  // namespace pw::host
