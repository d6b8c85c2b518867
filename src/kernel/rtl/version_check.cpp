// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/version_check.h"

namespace pw::rtl {
namespace {

constexpr unsigned condition_bits = 3;
constexpr std::uint32_t part_count = 8;

// Bits of a type mask, in the order of their conditions.
enum Part : unsigned { minor, major, build, platform, service_pack_minor, service_pack_major, suite, product_type };
// Conditions; the last two are for suites.
enum Condition : unsigned { equal = 1, greater = 2, greater_equal = 3, less = 4, less_equal = 5, all_of = 6, any_of = 7 };

unsigned condition_of(std::uint64_t conditions, unsigned part) { return static_cast<unsigned>(conditions >> (part * condition_bits)) & 7; }

bool holds(unsigned condition, std::uint32_t system, std::uint32_t wanted) {
    switch (condition) {
        case equal: return system == wanted;
        case greater: return system > wanted;
        case greater_equal: return system >= wanted;
        case less: return system < wanted;
        default: return system <= wanted;
    }
}

}  // namespace

std::uint64_t set_condition(std::uint64_t mask, std::uint32_t type_mask, std::uint8_t condition) {
    for (unsigned part = 0; part < part_count; ++part) {
        if (type_mask >> part & 1) mask |= std::uint64_t{condition & 7u} << (part * condition_bits);
    }
    return mask;
}

VersionVerdict verify_version(const Version& system, const Version& wanted, std::uint32_t type_mask, std::uint64_t conditions) {
    if (type_mask == 0 || type_mask >> part_count != 0) return VersionVerdict::invalid;
    const auto asks = [&](unsigned part) { return (type_mask >> part & 1) != 0; };
    for (unsigned part = 0; part < part_count; ++part) {
        const unsigned condition = condition_of(conditions, part);
        if (asks(part) && (condition == 0 || (condition >= all_of && part != suite))) return VersionVerdict::invalid;
    }
    const auto meets = [&](unsigned part, std::uint32_t here, std::uint32_t there) {
        return !asks(part) || holds(condition_of(conditions, part), here, there);
    };
    if (!meets(product_type, system.product_type, wanted.product_type) || !meets(platform, system.platform, wanted.platform) ||
        !meets(build, system.build, wanted.build)) {
        return VersionVerdict::differs;
    }
    if (asks(suite)) {
        const std::uint32_t common = system.suites & wanted.suites;
        const bool has_any = common != 0 || wanted.suites == 0;
        if (condition_of(conditions, suite) == any_of ? !has_any : common != wanted.suites) return VersionVerdict::differs;
    }
    const struct {
        unsigned part;
        std::uint32_t here, there;
    } ordered[] = {{major, system.major, wanted.major},
                   {minor, system.minor, wanted.minor},
                   {service_pack_major, system.service_pack_major, wanted.service_pack_major},
                   {service_pack_minor, system.service_pack_minor, wanted.service_pack_minor}};
    // "If the major version is greater, the condition holds whatever the minor version is": the first part that differs decides,
    // by its own condition, or by the first one that was asked for where that is an order.
    unsigned order = 0;
    for (const auto& [part, here, there] : ordered) {
        if (!asks(part)) continue;
        const unsigned condition = condition_of(conditions, part);
        if (order == 0) order = condition;
        if (here != there) return holds(order, here, there) ? VersionVerdict::meets : VersionVerdict::differs;
        if (condition == equal) order = 0;
    }
    // All are equal: a strict order is not met.
    return order == greater || order == less ? VersionVerdict::differs : VersionVerdict::meets;
}

}  // namespace pw::rtl
