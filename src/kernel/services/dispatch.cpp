// SPDX-License-Identifier: Apache-2.0
// The system-call dispatcher: decode, call the service, encode. Nothing else happens here.
#include <array>
#include <cstring>

#include "kernel/services/async_calls.h"
#include "kernel/services/file_information_services.h"
#include "kernel/services/file_services.h"
#include "kernel/services/process_calls.h"
#include "kernel/services/registry_calls.h"
#include "kernel/services/section_services.h"
#include "kernel/services/security_calls.h"
#include "kernel/services/synchronization_services.h"
#include "kernel/services/thread_services.h"
#include "kernel/services/virtual_memory_services.h"

namespace pw::nt {
namespace {

// One call being served: its private In struct is `in`, its Out struct starts zeroed and is `out`.
struct Context {
    const Caller& caller;
    CallFrame& frame;

    [[nodiscard]] std::u16string text(WireString field) const { return decode_text(frame, field); }
    [[nodiscard]] Result<Ref<const se::SharedDescriptor>> descriptor(WireBytes field) const {
        return decode_descriptor(frame, field);
    }
    [[nodiscard]] Result<ObjectName> name(const WireObjectAttributes& wire) const { return decode_name(caller, frame, wire); }
};

std::optional<LARGE_INTEGER> timeout_of(const WireTimeout& wire) {
    if (!wire.present) return std::nullopt;
    LARGE_INTEGER value;
    value.QuadPart = wire.value_100ns;
    return value;
}

const LARGE_INTEGER* pointer_to(const std::optional<LARGE_INTEGER>& value) { return value ? &*value : nullptr; }

Status put_handle(const NamedHandle& named, WireHandle& out) {
    out.value = named.handle;
    return named.status;
}

Status put_handle(Result<std::uint64_t>&& handle, WireHandle& out) {
    if (!handle) return handle.status();
    out.value = *handle;
    return STATUS_SUCCESS;
}

template <const ob::ObjectType& Type, typename In, typename Out>
Status open_named(const Context& c, const In& in, Out& out) {
    PW_TRY_ASSIGN(ObjectName name, c.name(in.object));
    return put_handle(open_by_name(c.caller, name, Type, in.desired_access), out.handle);
}

// --- objects
Status serve(const Context& c, const NtCloseIn& in, NtCloseOut&) { return c.caller.close_handle(in.handle.value); }
Status serve(const Context& c, const NtDuplicateObjectIn& in, NtDuplicateObjectOut& out) {
    return put_handle(duplicate_object(c.caller, {.source_process = in.source_process.value,
                                                  .source = in.source.value,
                                                  .target_process = in.target_process.value,
                                                  .access = in.desired_access,
                                                  .attributes = in.attributes,
                                                  .options = in.options}),
                      out.handle);
}

// --- files
Status serve(const Context& c, const NtCreateFileIn& in, NtCreateFileOut& out) {
    PW_TRY_ASSIGN(ObjectName name, c.name(in.object));
    IO_STATUS_BLOCK block = {};
    auto handle = create_file(c.caller, name,
                              {.desired_access = in.desired_access,
                               .file_attributes = in.file_attributes,
                               .share_access = in.share_access,
                               .disposition = in.disposition,
                               .options = in.options},
                              &block);
    if (!handle) return handle.status();
    out.handle.value = *handle;
    out.block = {.status = block.Status, .written = 1, .information = block.Information};
    return block.Status;
}

template <typename Out>
Status put_result(const io::TransferResult& result, Out& out) {
    out.block = {.status = result.status, .written = result.write_status_block, .information = result.information};
    return result.status;
}

// Both kinds of control: their fields are the same.
template <typename In, typename Out>
Status serve_control(const Context& c, const In& in, Out& out, ULONG major) {
    io::TransferParameters p{.file = {},
                             .event = {},
                             .status_block = in.status_block.value,
                             .apc_routine = in.apc_routine.value,
                             .apc_context = in.apc_context.value,
                             .mode = c.caller.mode,
                             .major = major,
                             .code = in.code,
                             .input = in.input.value,
                             .input_bytes = in.input_bytes,
                             .output = {.user_address = in.output.value, .length_bytes = in.output_bytes}};
    if (in.inline_input.length_bytes != 0) {
        if (in.inline_input.length_bytes != in.input_bytes) return STATUS_INVALID_PARAMETER;
        p.inline_input = &c.frame.payload;
        p.inline_input_offset = in.inline_input.offset;
    }
    if (in.inline_output_limit != 0) {
        p.output.inline_reply = c.frame.reply_payload;
        p.output.inline_capacity_bytes = std::min(in.inline_output_limit, c.frame.reply_payload_capacity_bytes);
    }
    const io::TransferResult result = device_io_control(c.caller, in.file.value, in.event.value, p);
    out.inline_output_bytes = result.inline_output_bytes;
    c.frame.reply_payload_bytes = result.inline_output_bytes;
    return put_result(result, out);
}

Status serve(const Context& c, const NtDeviceIoControlFileIn& in, NtDeviceIoControlFileOut& out) {
    return serve_control(c, in, out, IRP_MJ_DEVICE_CONTROL);
}
Status serve(const Context& c, const NtFsControlFileIn& in, NtFsControlFileOut& out) {
    return serve_control(c, in, out, IRP_MJ_FILE_SYSTEM_CONTROL);
}

template <typename In>
io::TransferParameters transfer_parameters(const Context& c, const In& in, ULONG major) {
    io::TransferParameters p{.file = {},
                             .event = {},
                             .status_block = in.status_block.value,
                             .apc_routine = in.apc_routine.value,
                             .apc_context = in.apc_context.value,
                             .mode = c.caller.mode,
                             .major = major,
                             .output = {.user_address = in.buffer.value, .length_bytes = in.length_bytes},
                             .key = in.key};
    if (in.has_byte_offset.value) p.byte_offset.QuadPart = in.byte_offset;
    return p;
}
Status serve(const Context& c, const NtReadFileIn& in, NtReadFileOut& out) {
    io::TransferParameters p = transfer_parameters(c, in, IRP_MJ_READ);
    return put_result(read_write_file(c.caller, in.file.value, in.event.value, p, in.has_byte_offset.value != 0), out);
}
Status serve(const Context& c, const NtWriteFileIn& in, NtWriteFileOut& out) {
    io::TransferParameters p = transfer_parameters(c, in, IRP_MJ_WRITE);
    return put_result(read_write_file(c.caller, in.file.value, in.event.value, p, in.has_byte_offset.value != 0), out);
}
Status serve(const Context& c, const NtCancelIoFileExIn& in, NtCancelIoFileExOut&) {
    return cancel_io_file(c.caller, in.file.value, in.status_block.value, in.this_thread_only.value != 0);
}

template <typename In>
io::TransferParameters information_parameters(const Context& c, const In& in, ULONG major) {
    return {.file = {},
            .event = {},
            .mode = c.caller.mode,
            .major = major,
            .output = {.user_address = in.buffer.value, .length_bytes = in.length_bytes},
            .information_class = in.information_class};
}
Status serve(const Context& c, const NtQueryInformationFileIn& in, NtQueryInformationFileOut& out) {
    io::TransferParameters p = information_parameters(c, in, IRP_MJ_QUERY_INFORMATION);
    return put_result(query_information_file(c.caller, in.file.value, p), out);
}
Status serve(const Context& c, const NtSetInformationFileIn& in, NtSetInformationFileOut& out) {
    io::TransferParameters p = information_parameters(c, in, IRP_MJ_SET_INFORMATION);
    return put_result(set_information_file(c.caller, in.file.value, p), out);
}
Status serve(const Context& c, const NtQueryVolumeInformationFileIn& in, NtQueryVolumeInformationFileOut& out) {
    io::TransferParameters p = information_parameters(c, in, IRP_MJ_QUERY_VOLUME_INFORMATION);
    return put_result(query_information_file(c.caller, in.file.value, p), out);
}
Status serve(const Context& c, const NtFlushBuffersFileIn& in, NtFlushBuffersFileOut& out) {
    return put_result(flush_buffers_file(c.caller, in.file.value), out);
}

// --- synchronisation
Status serve(const Context& c, const NtCreateEventIn& in, NtCreateEventOut& out) {
    PW_TRY_ASSIGN(ObjectName name, c.name(in.object));
    return put_handle(create_event(c.caller, name, in.desired_access, static_cast<EVENT_TYPE>(in.event_type),
                                   in.initial_state.value != 0),
                      out.handle);
}
Status serve(const Context& c, const NtOpenEventIn& in, NtOpenEventOut& out) { return open_named<ob::event_type>(c, in, out); }
Status serve(const Context& c, const NtSetEventIn& in, NtSetEventOut& out) {
    LONG previous = 0;
    const Status status = set_event(c.caller, in.event.value, &previous);
    out.previous_state = previous;
    return status;
}
Status serve(const Context& c, const NtResetEventIn& in, NtResetEventOut& out) {
    LONG previous = 0;
    const Status status = reset_event(c.caller, in.event.value, &previous);
    out.previous_state = previous;
    return status;
}
Status serve(const Context& c, const NtPulseEventIn& in, NtPulseEventOut& out) {
    LONG previous = 0;
    const Status status = pulse_event(c.caller, in.event.value, &previous);
    out.previous_state = previous;
    return status;
}
Status serve(const Context& c, const NtCreateMutantIn& in, NtCreateMutantOut& out) {
    PW_TRY_ASSIGN(ObjectName name, c.name(in.object));
    return put_handle(create_mutant(c.caller, name, in.desired_access, in.initial_owner.value != 0), out.handle);
}
Status serve(const Context& c, const NtOpenMutantIn& in, NtOpenMutantOut& out) {
    return open_named<ob::mutant_type>(c, in, out);
}
Status serve(const Context& c, const NtReleaseMutantIn& in, NtReleaseMutantOut& out) {
    LONG previous = 0;
    const Status status = release_mutant(c.caller, in.mutant.value, &previous);
    out.previous_count = previous;
    return status;
}
Status serve(const Context& c, const NtCreateSemaphoreIn& in, NtCreateSemaphoreOut& out) {
    PW_TRY_ASSIGN(ObjectName name, c.name(in.object));
    return put_handle(create_semaphore(c.caller, name, in.desired_access, in.initial_count, in.maximum_count), out.handle);
}
Status serve(const Context& c, const NtOpenSemaphoreIn& in, NtOpenSemaphoreOut& out) {
    return open_named<ob::semaphore_type>(c, in, out);
}
Status serve(const Context& c, const NtReleaseSemaphoreIn& in, NtReleaseSemaphoreOut& out) {
    LONG previous = 0;
    const Status status = release_semaphore(c.caller, in.semaphore.value, in.release_count, &previous);
    out.previous_count = previous;
    return status;
}
Status serve(const Context& c, const NtWaitForSingleObjectIn& in, NtWaitForSingleObjectOut&) {
    const auto timeout = timeout_of(in.timeout);
    return wait_for_single_object(c.caller, in.object.value, in.alertable.value != 0, pointer_to(timeout));
}
Status serve(const Context& c, const NtWaitForMultipleObjectsIn& in, NtWaitForMultipleObjectsOut&) {
    std::array<std::uint64_t, MAXIMUM_WAIT_OBJECTS> handles;
    if (in.count == 0 || in.count > handles.size()) return STATUS_INVALID_PARAMETER_1;
    if (in.handles.length_bytes != in.count * sizeof(std::uint64_t)) return STATUS_INVALID_PARAMETER_2;
    c.frame.payload.copy_to(handles.data(), in.handles.offset, in.handles.length_bytes);
    const auto timeout = timeout_of(in.timeout);
    return wait_for_multiple_objects(c.caller, std::span(handles.data(), in.count), static_cast<WAIT_TYPE>(in.wait_type),
                                     in.alertable.value != 0, pointer_to(timeout));
}
Status serve(const Context& c, const NtDelayExecutionIn& in, NtDelayExecutionOut&) {
    const auto interval = timeout_of(in.interval);
    return delay_execution(c.caller, in.alertable.value != 0, pointer_to(interval));
}

// What an application makes itself is charged to it.
mm::MemoryQuota* quota_of(const Context& c) { return c.caller.thread.process().address_space().quota(); }

// --- sections and memory
Status serve(const Context& c, const NtCreateSectionIn& in, NtCreateSectionOut& out) {
    const mm::MemoryQuotaScope charged(quota_of(c));
    PW_TRY_ASSIGN(ObjectName name, c.name(in.object));
    return put_handle(create_section(c.caller, name,
                                     {.access = in.desired_access,
                                      .page_protection = in.page_protection,
                                      .allocation_attributes = in.allocation_attributes,
                                      .maximum_bytes = in.maximum_bytes,
                                      .file = in.file.value}),
                      out.handle);
}
Status serve(const Context& c, const NtOpenSectionIn& in, NtOpenSectionOut& out) {
    return open_named<ob::section_type>(c, in, out);
}
Status serve(const Context& c, const NtQuerySectionIn& in, NtQuerySectionOut& out) {
    return query_section(c.caller, in.section.value, &out.allocation_attributes, &out.maximum_bytes);
}
// On the wire 0 stands for "anything", as in MEM_ADDRESS_REQUIREMENTS.
mm::AddressRequirements requirements_of(const WireAddressRequirements& where) {
    return {.lowest = where.lowest,
            .highest = where.highest == 0 ? ~std::uint64_t{0} : where.highest,
            .alignment_bytes = where.alignment_bytes};
}

Status serve(const Context& c, const NtMapViewOfSectionIn& in, NtMapViewOfSectionOut& out) {
    const mm::MemoryQuotaScope charged(quota_of(c));
    PW_TRY_ASSIGN(mm::View view, map_view_of_section(c.caller, {.section = in.section.value,
                                                                .process = in.process.value,
                                                                .base = in.base.value,
                                                                .commit_bytes = in.commit_bytes,
                                                                .section_offset = in.section_offset,
                                                                .view_bytes = in.view_bytes,
                                                                .allocation_type = in.allocation_type,
                                                                .page_protection = in.page_protection,
                                                                .where = requirements_of(in.where)}));
    out = {.base = {view.base}, .section_offset = view.offset_bytes, .view_bytes = view.length_bytes};
    return STATUS_SUCCESS;
}
Status serve(const Context& c, const NtUnmapViewOfSectionIn& in, NtUnmapViewOfSectionOut&) {
    return unmap_view_of_section(c.caller, in.process.value, in.base.value, in.flags);
}
Status serve(const Context& c, const NtAllocateVirtualMemoryIn& in, NtAllocateVirtualMemoryOut& out) {
    const mm::MemoryQuotaScope charged(quota_of(c));
    out = {.base = in.base, .region_bytes = in.region_bytes};
    return allocate_virtual_memory(c.caller, in.process.value, &out.base.value, &out.region_bytes, in.allocation_type,
                                   in.page_protection, requirements_of(in.where));
}
Status serve(const Context& c, const NtFreeVirtualMemoryIn& in, NtFreeVirtualMemoryOut& out) {
    out = {.base = in.base, .region_bytes = in.region_bytes};
    return free_virtual_memory(c.caller, in.process.value, &out.base.value, &out.region_bytes, in.free_type);
}
Status serve(const Context& c, const NtProtectVirtualMemoryIn& in, NtProtectVirtualMemoryOut& out) {
    out = {.base = in.base, .region_bytes = in.region_bytes, .old_protection = 0};
    return protect_virtual_memory(c.caller, in.process.value, &out.base.value, &out.region_bytes, in.page_protection,
                                  &out.old_protection);
}
Status serve(const Context& c, const NtQueryVirtualMemoryIn& in, NtQueryVirtualMemoryOut& out) {
    PW_TRY_ASSIGN(mm::RegionInformation region, query_virtual_memory(c.caller, in.process.value, in.address.value));
    out = {.base = {region.base_address},
           .allocation_base = {region.allocation_base},
           .region_bytes = region.region_bytes,
           .allocation_protection = region.allocation_protection,
           .state = region.state,
           .protection = region.protection,
           .type = region.type};
    return STATUS_SUCCESS;
}

Status serve(const Context& c, const NtExtendSectionIn& in, NtExtendSectionOut& out) {
    out.size_bytes = in.size_bytes;
    return extend_section(c.caller, in.section.value, &out.size_bytes);
}
Status serve(const Context& c, const NtFlushVirtualMemoryIn& in, NtFlushVirtualMemoryOut& out) {
    out = {.base = in.base, .region_bytes = in.region_bytes};
    return flush_virtual_memory(c.caller, in.process.value, &out.base.value, &out.region_bytes);
}
Status serve(const Context& c, const NtLockVirtualMemoryIn& in, NtLockVirtualMemoryOut& out) {
    out = {.base = in.base, .region_bytes = in.region_bytes};
    return lock_virtual_memory(c.caller, in.process.value, &out.base.value, &out.region_bytes, in.map_type);
}
Status serve(const Context& c, const NtUnlockVirtualMemoryIn& in, NtUnlockVirtualMemoryOut& out) {
    out = {.base = in.base, .region_bytes = in.region_bytes};
    return unlock_virtual_memory(c.caller, in.process.value, &out.base.value, &out.region_bytes, in.map_type);
}
Status serve(const Context& c, const NtReadVirtualMemoryIn& in, NtReadVirtualMemoryOut& out) {
    return read_virtual_memory(c.caller, in.process.value, in.base.value, in.buffer.value, in.length_bytes, &out.done_bytes);
}
Status serve(const Context& c, const NtWriteVirtualMemoryIn& in, NtWriteVirtualMemoryOut& out) {
    return write_virtual_memory(c.caller, in.process.value, in.base.value, in.buffer.value, in.length_bytes, &out.done_bytes);
}

// --- drivers and services
// "The caller must have SeLoadDriverPrivilege", enabled.
Status check_load_driver_privilege(const Context& c) {
    const bool held = c.caller.thread.process().token().subject().has(se::Privilege::load_driver);
    return held ? Status() : Status(STATUS_PRIVILEGE_NOT_HELD);
}
Status serve(const Context& c, const NtLoadDriverIn& in, NtLoadDriverOut&) {
    PW_TRY(check_load_driver_privilege(c));
    return c.caller.kernel.service_control().load_registered(c.text(in.service));
}
Status serve(const Context& c, const NtUnloadDriverIn& in, NtUnloadDriverOut&) {
    PW_TRY(check_load_driver_privilege(c));
    return c.caller.kernel.service_control().unload_registered(c.text(in.service));
}
Status serve(const Context& c, const PwScmOpenIn& in, PwScmOpenOut& out) {
    return put_handle(scm_open(c.caller, in.desired_access), out.handle);
}
Status serve(const Context& c, const PwScmCreateServiceIn& in, PwScmCreateServiceOut& out) {
    return put_handle(scm_create_service(c.caller, in.manager.value, in.desired_access,
                                         {.name = c.text(in.service),
                                          .display_name = c.text(in.display_name),
                                          .binary_path = c.text(in.binary_path),
                                          .type = in.service_type,
                                          .start_type = in.start_type,
                                          .error_control = in.error_control},
                                         &out.win32_error),
                      out.handle);
}
Status serve(const Context& c, const PwScmOpenServiceIn& in, PwScmOpenServiceOut& out) {
    return put_handle(
        scm_open_service(c.caller, in.manager.value, c.text(in.service), in.desired_access, &out.win32_error), out.handle);
}
Status serve(const Context& c, const PwScmStartServiceIn& in, PwScmStartServiceOut& out) {
    PW_TRY_ASSIGN(auto service, c.caller.reference_as<io::ServiceObject>(in.service.value, scm_right_start));
    out.win32_error = c.caller.kernel.service_control().start(*service);
    return STATUS_SUCCESS;
}
template <typename Out>
void put_service_status(const io::ServiceStatus& status, Out& out) {
    out = {.win32_error = status.win32_error,
           .current_state = static_cast<ULONG>(status.state),
           .service_type = status.type,
           .controls_accepted = status.controls_accepted,
           .exit_code = status.exit_code};
}
Status serve(const Context& c, const PwScmControlServiceIn& in, PwScmControlServiceOut& out) {
    PW_TRY_ASSIGN(auto service, c.caller.reference_as<io::ServiceObject>(in.service.value, scm_right_stop));
    put_service_status(c.caller.kernel.service_control().control(*service, in.control), out);
    return STATUS_SUCCESS;
}
Status serve(const Context& c, const PwScmQueryServiceIn& in, PwScmQueryServiceOut& out) {
    PW_TRY_ASSIGN(auto service, c.caller.reference_as<io::ServiceObject>(in.service.value, scm_right_query));
    put_service_status(c.caller.kernel.service_control().query(*service), out);
    return STATUS_SUCCESS;
}
Status serve(const Context& c, const PwScmDeleteServiceIn& in, PwScmDeleteServiceOut& out) {
    PW_TRY_ASSIGN(auto service, c.caller.reference_as<io::ServiceObject>(in.service.value, scm_right_delete));
    out.win32_error = c.caller.kernel.service_control().mark_for_delete(*service);
    return STATUS_SUCCESS;
}

// --- threads and the client's memory
Status serve(const Context& c, const PwCreateThreadIn& in, PwCreateThreadOut& out) {
    return create_thread(c.caller, in.desired_access, &out.handle.value, &out.token, &out.thread_id);
}
Status serve(const Context& c, const PwExitThreadIn& in, PwExitThreadOut&) {
    c.caller.thread.set_exit_code(in.exit_code);
    return STATUS_SUCCESS;
}
Status serve(const Context& c, const PwQueryThreadIn& in, PwQueryThreadOut& out) {
    PW_TRY_ASSIGN(auto thread, c.caller.reference_as<ps::Thread>(in.thread.value, 0));
    out = {.exit_code = thread->exit_code(), .thread_id = thread->id()};
    return STATUS_SUCCESS;
}
Status serve(const Context& c, const PwAdoptMemoryIn& in, PwAdoptMemoryOut& out) {
    const mm::MemoryQuotaScope charged(quota_of(c));
    out.base = in.base;
    return adopt_memory(c.caller, in.base.value, in.region_bytes, in.page_protection, in.kind);
}

// --- calls that stand in files of their own: serve_call(caller, frame, in, out)
template <typename In, typename Out>
    requires requires(const Context& c, const In& in, Out& out) { serve_call(c.caller, c.frame, in, out); }
Status serve(const Context& c, const In& in, Out& out) {
    return serve_call(c.caller, c.frame, in, out);
}

// Generated from the table: the In struct is already private; the Out struct starts zeroed, so that no byte of the
// kernel's stack leaves through padding.
template <typename In>
Status serve_frame(const Caller& caller, CallFrame& frame) {
    using Out = typename Call<In>::Out;
    const In& in = *static_cast<const In*>(frame.in);
    constexpr std::uint32_t in_bytes = std::is_empty_v<In> ? 0 : sizeof(In);
    if (frame.in_bytes != in_bytes || !wire_ok(in, frame.payload.length_bytes())) return STATUS_INVALID_PARAMETER;
    Out out;
    std::memset(static_cast<void*>(&out), 0, sizeof(out));
    const Status status = serve(Context{caller, frame}, in, out);
    std::memcpy(frame.out, &out, sizeof(out));
    frame.out_bytes = sizeof(out);
    return status;
}

using Server = Status (*)(const Caller&, CallFrame&);
constexpr std::array<Server, static_cast<std::size_t>(CallNumber::count)> servers = {
#define PW_SERVER(call) &serve_frame<call##In>,
    PW_SYSTEM_CALLS(PW_SERVER)
#undef PW_SERVER
};

}  // namespace

std::u16string decode_text(const CallFrame& frame, WireString field) {
    std::u16string text(field.length_bytes / 2, u'\0');
    frame.payload.copy_to(text.data(), field.offset, field.length_bytes);
    return text;
}

Result<Ref<const se::SharedDescriptor>> decode_descriptor(const CallFrame& frame, WireBytes field) {
    std::vector<std::byte> bytes(field.length_bytes);
    frame.payload.copy_to(bytes.data(), field.offset, field.length_bytes);
    PW_TRY_ASSIGN(se::DescriptorParts parts, se::DescriptorParts::from_self_relative(bytes));
    return se::SharedDescriptor::create(std::move(parts));
}

Result<ObjectName> decode_name(const Caller& caller, const CallFrame& frame, const WireObjectAttributes& wire) {
    ObjectName name;
    name.attributes = wire.attributes;
    if (wire.has_name) {
        name.has_name = true;
        name.path = decode_text(frame, wire.name);
    }
    if (wire.security_descriptor.length_bytes != 0) {
        PW_TRY_ASSIGN(name.security, decode_descriptor(frame, wire.security_descriptor));
    }
    if (wire.root_directory.value != 0) {
        PW_TRY(take_root(caller, wire.root_directory.value, name));
    }
    return name;
}

Status dispatch_call(const Caller& caller, CallFrame& frame) {
    const auto number = static_cast<std::size_t>(frame.number);
    if (number >= servers.size()) return STATUS_INVALID_SYSTEM_SERVICE;
    return servers[number](caller, frame);
}

const char* call_name(CallNumber number) {
    static constexpr const char* names[] = {
#define PW_NAME(call) #call,
        PW_SYSTEM_CALLS(PW_NAME)
#undef PW_NAME
    };
    const auto index = static_cast<std::size_t>(number);
    return index < std::size(names) ? names[index] : "?";
}

}  // namespace pw::nt
