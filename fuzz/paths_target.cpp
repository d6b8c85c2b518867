// SPDX-License-Identifier: Apache-2.0
// Paths in all their spellings: Win32's to NT's to the machine's, a service's binary path, and names of the object namespace.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "kernel/io/service_control.h"
#include "kernel/objects/object_manager.h"
#include "win32_api/dos_path.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 4000) return 0;
    // Every other byte widened: mostly text that means something; a byte 1 in front of two gives any UTF-16 unit.
    std::u16string text;
    for (std::size_t i = 0; i < size; ++i) {
        if (data[i] == 1 && i + 2 < size) {
            text.push_back(static_cast<char16_t>(data[i + 1] | data[i + 2] << 8));
            i += 2;
        } else {
            text.push_back(data[i]);
        }
    }
    const std::u16string full = pw::win32::full_path(text, u"Z:\\some\\folder");
    PW_CHECK(pw::win32::full_path(full, u"Z:\\elsewhere") == full);  // it is full
    const std::u16string native = pw::win32::native_path(full);
    static_cast<void>(pw::win32::host_path(native));
    static_cast<void>(pw::win32::host_path(text));
    static_cast<void>(pw::io::host_path(text));
    static_cast<void>(pw::win32::windows_path(std::string(data, data + size)));

    static pw::ob::ObjectManager& objects = *[] {
        auto* manager = new pw::ob::ObjectManager();
        manager->make_directory(u"\\Device");
        manager->make_directory(u"\\GLOBAL??");
        manager->make_link(u"\\??", u"\\GLOBAL??");
        manager->make_link(u"\\GLOBAL??\\Loop", u"\\??\\Loop");
        manager->make_link(u"\\GLOBAL??\\GLOBALROOT", u"\\");
        return manager;
    }();
    for (const bool ignore_case : {false, true}) {
        auto found = objects.find(text, nullptr, ignore_case);
        if (found) PW_CHECK(found->object);
    }
    return 0;
}
