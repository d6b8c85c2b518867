// SPDX-License-Identifier: Apache-2.0
// HostVolume: drive Z:, the machine's files, as an NT device with a driver of the kernel's own.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "kernel/files/host_file.h"
#include "kernel/io/io_manager.h"

namespace pw::fs {

class HostVolume final {
public:
    // `io` outlives it.
    explicit HostVolume(io::IoManager& io) : io_(io) {}

    // Makes driver, device and link. On a thread of the system process, at start.
    [[nodiscard]] Status start();
    // Takes them away; open files go with their last reference. On a thread of the system process.
    void stop();

    // A file object around a descriptor that an application opened and handed over, with what it may be used for.
    // STATUS_INVALID_FILE_FOR_SECTION: no regular file. Any thread.
    struct Adopted {
        Ref<io::FileObject> file;
        ACCESS_MASK granted_access = 0;
    };
    [[nodiscard]] Result<Adopted> adopt(platform::Descriptor descriptor);

    // The descriptor behind a file object of this volume; -1 for those of other devices. Valid while the object is.
    [[nodiscard]] int descriptor_of(io::FileObject& file) const;

private:
    static NTSTATUS NTAPI dispatch(PDEVICE_OBJECT device, PIRP irp);
    [[nodiscard]] Status serve(PIRP irp, PIO_STACK_LOCATION location, ULONG_PTR* information);
    [[nodiscard]] Status open(PIRP irp, PIO_STACK_LOCATION location, ULONG_PTR* information);
    [[nodiscard]] Status transfer(PIRP irp, PIO_STACK_LOCATION location, bool reads, ULONG_PTR* information);
    [[nodiscard]] Status copy_to_requestor(PIRP irp, ULONG offset_bytes, const void* source, ULONG bytes);
    [[nodiscard]] Status copy_from_requestor(PIRP irp, ULONG offset_bytes, void* target, ULONG bytes);
    [[nodiscard]] Status set_information(PIRP irp, PIO_STACK_LOCATION location);
    [[nodiscard]] Status cut(HostFile& file, std::uint64_t length_bytes);

    io::IoManager& io_;
    Ref<io::DriverObject> driver_;
    PDEVICE_OBJECT device_ = nullptr;
};

}  // namespace pw::fs
