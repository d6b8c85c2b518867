// SPDX-License-Identifier: Apache-2.0
// ElfDriverLoader: makes a DriverImage of a foo.sys file: checks it, loads a private copy, puts its data into a segment.
#pragma once

#include <functional>
#include <string>

#include "kernel/io/service_control.h"
#include "kernel/memory/memory_manager.h"

namespace pw::host {

class ElfDriverLoader final : public io::DriverLoader {
public:
    // `report` gets one line for each file that cannot be loaded: thing, reason, remedy.
    explicit ElfDriverLoader(std::function<void(const std::string&)> report) : report_(std::move(report)) {}
    // The memory room that images are registered with; before the first load.
    void set_memory(mm::MemoryManager* memory) { memory_ = memory; }

    // STATUS_OBJECT_NAME_NOT_FOUND (no such file), STATUS_INVALID_IMAGE_FORMAT (no ELF shared object of this machine),
    // STATUS_ENTRYPOINT_NOT_FOUND (no DriverEntry), STATUS_PROCEDURE_NOT_FOUND (needs a function that is not there).
    Result<std::unique_ptr<io::DriverImage>> load(const std::string& path) override;

private:
    const std::function<void(const std::string&)> report_;
    mm::MemoryManager* memory_ = nullptr;
};

// The file of the loaded driver whose image contains the address; empty if none does. Any thread.
[[nodiscard]] std::string driver_at(const void* address);

}  // namespace pw::host
