// SPDX-License-Identifier: Apache-2.0
// What the snapshots share: numbers and names as text, the walk over the namespace.
#include <ntddk.h>

#include <cstdio>
#include <vector>

#include "host/admin/snapshots.h"

namespace pw::host {

std::string hex(std::uint64_t value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

std::string narrow(std::u16string_view text) { return io::narrow(text); }

std::string protection_name(std::uint32_t protection) {
    if (protection == 0) return "reserved";
    struct Name {
        std::uint32_t bit;
        const char* text;
    };
    static constexpr Name names[] = {
        {PAGE_NOACCESS, "PAGE_NOACCESS"},
        {PAGE_READONLY, "PAGE_READONLY"},
        {PAGE_READWRITE, "PAGE_READWRITE"},
        {PAGE_WRITECOPY, "PAGE_WRITECOPY"},
        {PAGE_EXECUTE, "PAGE_EXECUTE"},
        {PAGE_EXECUTE_READ, "PAGE_EXECUTE_READ"},
        {PAGE_EXECUTE_READWRITE, "PAGE_EXECUTE_READWRITE"},
        {PAGE_EXECUTE_WRITECOPY, "PAGE_EXECUTE_WRITECOPY"},
        {PAGE_GUARD, "PAGE_GUARD"},
        {PAGE_NOCACHE, "PAGE_NOCACHE"},
        {PAGE_WRITECOMBINE, "PAGE_WRITECOMBINE"},
    };
    std::string text;
    for (const Name& name : names) {
        if ((protection & name.bit) == 0) continue;
        text += (text.empty() ? "" : "|") + std::string(name.text);
        protection &= ~name.bit;
    }
    if (protection != 0) text += (text.empty() ? "" : "|") + hex(protection);
    return text;
}

void for_each_named_object(nt::Kernel& kernel, const std::function<void(ob::Object&)>& visit) {
    // Directories hold each other by name only, so the tree is finite; links are visited, not followed.
    std::vector<Ref<ob::Directory>> pending;
    pending.emplace_back(&kernel.objects().root());
    while (!pending.empty()) {
        const Ref<ob::Directory> directory = std::move(pending.back());
        pending.pop_back();
        std::vector<Ref<ob::Object>> entries;
        kernel.objects().for_each_entry(*directory, [&entries](const std::u16string&, ob::Object& object) { entries.emplace_back(&object); });
        for (const Ref<ob::Object>& entry : entries) {
            if (auto* inner = ob::object_cast<ob::Directory>(entry.get())) pending.emplace_back(inner);
            visit(*entry);
        }
    }
}

}  // namespace pw::host
