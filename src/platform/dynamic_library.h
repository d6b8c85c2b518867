// SPDX-License-Identifier: Apache-2.0
// DynamicLibrary: a private copy of a shared object, loaded into this process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pw::platform {

struct LoadedRange {
    std::uint64_t base = 0;
    std::uint64_t length_bytes = 0;
};

class DynamicLibrary {
public:
    // Copies `path` into a folder of this process's own and loads the copy, so that the same file twice is two images and
    // a rebuilt file does not disturb a loaded one. Null on failure; *error says why in one line.
    static std::unique_ptr<DynamicLibrary> load_copy(const std::string& path, std::string* error);
    ~DynamicLibrary();
    DynamicLibrary(const DynamicLibrary&) = delete;
    DynamicLibrary& operator=(const DynamicLibrary&) = delete;

    [[nodiscard]] void* find(const char* symbol) const;
    // The whole image, page-aligned, and its writable pages without those that became read-only after relocation.
    [[nodiscard]] const LoadedRange& image() const { return image_; }
    [[nodiscard]] const std::vector<LoadedRange>& writable() const { return writable_; }

private:
    DynamicLibrary() = default;
    void find_ranges();

    void* handle_ = nullptr;
    std::string copy_path_;
    std::string folder_;
    LoadedRange image_;
    std::vector<LoadedRange> writable_;
};

}  // namespace pw::platform
