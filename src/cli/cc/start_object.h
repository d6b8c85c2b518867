// SPDX-License-Identifier: Apache-2.0
// The small C source that joins an unusual entry point (void main, wmain, WinMain ...) to what the C library calls.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace pw::cli {

// Whether the program's objects define a symbol, or use it.
using SymbolQuestion = std::function<bool(std::string_view)>;

// defines tells whether the program's objects define a symbol. Empty if an ordinary main, or no entry point, is there.
//
// A main that returns nothing gives exit code 0. wmain gets its arguments in UTF-16. WinMain gets the image's base as
// instance, no previous instance, the arguments as one string quoted by Microsoft's rules, and SW_SHOWDEFAULT.
[[nodiscard]] std::string start_source(const SymbolQuestion& defines);

// What C++ drivers need from a run time that a driver does not link: __cxa_pure_virtual, and the operator delete with a size
// where a driver defines the one without, or the other way round. Empty if it needs nothing.
[[nodiscard]] std::string driver_cxx_source(const SymbolQuestion& defines, const SymbolQuestion& needs);

}  // namespace pw::cli
