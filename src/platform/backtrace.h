// SPDX-License-Identifier: Apache-2.0
// Backtraces: the calling thread's return addresses, and the function, file and line that an address belongs to.
#pragma once

#include <cstdint>
#include <string>

namespace pw::platform {

// Fills `addresses` with up to `capacity` return addresses, innermost first, without the `skip` innermost callers.
// Returns how many.
int capture_backtrace(const void** addresses, int capacity, int skip = 0);
// The same from a fault: the instruction, then the chain of frame pointers (our code and drivers are compiled with them).
// Memory that is not readable ends the chain.
int capture_backtrace_from(const void* instruction, const void* frame_pointer, const void** addresses, int capacity);

struct SourcePlace {
    std::string function;  // demangled; empty if unknown
    std::string file;      // empty without debug information
    int line = 0;
    std::string module = "?";        // the ELF file's name
    std::uint64_t module_offset = 0;  // of the address from the module's start
};

// Reads debug information with libdw if that is installed, else knows exported functions only. Allocates; slow; not in
// signal handlers.
class Symbolizer {
public:
    Symbolizer();
    ~Symbolizer();
    Symbolizer(const Symbolizer&) = delete;
    Symbolizer& operator=(const Symbolizer&) = delete;

    // is_return_address: look up the call in front of it.
    [[nodiscard]] SourcePlace find(const void* address, bool is_return_address);

private:
    void* dwfl_ = nullptr;  // Dwfl*
};

}  // namespace pw::platform
