// SPDX-License-Identifier: Apache-2.0
#include "host/limits.h"

#include <charconv>
#include <cstdint>
#include <limits>

namespace pw::host {
namespace {

constexpr std::uint64_t pages_per_mib = 256;

bool assign(std::string_view name, std::uint64_t value, ps::ProcessLimits* limits) {
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
    if (name == "pending-requests") return number(limits->max_pending_requests);
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
        std::uint64_t value = 0;
        const char* const end = item.data() + item.size();
        const char* const begin = equals == std::string_view::npos ? end : item.data() + equals + 1;
        const auto parsed = std::from_chars(begin, end, value);
        if (begin == end || parsed.ec != std::errc() || parsed.ptr != end || !assign(item.substr(0, equals), value, limits)) {
            *error = "'" + std::string(item) +
                     "' is no limit: write NAME=NUMBER with handles, threads, pending-requests, named-objects, segments, "
                     "committed-mib or locked-mib";
            return false;
        }
    }
    return true;
}

}  // namespace pw::host
