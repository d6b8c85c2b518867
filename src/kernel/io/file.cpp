// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/file.h"

#include "kernel/io/driver.h"
#include "kernel/io/io_manager.h"

namespace pw::io {

Ref<FileObject> FileObject::create(IoManager& io, DeviceObject& device, std::u16string name, ULONG create_options) {
    return Ref<FileObject>::adopt(new (std::nothrow) FileObject(io, device, std::move(name), create_options));
}

FileObject::FileObject(IoManager& io, DeviceObject& device, std::u16string name, ULONG create_options)
    : Object(io.objects(), ob::file_type, &nt_.body), io_(io), nt_(this), device_(&device), name_(std::move(name)) {
    FILE_OBJECT& file = nt_.body;
    file.Type = IO_TYPE_FILE;
    file.Size = sizeof(FILE_OBJECT);
    file.DeviceObject = device.nt();
    if (create_options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)) file.Flags |= FO_SYNCHRONOUS_IO;
    if (create_options & FILE_SYNCHRONOUS_IO_ALERT) file.Flags |= FO_ALERTABLE_IO;
    if (create_options & FILE_NO_INTERMEDIATE_BUFFERING) file.Flags |= FO_NO_INTERMEDIATE_BUFFERING;
    if (create_options & FILE_WRITE_THROUGH) file.Flags |= FO_WRITE_THROUGH;
    if (create_options & FILE_SEQUENTIAL_ONLY) file.Flags |= FO_SEQUENTIAL_ONLY;
    if (create_options & FILE_RANDOM_ACCESS) file.Flags |= FO_RANDOM_ACCESS;
    if (create_options & FILE_DELETE_ON_CLOSE) file.Flags |= FO_DELETE_ON_CLOSE;
    file.FileName.Length = static_cast<USHORT>(name_.size() * sizeof(char16_t));
    file.FileName.MaximumLength = static_cast<USHORT>(file.FileName.Length + sizeof(char16_t));
    file.FileName.Buffer = name_.empty() ? nullptr : reinterpret_cast<PWCH>(const_cast<char16_t*>(name_.data()));
    InitializeListHead(&file.IrpList);
    io.dispatcher().initialize_event(file.Lock, SynchronizationEvent, false);
    io.dispatcher().initialize_event(file.Event, NotificationEvent, false);
}

FileObject::~FileObject() {
    delete completion_.load(std::memory_order_relaxed);
    device_->open_ended();
}

void FileObject::on_handle_closed(const ob::HandleEvent& event) {
    // IRP_MJ_CLEANUP: "the last handle for a file object has been closed, but outstanding requests may remain".
    if (event.is_last_handle_of_object) clean_up();
}

PDEVICE_OBJECT FileObject::related_device() const {
    if (device_hint_) [[unlikely]] return device_hint_->nt();
    return IoManager::top_of_stack(nt_.body.DeviceObject);
}

void FileObject::clean_up() {
    if (!opened_.load(std::memory_order_acquire) || cleanup_sent_.exchange(true)) return;
    io_.send_file_request(*this, IRP_MJ_CLEANUP);
    nt_.body.Flags |= FO_CLEANUP_COMPLETE;
}

void FileObject::on_delete() {
    if (!opened_.load(std::memory_order_acquire)) return;
    clean_up();  // CLEANUP comes before CLOSE, also for a file that never got a handle
    io_.send_file_request(*this, IRP_MJ_CLOSE);
}

bool FileObject::acquire_synchronous(KPROCESSOR_MODE mode) {
    std::uint32_t expected = 0;
    if (busy_.compare_exchange_strong(expected, 1, std::memory_order_acquire)) return true;
    while (busy_.exchange(2, std::memory_order_acquire) != 0) {
        // Woken: try again. Whoever holds the file may be another process, with a request that nobody ends.
        const Status woken = io_.dispatcher().wait(nt_.body.Lock.Header, mode, false, nullptr);
        if (woken == Status(STATUS_USER_APC) && ps::Thread::current()->termination_requested()) return false;
    }
    return true;
}

void FileObject::release_synchronous() {
    if (busy_.exchange(0, std::memory_order_release) == 2) io_.dispatcher().set_event(nt_.body.Lock);
}

void FileObject::note_request_started() {
    __atomic_store_n(&nt_.body.Event.Header.SignalState, 0, __ATOMIC_RELAXED);
}

void FileObject::note_request_finished() {
    if (!event_watched_.load(std::memory_order_seq_cst)) [[likely]] {
        __atomic_store_n(&nt_.body.Event.Header.SignalState, 1, __ATOMIC_SEQ_CST);
        if (!event_watched_.load(std::memory_order_seq_cst)) [[likely]] return;
        // Somebody has begun to watch, and may have looked before the store: only a change from 0 wakes.
        io_.dispatcher().clear_event(nt_.body.Event);
    }
    io_.dispatcher().set_event(nt_.body.Event);
}

Status FileObject::set_completion(Ref<CompletionPort> port, std::uint64_t key) {
    if (is_synchronous()) return STATUS_INVALID_PARAMETER;
    std::unique_ptr<FileCompletion> completion(new (std::nothrow) FileCompletion{std::move(port), key});
    if (!completion) return STATUS_INSUFFICIENT_RESOURCES;
    FileCompletion* expected = nullptr;
    if (!completion_.compare_exchange_strong(expected, completion.get(), std::memory_order_acq_rel)) {
        return STATUS_INVALID_PARAMETER;
    }
    completion.release();
    return STATUS_SUCCESS;
}

DISPATCHER_HEADER& FileObject::watch_event() {
    event_watched_.store(true, std::memory_order_seq_cst);
    return nt_.body.Event.Header;
}

}  // namespace pw::io
