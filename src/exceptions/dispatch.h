// SPDX-License-Identifier: Apache-2.0
// Finds the handler of an exception and unwinds to it, in NT's two phases.
#pragma once

#include "exceptions/exceptions.h"

namespace pw::seh {

enum class Dispatched { Continue, Unhandled };

// Phase one asks vectored handlers, then the filters from the innermost frame outwards, then the unhandled hook, while the
// raiser's stack stays as it is. If a filter takes the exception, phase two runs the termination handlers on the way, then
// the handler, and does not return. `context` may be changed by whoever continues.
[[nodiscard]] Dispatched dispatch(EXCEPTION_RECORD& record, CONTEXT& context);

// True if somebody might handle an exception of the calling thread.
[[nodiscard]] bool anyone_to_ask();

// Calls the vectored handlers; true if one continued the execution.
[[nodiscard]] bool ask_vectored(EXCEPTION_POINTERS& pointers);
[[nodiscard]] bool any_vectored();

// Ends the process with a message that names the exception.
[[noreturn]] void end_unhandled(const EXCEPTION_RECORD& record);

}  // namespace pw::seh
