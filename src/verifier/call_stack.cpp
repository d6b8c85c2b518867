// SPDX-License-Identifier: Apache-2.0
#include "verifier/call_stack.h"

#include "platform/backtrace.h"

namespace pw::verifier {

[[gnu::noinline]] CallStack CallStack::capture(int skip) {
    CallStack stack;
    stack.count_ = platform::capture_backtrace(stack.addresses_.data(), capacity, skip + 1);
    return stack;
}

std::string CallStack::text(const char* indent) const {
    std::string out;
    platform::Symbolizer symbolizer;
    for (const void* address : frames()) {
        const platform::SourcePlace place = symbolizer.find(address, true);
        // Our own frames say nothing about the driver.
        if (place.function.starts_with("pw::")) continue;
        // What is further out is how the C library starts threads and programs.
        if (place.function == "start_thread" || place.function.find("call_main") != std::string::npos) break;
        out += indent;
        out += "at " + (place.function.empty() ? std::string("?") : place.function);
        if (!place.file.empty()) out += " " + place.file + ":" + std::to_string(place.line);
        out += " (" + place.module + ")\n";
    }
    return out;
}

}  // namespace pw::verifier
