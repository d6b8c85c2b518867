// SPDX-License-Identifier: Apache-2.0
#include "host/limits.h"

#include <charconv>
#include <cstdint>
#include <limits>

namespace pw::host {
namespace {

constexpr std::uint64_t page_bytes = 4096;
constexpr std::uint64_t pages_per_mib = 256;

// "4096", "64K", "512M", "8G", "1T"; false when it is none of these or does not fit.
bool parse_value(std::string_view text, std::uint64_t* value, bool* has_unit) {
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, *value);
    if (parsed.ec != std::errc()) return false;
    *has_unit = parsed.ptr != end;
    if (!*has_unit) return true;
    constexpr std::string_view units = "KMGT";
    const std::size_t unit = units.find(*parsed.ptr);
    if (parsed.ptr + 1 != end || unit == std::string_view::npos) return false;
    const auto shift = static_cast<unsigned>(10 * (unit + 1));
    if (*value > std::numeric_limits<std::uint64_t>::max() >> shift) return false;
    *value <<= shift;
    return true;
}

// `value` is in bytes where a size is meant.
bool assign_size(std::string_view name, std::uint64_t value, ps::ProcessLimits* limits) {
    const std::uint64_t pages = value / page_bytes + (value % page_bytes != 0);
    if (name == "commit") limits->max_committed_pages = pages;
    else if (name == "locked") limits->max_locked_pages = pages;
    else return false;
    return true;
}

bool assign_number(std::string_view name, std::uint64_t value, ps::ProcessLimits* limits) {
    const auto number = [&](std::uint32_t& target) {
        if (value > std::numeric_limits<std::uint32_t>::max()) return false;
        target = static_cast<std::uint32_t>(value);
        return true;
    };
    const auto mib = [&](std::uint64_t& target) {
        if (value > std::numeric_limits<std::uint64_t>::max() / pages_per_mib) return false;
        target = value * pages_per_mib;
        return true;
    };
    if (name == "handles") return number(limits->max_handles);
    if (name == "threads") return number(limits->max_threads);
    if (name == "pending-requests" || name == "irps") return number(limits->max_pending_requests);
    if (name == "named-objects") return number(limits->max_named_objects);
    if (name == "segments") return number(limits->max_segments);
    if (name == "committed-mib") return mib(limits->max_committed_pages);
    if (name == "locked-mib") return mib(limits->max_locked_pages);
    return false;
}

}  // namespace

bool parse_limits(std::string_view text, ps::ProcessLimits* limits, std::string* error) {
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(','));
        text.remove_prefix(item.size() == text.size() ? item.size() : item.size() + 1);
        const std::size_t equals = item.find('=');
        const std::string_view name = item.substr(0, equals);
        std::uint64_t value = 0;
        bool has_unit = false;
        const bool is_value = equals != std::string_view::npos && parse_value(item.substr(equals + 1), &value, &has_unit);
        if (!is_value || !(assign_size(name, value, limits) || (!has_unit && assign_number(name, value, limits)))) {
            *error = "'" + std::string(item) +
                     "' is no limit: write handles=N, threads=N, irps=N, named-objects=N, segments=N, commit=SIZE or "
                     "locked=SIZE, a size as in 512M or 8G";
            return false;
        }
    }
    return true;
}

}  // namespace pw::host
