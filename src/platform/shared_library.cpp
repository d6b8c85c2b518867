// SPDX-License-Identifier: Apache-2.0
#include "platform/shared_library.h"

#include <dlfcn.h>

namespace pw::platform {

std::string folder_of_code(const void* address) {
    Dl_info info{};
    if (::dladdr(address, &info) == 0 || info.dli_fname == nullptr) return ".";
    const std::string path = info.dli_fname;
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

void* load_function(const std::string& path, const char* function, std::string* why) {
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* symbol = library == nullptr ? nullptr : ::dlsym(library, function);
    if (symbol == nullptr) {
        const char* reason = ::dlerror();
        *why = "cannot load the kernel from '" + path + "': " + (reason == nullptr ? "unknown reason" : reason);
    }
    return symbol;
}

}  // namespace pw::platform
