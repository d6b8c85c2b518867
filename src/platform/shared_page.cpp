// SPDX-License-Identifier: Apache-2.0
#include "platform/shared_page.h"

#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked_math.h"
#include "platform/fault_injection.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace pw::platform {
namespace {

std::byte* map_page(int fd, int protection) {
    void* address = ::mmap(nullptr, page_size_bytes, protection, MAP_SHARED | MAP_POPULATE, fd, 0);
    return address == MAP_FAILED ? nullptr : static_cast<std::byte*>(address);
}

Descriptor reopen_read_only(const Descriptor& descriptor) {
    char path[64];
    std::snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor.get());
    return Descriptor(::open(path, O_RDONLY | O_CLOEXEC));
}

}  // namespace

SharedPage::SharedPage(SharedPage&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), descriptor_(std::move(other.descriptor_)) {}

SharedPage& SharedPage::operator=(SharedPage&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

SharedPage::~SharedPage() {
    if (data_ != nullptr) ::munmap(data_, page_size_bytes);
}

SharedPage SharedPage::create(const char* name, PeerAccess peer) {
    SharedPage page;
    if (step_fails(FailurePoint::descriptor)) return {};
    Descriptor file(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file || ::ftruncate(file.get(), static_cast<off_t>(page_size_bytes)) != 0) return {};
    page.data_ = map_page(file.get(), PROT_READ | PROT_WRITE);
    if (page.data_ == nullptr) return {};
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (peer == PeerAccess::read_only) seals |= F_SEAL_FUTURE_WRITE;
    if (::fchmod(file.get(), peer == PeerAccess::read_only ? 0400 : 0600) != 0) return {};
    if (::fcntl(file.get(), F_ADD_SEALS, seals) != 0) return {};
    page.descriptor_ = peer == PeerAccess::read_only ? reopen_read_only(file) : std::move(file);
    if (!page.descriptor_) return {};
    return page;
}

SharedPage SharedPage::map(const Descriptor& descriptor, PeerAccess access) {
    SharedPage page;
    struct stat info {};
    // A shorter file would turn reads into SIGBUS.
    if (::fstat(descriptor.get(), &info) != 0 || info.st_size < static_cast<off_t>(page_size_bytes)) return {};
    page.data_ = map_page(descriptor.get(), access == PeerAccess::read_only ? PROT_READ : PROT_READ | PROT_WRITE);
    return page;
}

}  // namespace pw::platform
