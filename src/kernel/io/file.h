// SPDX-License-Identifier: Apache-2.0
// FileObject: one open of a device (or of what stands behind its name); CLEANUP with its last handle, CLOSE with its last
// reference.
#pragma once

#include <nt/io_inlines.h>

#include <atomic>
#include <string>

#include "kernel/io/completion_notice.h"
#include "kernel/io/device.h"
#include "kernel/objects/object.h"

namespace pw::io {

class IoManager;

class FileObject final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::file_type; }
    static Ref<FileObject> create(IoManager& io, DeviceObject& device, std::u16string name, ULONG create_options);

    [[nodiscard]] PFILE_OBJECT nt() { return &nt_.body; }
    [[nodiscard]] static FileObject* from_nt(PFILE_OBJECT file) { return ob::object_cast<FileObject>(ob::Object::from_body(file)); }
    [[nodiscard]] DeviceObject& device() const { return *device_; }
    // Where the file's requests start (IoGetRelatedDeviceObject): the top of its device's stack, or the device that the
    // create was sent to in its place.
    [[nodiscard]] PDEVICE_OBJECT related_device() const;
    void set_device_hint(DeviceObject& device) { device_hint_ = Ref<DeviceObject>(&device); }
    // What stood behind the device's name when it was opened; drivers may change FILE_OBJECT::FileName, not this.
    [[nodiscard]] const std::u16string& name() const { return name_; }
    [[nodiscard]] bool is_synchronous() const { return (nt_.body.Flags & FO_SYNCHRONOUS_IO) != 0; }

    // IRP_MJ_CREATE has succeeded: from now on CLEANUP and CLOSE are due.
    void set_opened() { opened_.store(true, std::memory_order_release); }
    // Sends the one IRP_MJ_CLEANUP of the file, if it was opened: its last handle is gone. PASSIVE_LEVEL.
    void clean_up();

    // A synchronous file object serialises its requests. Blocks while another thread's request is under way.
    void acquire_synchronous() { static_cast<void>(acquire_synchronous(KernelMode)); }
    // The same for a request of `mode`: false when the calling thread's process ends before the file is free.
    [[nodiscard]] bool acquire_synchronous(KPROCESSOR_MODE mode);
    void release_synchronous();

    // The file object is waitable through its Event, which goes unsignalled when a request starts and signalled when it
    // ends. Nobody ever waits on most files, so the state is written plainly until somebody does.
    void note_request_started();
    void note_request_finished();
    [[nodiscard]] DISPATCHER_HEADER& watch_event();

    // --- Completion ports (FileCompletionInformation). The port stays the file's as long as it lives.
    // STATUS_INVALID_PARAMETER: it has one, or the file is synchronous. PASSIVE_LEVEL.
    [[nodiscard]] Status set_completion(Ref<CompletionPort> port, std::uint64_t key);
    [[nodiscard]] const FileCompletion* completion() const { return completion_.load(std::memory_order_acquire); }
    // FILE_SKIP_…: flags can be added only.
    [[nodiscard]] ULONG notification_modes() const { return notification_modes_.load(std::memory_order_relaxed); }
    void add_notification_modes(ULONG flags) { notification_modes_.fetch_or(flags, std::memory_order_relaxed); }

private:
    FileObject(IoManager& io, DeviceObject& device, std::u16string name, ULONG create_options);
    ~FileObject() override;
    void on_handle_closed(const ob::HandleEvent& event) override;
    void on_delete() override;

    IoManager& io_;
    ob::Body<FILE_OBJECT> nt_;
    Ref<DeviceObject> device_;
    Ref<DeviceObject> device_hint_;
    const std::u16string name_;
    std::atomic<bool> opened_{false};
    std::atomic<bool> cleanup_sent_{false};
    std::atomic<bool> event_watched_{false};
    std::atomic<FileCompletion*> completion_{nullptr};
    std::atomic<ULONG> notification_modes_{0};
    // 0 free, 1 held, 2 held and somebody waits on nt_.body.Lock.
    std::atomic<std::uint32_t> busy_{0};
};

}  // namespace pw::io
