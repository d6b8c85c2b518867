// SPDX-License-Identifier: Apache-2.0
#include "win32_api/name_pattern.h"

#include "kernel/rtl/letter_case.h"

namespace pw::win32 {
namespace {

bool equal(char16_t a, char16_t b, bool ignore_case) { return a == b || (ignore_case && rtl::upcase(a) == rtl::upcase(b)); }

bool match(std::u16string_view pattern, std::u16string_view name, bool ignore_case) {
    while (!pattern.empty()) {
        const char16_t c = pattern.front();
        if (c == u'*') {
            while (!pattern.empty() && pattern.front() == u'*') pattern.remove_prefix(1);
            if (pattern.empty()) return true;
            for (std::size_t i = 0; i <= name.size(); ++i) {
                if (match(pattern, name.substr(i), ignore_case)) return true;
            }
            return false;
        }
        pattern.remove_prefix(1);
        if (c == u'?') {
            if (!name.empty() && name.front() != u'.') name.remove_prefix(1);
            continue;
        }
        if (c == u'.' && name.empty() && pattern.find_first_not_of(u"*?") == std::u16string_view::npos) return true;
        if (name.empty() || !equal(c, name.front(), ignore_case)) return false;
        name.remove_prefix(1);
    }
    return name.empty();
}

}  // namespace

bool matches_pattern(std::u16string_view pattern, std::u16string_view name, bool ignore_case) {
    if (pattern.size() > 1 && pattern.ends_with(u'.') && has_wildcards(pattern)) {
        return name.find(u'.') == std::u16string_view::npos && match(pattern.substr(0, pattern.size() - 1), name, ignore_case);
    }
    return match(pattern, name, ignore_case);
}

bool has_wildcards(std::u16string_view pattern) { return pattern.find_first_of(u"*?") != std::u16string_view::npos; }

}  // namespace pw::win32
