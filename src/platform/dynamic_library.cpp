// SPDX-License-Identifier: Apache-2.0
#include "platform/dynamic_library.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace pw::platform {
namespace {

constexpr std::uint64_t page_bytes = 4096;

bool copy_file(const std::string& from, const std::string& to, std::string* error) {
    const int source = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
    if (source < 0) {
        *error = from + ": " + std::strerror(errno);
        return false;
    }
    const int target = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    bool done = target >= 0;
    while (done) {
        const ssize_t bytes = ::sendfile(target, source, nullptr, std::size_t{1} << 30);
        if (bytes == 0) break;
        done = bytes > 0;
    }
    if (!done) *error = to + ": " + std::strerror(errno);
    if (target >= 0) ::close(target);
    ::close(source);
    return done;
}

}  // namespace

std::unique_ptr<DynamicLibrary> DynamicLibrary::load_copy(const std::string& path, std::string* error) {
    std::unique_ptr<DynamicLibrary> library(new DynamicLibrary());
    const char* temporary = std::getenv("TMPDIR");
    std::string folder = std::string(temporary && *temporary ? temporary : "/tmp") + "/partywall-image-XXXXXX";
    if (!::mkdtemp(folder.data())) {
        *error = folder + ": " + std::strerror(errno);
        return nullptr;
    }
    library->folder_ = folder;
    library->copy_path_ = folder + "/" + path.substr(path.find_last_of('/') + 1);
    if (!copy_file(path, library->copy_path_, error)) return nullptr;
    library->handle_ = ::dlopen(library->copy_path_.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library->handle_) {
        const char* reason = ::dlerror();
        *error = path + ": " + (reason ? reason : "cannot be loaded");
        return nullptr;
    }
    library->find_ranges();
    return library;
}

DynamicLibrary::~DynamicLibrary() {
    if (handle_) ::dlclose(handle_);
    if (!copy_path_.empty()) ::unlink(copy_path_.c_str());
    if (!folder_.empty()) ::rmdir(folder_.c_str());
}

void* DynamicLibrary::find(const char* symbol) const { return ::dlsym(handle_, symbol); }

void DynamicLibrary::find_ranges() {
    struct Search {
        DynamicLibrary* library;
        std::uint64_t load_address;
    };
    link_map* map = nullptr;
    ::dlinfo(handle_, RTLD_DI_LINKMAP, &map);
    Search search{this, map->l_addr};
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* argument) {
            auto& wanted = *static_cast<Search*>(argument);
            if (info->dlpi_addr != wanted.load_address) return 0;
            std::uint64_t low = ~std::uint64_t{0};
            std::uint64_t high = 0;
            std::uint64_t relro_end = 0;
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const auto& header = info->dlpi_phdr[i];
                const std::uint64_t start = info->dlpi_addr + header.p_vaddr;
                if (header.p_type == PT_GNU_RELRO) relro_end = (start + header.p_memsz) & ~(page_bytes - 1);
                if (header.p_type != PT_LOAD) continue;
                low = std::min(low, start & ~(page_bytes - 1));
                high = std::max(high, (start + header.p_memsz + page_bytes - 1) & ~(page_bytes - 1));
            }
            wanted.library->image_ = {low, high - low};
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const auto& header = info->dlpi_phdr[i];
                if (header.p_type != PT_LOAD || !(header.p_flags & PF_W)) continue;
                std::uint64_t start = (info->dlpi_addr + header.p_vaddr) & ~(page_bytes - 1);
                const std::uint64_t end =
                    (info->dlpi_addr + header.p_vaddr + header.p_memsz + page_bytes - 1) & ~(page_bytes - 1);
                if (relro_end > start && relro_end <= end) start = relro_end;
                if (start < end) wanted.library->writable_.push_back({start, end - start});
            }
            return 1;
        },
        &search);
}

}  // namespace pw::platform
