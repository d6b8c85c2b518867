// SPDX-License-Identifier: Apache-2.0
#include "win32_api/host_handles.h"

#include <utility>

#include "platform/host_file.h"

namespace pw::win32 {
namespace {

// A kernel handle is below 0x100000 (256 entries in each of 1024 chunks, times 4).
constexpr std::uintptr_t first_handle = 0x6000'0000;
constexpr std::uintptr_t handle_step = 4;  // the two low bits are the application's, as in NT
constexpr std::size_t max_handles = 4096;

std::size_t index_of(HANDLE handle) { return (reinterpret_cast<std::uintptr_t>(handle) - first_handle) / handle_step; }
HANDLE handle_at(std::size_t index) { return reinterpret_cast<HANDLE>(first_handle + index * handle_step); }

}  // namespace

HostFile::~HostFile() {
    // Nobody is left to hear of a failure.
    if (!delete_on_close.empty()) platform::remove_host_file(delete_on_close).ignore();
}

bool HostFile::set_completion(HANDLE port, ULONG_PTR key) {
    if (!is_overlapped) return false;
    // The key is read after the port only: who sees the port sees the key.
    if (completion_port.load() != nullptr) return false;
    completion_key.store(key);
    HANDLE expected = nullptr;
    return completion_port.compare_exchange_strong(expected, port);
}

HostHandles& HostHandles::instance() {
    // Never destroyed: threads may use their handles until the process is gone.
    static HostHandles* const handles = new HostHandles;
    return *handles;
}

HostHandles::HostHandles() {
    for (int descriptor = 0; descriptor < 3; ++descriptor) {
        auto file = std::make_shared<HostFile>();
        file->borrowed = descriptor;
        file->can_read = descriptor == 0;
        file->can_write = descriptor != 0;
        const auto info = platform::query_host_file(descriptor);
        file->is_seekable = info && info.value().kind == platform::HostFileKind::regular;
        // A closed standard stream has no handle.
        files_.push_back(info ? std::move(file) : nullptr);
    }
}

bool HostHandles::is_host_handle(HANDLE handle) {
    const auto value = reinterpret_cast<std::uintptr_t>(handle);
    return value >= first_handle && value < first_handle + max_handles * handle_step;
}

HANDLE HostHandles::add(std::shared_ptr<HostFile> file) {
    MutexLock lock(lock_);
    for (std::size_t i = 3; i < files_.size(); ++i) {
        if (files_[i]) continue;
        files_[i] = std::move(file);
        return handle_at(i);
    }
    if (files_.size() == max_handles) return nullptr;
    files_.push_back(std::move(file));
    return handle_at(files_.size() - 1);
}

std::shared_ptr<HostFile> HostHandles::find(HANDLE handle) {
    if (!is_host_handle(handle)) return nullptr;
    MutexLock lock(lock_);
    const std::size_t index = index_of(handle);
    return index < files_.size() ? files_[index] : nullptr;
}

bool HostHandles::close(HANDLE handle) {
    std::shared_ptr<HostFile> gone;  // closed outside the lock
    if (!is_host_handle(handle)) return false;
    MutexLock lock(lock_);
    const std::size_t index = index_of(handle);
    if (index < files_.size()) gone = std::move(files_[index]);
    return gone != nullptr;
}

HANDLE HostHandles::standard(unsigned descriptor) { return handle_at(descriptor); }

}  // namespace pw::win32
