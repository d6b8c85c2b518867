// SPDX-License-Identifier: Apache-2.0
#include "platform/exported_symbol.h"

#include <dlfcn.h>

namespace pw::platform {

void* find_exported_symbol(const void* anchor, const char* name) {
    Dl_info image = {};
    if (::dladdr(anchor, &image) == 0) return nullptr;
    void* handle = ::dlopen(image.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    // The program itself is not found under its file's name.
    if (!handle) handle = ::dlopen(nullptr, RTLD_LAZY);
    if (!handle) return nullptr;
    void* address = ::dlsym(handle, name);
    ::dlclose(handle);  // the image stays: it is running this code's callers
    Dl_info found = {};
    if (!address || ::dladdr(address, &found) == 0 || found.dli_fbase != image.dli_fbase) return nullptr;
    return address;
}

}  // namespace pw::platform
