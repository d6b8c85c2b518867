// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/file_information_services.h"

#include <cstring>

#include "kernel/io/file_information.h"
#include "kernel/services/completion_services.h"

namespace pw::nt {
namespace {

io::TransferResult failed(Status status) { return {.status = status.code()}; }

// The caller's buffer, in whichever mode it called.
Status read_buffer(const Caller& caller, const io::TransferParameters& p, void* target, std::uint32_t bytes) {
    if (caller.mode == KernelMode) {
        std::memcpy(target, reinterpret_cast<const void*>(p.output.user_address), bytes);
        return STATUS_SUCCESS;
    }
    return caller.kernel.memory().user_memory().copy_from_user(caller.thread.process().address_space(), target,
                                                               p.output.user_address, bytes);
}

Status write_buffer(const Caller& caller, const io::TransferParameters& p, const void* source, std::uint32_t bytes) {
    if (caller.mode == KernelMode) {
        std::memcpy(reinterpret_cast<void*>(p.output.user_address), source, bytes);
        return STATUS_SUCCESS;
    }
    return caller.kernel.memory().user_memory().copy_to_user(caller.thread.process().address_space(), p.output.user_address,
                                                             source, bytes);
}

// The checks that come before anybody is asked, in NT's order: class, length, handle.
Status check(const Caller& caller, std::uint64_t handle, io::TransferParameters& p, Result<io::InformationRule> rule,
             ob::HandleGrant* grant) {
    if (!rule) return rule.status();
    if (p.output.length_bytes < rule->least_bytes) return STATUS_INFO_LENGTH_MISMATCH;
    PW_TRY_ASSIGN(Ref<ob::Object> object, caller.reference(handle, &ob::file_type, rule->access, grant));
    p.file = Ref<io::FileObject>::adopt(static_cast<io::FileObject*>(object.leak()));
    return STATUS_SUCCESS;
}

// Asks whoever knows: the I/O manager or the driver. p.file is set.
io::TransferResult ask(const Caller& caller, io::TransferParameters& p, ACCESS_MASK granted_access) {
    const io::InformationAnswer answer = p.major == IRP_MJ_QUERY_VOLUME_INFORMATION
                                             ? io::answer_volume_query(*p.file, p.information_class)
                                             : io::answer_query(*p.file, p.information_class, granted_access);
    if (answer.length_bytes == 0) return caller.kernel.io().transfer(p);
    const Status written = write_buffer(caller, p, answer.bytes, answer.length_bytes);
    if (written.is_failure()) return failed(written);
    return {.status = STATUS_SUCCESS, .write_status_block = true, .information = answer.length_bytes};
}

}  // namespace

io::TransferResult query_information_file(const Caller& caller, std::uint64_t handle, io::TransferParameters& p) {
    const bool is_volume = p.major == IRP_MJ_QUERY_VOLUME_INFORMATION;
    ob::HandleGrant grant;
    const Status checked =
        check(caller, handle, p, is_volume ? io::volume_query_rule(p.information_class) : io::query_rule(p.information_class), &grant);
    if (checked.is_failure()) return failed(checked);
    return ask(caller, p, grant.access);
}

io::TransferResult query_file_object(const Caller& caller, io::FileObject& file, io::TransferParameters& p) {
    Result<io::InformationRule> rule = io::query_rule(p.information_class);
    if (!rule) return failed(rule.status());
    if (p.output.length_bytes < rule->least_bytes) return failed(STATUS_INFO_LENGTH_MISMATCH);
    p.file = Ref<io::FileObject>(&file);
    const ACCESS_MASK access = (file.nt()->ReadAccess ? FILE_GENERIC_READ : 0u) | (file.nt()->WriteAccess ? FILE_GENERIC_WRITE : 0u);
    return ask(caller, p, access);
}

io::TransferResult set_information_file(const Caller& caller, std::uint64_t handle, io::TransferParameters& p) {
    if (p.information_class == FileCompletionInformation || p.information_class == FileIoCompletionNotificationInformation) {
        // The file object's own, and one names another object by handle.
        alignas(8) std::byte information[sizeof(FILE_COMPLETION_INFORMATION)];
        if (p.output.length_bytes > sizeof(information)) return failed(STATUS_INFO_LENGTH_MISMATCH);
        const Status read = read_buffer(caller, p, information, p.output.length_bytes);
        if (read.is_failure()) return failed(read);
        const Status set = set_file_completion(caller, handle, p.information_class,
                                               std::span<const std::byte>(information, p.output.length_bytes));
        return {.status = set.code(), .write_status_block = set.is_success()};
    }
    Result<io::InformationRule> rule = io::set_rule(p.information_class);
    const ULONG least_bytes = rule ? rule->least_bytes : 0;
    const Status checked = check(caller, handle, p, std::move(rule), nullptr);
    if (checked.is_failure()) return failed(checked);
    // What the file object itself keeps is small; the driver gets the buffer with its request.
    alignas(8) std::byte value[sizeof(FILE_POSITION_INFORMATION)] = {};
    if (least_bytes <= sizeof(value)) {
        const Status read = read_buffer(caller, p, value, least_bytes);
        if (read.is_failure()) return failed(read);
        bool handled = false;
        const Status applied = io::apply_set(*p.file, p.information_class, value, &handled);
        if (applied.is_failure()) return failed(applied);
        if (handled) return {.status = STATUS_SUCCESS, .write_status_block = true};
    }
    return caller.kernel.io().transfer(p);
}

io::TransferResult flush_buffers_file(const Caller& caller, std::uint64_t handle) {
    ob::HandleGrant grant;
    auto object = caller.reference(handle, &ob::file_type, 0, &grant);
    if (!object) return failed(object.status());
    if (caller.mode == UserMode && !(grant.access & (FILE_WRITE_DATA | FILE_APPEND_DATA))) return failed(STATUS_ACCESS_DENIED);
    io::TransferParameters p{.file = {}, .event = {}, .mode = caller.mode, .major = IRP_MJ_FLUSH_BUFFERS, .output = {}};
    p.file = Ref<io::FileObject>::adopt(static_cast<io::FileObject*>(object->leak()));
    return caller.kernel.io().transfer(p);
}

}  // namespace pw::nt
