// SPDX-License-Identifier: Apache-2.0
// The lexical pre-pass of `partywall cc`: any text, in C and in C++. Line numbers stay, and text without the keywords comes
// back as it was.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "cli/cc/seh_prepass.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 20'000) return 0;
    const std::string_view source(reinterpret_cast<const char*>(data), size);
    for (const bool cplusplus : {false, true}) {
        pw::cli::SehPrepassOptions options;
        options.cplusplus = cplusplus;
        options.macros = pw::cli::find_seh_macros(source, options);
        static_cast<void>(pw::cli::has_partial_seh_macros(source, options));
        const std::string result = pw::cli::rewrite_seh(source, options);
        PW_CHECK(std::count(result.begin(), result.end(), '\n') == std::count(source.begin(), source.end(), '\n'));
        const auto mentions = [&](std::string_view word) { return source.find(word) != std::string_view::npos; };
        const bool is_plain = !mentions("try") && !mentions("except") && !mentions("finally") && !mentions("leave");
        if (is_plain && options.macros.empty()) PW_CHECK(result == source);
    }
    return 0;
}
