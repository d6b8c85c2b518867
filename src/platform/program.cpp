// SPDX-License-Identifier: Apache-2.0
#include "platform/program.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "platform/descriptor.h"

namespace pw::platform {
namespace {

std::string read_all(const char* path) {
    std::string text;
    const Descriptor file(::open(path, O_RDONLY | O_CLOEXEC));
    char buffer[4096];
    while (file) {
        const ssize_t bytes = ::read(file.get(), buffer, sizeof buffer);
        if (bytes > 0) text.append(buffer, static_cast<std::size_t>(bytes));
        if (bytes == 0 || (bytes < 0 && errno != EINTR)) break;
    }
    return text;
}

int take_lowest_segment(dl_phdr_info* info, std::size_t, void* context) {
    // The program comes first in the list.
    for (ElfW(Half) i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        if (header.p_type != PT_LOAD) continue;
        *static_cast<std::uintptr_t*>(context) = info->dlpi_addr + header.p_vaddr;
        break;
    }
    return 1;
}

}  // namespace

std::string program_path() {
    char buffer[PATH_MAX];
    const ssize_t length = ::readlink("/proc/self/exe", buffer, sizeof buffer);
    return length <= 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(length));
}

std::vector<std::string> program_arguments() {
    const std::string text = read_all("/proc/self/cmdline");
    std::vector<std::string> arguments;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = text.find('\0', start);
        const std::size_t stop = end == std::string::npos ? text.size() : end;
        arguments.push_back(text.substr(start, stop - start));
        start = stop + 1;
    }
    return arguments;
}

const void* program_base() {
    std::uintptr_t base = 0;
    ::dl_iterate_phdr(take_lowest_segment, &base);
    return reinterpret_cast<const void*>(base);
}

void* find_export_of(const void* address_inside, const char* name) {
    Dl_info inside = {};
    if (::dladdr(address_inside, &inside) == 0 || inside.dli_fname == nullptr) return nullptr;
    void* const handle = ::dlopen(inside.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    if (handle == nullptr) return nullptr;
    // dlsym looks into the object's dependencies, too.
    void* const found = ::dlsym(handle, name);
    ::dlclose(handle);
    Dl_info owner = {};
    const bool is_own = found != nullptr && ::dladdr(found, &owner) != 0 && owner.dli_fbase == inside.dli_fbase;
    return is_own ? found : nullptr;
}

std::string host_name() {
    char buffer[HOST_NAME_MAX + 1] = {};
    return ::gethostname(buffer, sizeof buffer - 1) == 0 ? std::string(buffer) : std::string("localhost");
}

std::string user_name() {
    passwd entry = {};
    passwd* found = nullptr;
    char buffer[4096];
    if (::getpwuid_r(::geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found != nullptr) return found->pw_name;
    return std::to_string(::geteuid());
}

}  // namespace pw::platform
