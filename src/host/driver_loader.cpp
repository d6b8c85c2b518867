// SPDX-License-Identifier: Apache-2.0
#include "host/driver_loader.h"

#include <algorithm>
#include <vector>

#include "base/lock.h"
#include "platform/dynamic_library.h"
#include "platform/elf_image.h"

namespace pw::host {
namespace {

class ElfDriverImage;

// Which images are loaded, for reports that start from an address. Process-wide because addresses are.
struct ImageTable {
    Mutex lock{LockRank::leaf};
    std::vector<const ElfDriverImage*> images PW_GUARDED_BY(lock);
};
ImageTable& image_table() {
    // Never destroyed: an embedded kernel ends in an exit handler, and reports until then.
    static ImageTable& table = *new ImageTable;
    return table;
}

class ElfDriverImage final : public io::DriverImage {
public:
    ElfDriverImage(std::string path, std::unique_ptr<platform::DynamicLibrary> library, PDRIVER_INITIALIZE driver_entry,
                   mm::MemoryManager& memory)
        : path_(std::move(path)), library_(std::move(library)), entry_(driver_entry), memory_(memory) {
        ImageTable& table = image_table();
        MutexLock lock(table.lock);
        table.images.push_back(this);
    }
    ~ElfDriverImage() override {
        {
            ImageTable& table = image_table();
            MutexLock lock(table.lock);
            std::erase(table.images, this);
        }
        memory_.unregister_driver_image(base());
    }
    [[nodiscard]] const std::string& path() const override { return path_; }
    [[nodiscard]] PDRIVER_INITIALIZE entry() const override { return entry_; }
    [[nodiscard]] std::uint64_t base() const override { return library_->image().base; }
    [[nodiscard]] std::uint64_t length_bytes() const override { return library_->image().length_bytes; }

private:
    const std::string path_;
    const std::unique_ptr<platform::DynamicLibrary> library_;
    const PDRIVER_INITIALIZE entry_;
    mm::MemoryManager& memory_;
};

}  // namespace

Result<std::unique_ptr<io::DriverImage>> ElfDriverLoader::load(const std::string& path) {
    using platform::ElfProblem;
    const platform::ElfImage elf = platform::read_elf_image(path);
    if (elf.problem == ElfProblem::CannotRead) {
        report_(path + ": cannot be read; is the path right?");
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    if (elf.problem != ElfProblem::None || elf.type != platform::ElfImage::Type::Shared) {
        report_(path + ": is no driver (no x86-64 ELF shared object); build it with 'partywall cc --driver'");
        return STATUS_INVALID_IMAGE_FORMAT;
    }
    if (!elf.exports_symbol("DriverEntry")) {
        report_(path + ": exports no DriverEntry; build it with 'partywall cc --driver', in C++ declare it extern \"C\"");
        return STATUS_ENTRYPOINT_NOT_FOUND;
    }
    std::string error;
    auto library = platform::DynamicLibrary::load_copy(path, &error);
    if (!library) {
        report_(error);
        return STATUS_PROCEDURE_NOT_FOUND;
    }
    const auto entry = reinterpret_cast<PDRIVER_INITIALIZE>(library->find("DriverEntry"));
    std::vector<mm::WritableRange> writable;
    for (const auto& range : library->writable()) writable.push_back({range.base, range.length_bytes});
    PW_TRY(memory_->register_driver_image(library->image().base, library->image().length_bytes, writable));
    return std::unique_ptr<io::DriverImage>(new ElfDriverImage(path, std::move(library), entry, *memory_));
}

std::string driver_at(const void* address) {
    const auto value = reinterpret_cast<std::uint64_t>(address);
    ImageTable& table = image_table();
    MutexLock lock(table.lock);
    for (const ElfDriverImage* image : table.images) {
        if (value - image->base() < image->length_bytes()) return image->path();
    }
    return {};
}

}  // namespace pw::host
