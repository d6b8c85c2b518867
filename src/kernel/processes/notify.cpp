// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/notify.h"

#include <algorithm>
#include <string>

#include "kernel/processes/process.h"
#include "kernel/processes/thread.h"
#include "platform/threads.h"

namespace pw::ps {
namespace {

HANDLE id_handle(std::uint32_t id) { return reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(id)); }

// Names of programs of this machine; what is not ASCII shows as '?' to drivers.
std::u16string wide(const std::string& text) {
    std::u16string out;
    for (const char c : text) out.push_back(static_cast<unsigned char>(c) < 0x80 ? static_cast<char16_t>(c) : u'?');
    return out;
}

UNICODE_STRING string_of(std::u16string_view text) {
    UNICODE_STRING string;
    string.Length = string.MaximumLength = static_cast<USHORT>(text.size() * sizeof(char16_t));
    string.Buffer = reinterpret_cast<PWCH>(const_cast<char16_t*>(text.data()));
    return string;
}

template <typename Routine>
Routine* as(const void* routine) {
    return reinterpret_cast<Routine*>(reinterpret_cast<std::uintptr_t>(routine));
}

}  // namespace

Status NotifyRoutines::add(NotifyKind kind, const void* routine) {
    auto entry = std::make_shared<Entry>();
    entry->kind = kind;
    entry->routine = routine;
    MutexLock lock(lock_);
    std::size_t of_kind = 0;
    for (const auto& existing : entries_) {
        if (existing->kind != kind) continue;
        if (existing->routine == routine) return STATUS_INVALID_PARAMETER;
        ++of_kind;
    }
    if (of_kind == most_of_a_kind) return STATUS_INVALID_PARAMETER;
    entries_.push_back(std::move(entry));
    listeners_.fetch_add(1, std::memory_order_release);
    return STATUS_SUCCESS;
}

Status NotifyRoutines::remove(NotifyKind kind, const void* routine) {
    std::shared_ptr<Entry> entry;
    {
        MutexLock lock(lock_);
        const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const auto& existing) {
            return existing->kind == kind && existing->routine == routine;
        });
        if (found == entries_.end()) return STATUS_PROCEDURE_NOT_FOUND;
        entry = *found;
        entries_.erase(found);
        listeners_.fetch_sub(1, std::memory_order_release);
    }
    while (const std::uint32_t calls = entry->calls.load(std::memory_order_acquire)) {
        platform::wait_while_equal(entry->calls, calls);
    }
    return STATUS_SUCCESS;
}

template <typename Call>
void NotifyRoutines::call_each(NotifyKind kind, Call call) {
    if (!has_listeners()) return;
    std::vector<std::shared_ptr<Entry>> wanted;
    {
        MutexLock lock(lock_);
        for (const auto& entry : entries_) {
            if (entry->kind != kind) continue;
            entry->calls.fetch_add(1, std::memory_order_acq_rel);
            wanted.push_back(entry);
        }
    }
    for (const auto& entry : wanted) {
        call(entry->routine);
        entry->calls.fetch_sub(1, std::memory_order_acq_rel);
        platform::wake_waiters(entry->calls);
    }
}

Status NotifyRoutines::process_created(Process& process) {
    const HANDLE id = id_handle(process.id());
    const ProcessCreation& creation = process.creation();
    const HANDLE parent = id_handle(creation.parent_id);
    call_each(NotifyKind::process, [&](const void* routine) { as<CREATE_PROCESS_NOTIFY_ROUTINE>(routine)(parent, id, TRUE); });
    const std::u16string image = creation.image_path.empty() ? wide(process.image_name()) : creation.image_path;
    const UNICODE_STRING name = string_of(image);
    const UNICODE_STRING command_line = string_of(creation.command_line);
    Status status = STATUS_SUCCESS;
    call_each(NotifyKind::process_ex, [&](const void* routine) {
        PS_CREATE_NOTIFY_INFO info = {};
        info.Size = sizeof(info);
        info.FileOpenNameAvailable = !creation.image_path.empty();
        info.ParentProcessId = parent;
        // Who did not come by CreateProcess was started by nobody of this kernel.
        info.CreatingThreadId = {id_handle(creation.creator_process_id), id_handle(creation.creator_thread_id)};
        info.ImageFileName = &name;
        info.CommandLine = creation.command_line.empty() ? nullptr : &command_line;  // "NULL if not available"
        info.CreationStatus = STATUS_SUCCESS;
        as<CREATE_PROCESS_NOTIFY_ROUTINE_EX>(routine)(process.nt(), id, &info);
        if (!NT_SUCCESS(info.CreationStatus) && status.is_success()) status = Status(info.CreationStatus);
    });
    return status;
}

void NotifyRoutines::process_exited(Process& process) {
    const HANDLE id = id_handle(process.id());
    const HANDLE parent = id_handle(process.creation().parent_id);
    call_each(NotifyKind::process, [&](const void* routine) { as<CREATE_PROCESS_NOTIFY_ROUTINE>(routine)(parent, id, FALSE); });
    call_each(NotifyKind::process_ex,
              [&](const void* routine) { as<CREATE_PROCESS_NOTIFY_ROUTINE_EX>(routine)(process.nt(), id, nullptr); });
}

void NotifyRoutines::thread_event(Thread& thread, bool is_created) {
    const auto call = [&](const void* routine) {
        as<CREATE_THREAD_NOTIFY_ROUTINE>(routine)(id_handle(thread.owner().id()), id_handle(thread.id()), is_created);
    };
    call_each(NotifyKind::thread, call);
    if (!thread.owner().is_system()) call_each(NotifyKind::thread_non_system, call);
}

void NotifyRoutines::thread_created(Thread& thread) { thread_event(thread, true); }
void NotifyRoutines::thread_exited(Thread& thread) { thread_event(thread, false); }

void NotifyRoutines::image_loaded(std::u16string_view image_name, std::uint32_t process_id, IMAGE_INFO& image) {
    UNICODE_STRING name = string_of(image_name);
    call_each(NotifyKind::image, [&](const void* routine) {
        as<LOAD_IMAGE_NOTIFY_ROUTINE>(routine)(&name, id_handle(process_id), &image);
    });
}

const void* NotifyRoutines::find_in(std::uint64_t base, std::uint64_t length_bytes) {
    MutexLock lock(lock_);
    for (const auto& entry : entries_) {
        if (reinterpret_cast<std::uint64_t>(entry->routine) - base < length_bytes) return entry->routine;
    }
    return nullptr;
}

}  // namespace pw::ps
