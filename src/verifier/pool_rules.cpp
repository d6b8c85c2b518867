// SPDX-License-Identifier: Apache-2.0
#include "verifier/pool_rules.h"

#include <cstdio>
#include <vector>

namespace pw::verifier {
namespace {

std::string tag_text(std::uint32_t tag) {
    std::string text;
    for (int i = 0; i < 4; ++i) {
        const char c = static_cast<char>(tag >> (8 * i));
        text += c >= 0x20 && c < 0x7F ? c : '.';
    }
    return text;
}

}  // namespace

void PoolRules::allocated(void* block, std::size_t bytes, std::uint32_t tag) {
    const CallStack stack = CallStack::capture(1);
    const io::DriverObject* driver = images_.of(stack);
    if (!driver) return;
    MutexLock lock(lock_);
    blocks_[block] = {bytes, tag, driver, stack};
}

void PoolRules::freeing(void* block) {
    MutexLock lock(lock_);
    blocks_.erase(block);
}

std::size_t PoolRules::leaked_by(const io::DriverObject& driver, std::string* text) {
    std::vector<std::pair<void*, Block>> leaked;
    {
        MutexLock lock(lock_);
        for (const auto& [block, what] : blocks_) {
            if (what.driver == &driver) leaked.emplace_back(block, what);
        }
    }
    constexpr std::size_t most = 16;
    for (std::size_t i = 0; text && i < leaked.size() && i < most; ++i) {
        const auto& [block, what] = leaked[i];
        char line[128];
        std::snprintf(line, sizeof(line), "not freed: %zu bytes of pool at %p, tag '%s', allocated\n", what.bytes, block,
                      tag_text(what.tag).c_str());
        *text += line + what.stack.text("      ");
    }
    return leaked.size();
}

void PoolRules::forget(const io::DriverObject& driver) {
    MutexLock lock(lock_);
    std::erase_if(blocks_, [&](const auto& entry) { return entry.second.driver == &driver; });
}

}  // namespace pw::verifier
