// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/system_routine.h"

#include <algorithm>
#include <string>

#include "exceptions/exceptions.h"
#include "platform/exported_symbol.h"

namespace pw::io {

void* find_system_routine(std::u16string_view name, const void* facade) {
    const bool is_plain = std::all_of(name.begin(), name.end(), [](char16_t c) { return c > 0x20 && c < 0x7F; });
    if (name.empty() || !is_plain || name.starts_with(u"pw_") || name.starts_with(u"Pw")) return nullptr;
    const std::string text(name.begin(), name.end());
    if (void* routine = platform::find_exported_symbol(facade, text.c_str())) return routine;
    return platform::find_exported_symbol(reinterpret_cast<const void*>(&pw_seh_raise_status), text.c_str());
}

}  // namespace pw::io
