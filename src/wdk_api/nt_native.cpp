// SPDX-License-Identifier: Apache-2.0
// Façade: native calls by their Nt names. The previous mode counts: on behalf of an application, handles are checked and
// pointers must be the application's; a system thread's call is that of the Zw name.
#include <nt/zw.h>

#include "kernel/services/section_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

namespace {

nt::Caller previous_mode_caller() {
    ps::Thread& thread = wdk::current_thread();
    return {*thread.owner().processes().kernel(), thread, thread.previous_mode()};
}

// An argument in the application's memory: read before the call, written after it.
template <typename T>
class UserArgument {
public:
    UserArgument(const nt::Caller& caller, T* address) : caller_(caller), address_(reinterpret_cast<std::uint64_t>(address)) {}
    [[nodiscard]] Status read(T* value) const {
        return caller_.kernel.memory().user_memory().copy_from_user(space(), value, address_, sizeof(T));
    }
    [[nodiscard]] Status write(const T& value) const {
        return caller_.kernel.memory().user_memory().copy_to_user(space(), address_, &value, sizeof(T));
    }

private:
    [[nodiscard]] mm::AddressSpace& space() const { return caller_.thread.process().address_space(); }
    const nt::Caller& caller_;
    const std::uint64_t address_;
};

Status map_for_user(const nt::Caller& caller, nt::ViewParameters parameters, PVOID* base, PLARGE_INTEGER offset,
                    PSIZE_T bytes) {
    const UserArgument base_argument(caller, base);
    const UserArgument bytes_argument(caller, bytes);
    const UserArgument offset_argument(caller, offset);
    PVOID wanted_base = nullptr;
    SIZE_T wanted_bytes = 0;
    LARGE_INTEGER wanted_offset = {};
    PW_TRY(base_argument.read(&wanted_base));
    PW_TRY(bytes_argument.read(&wanted_bytes));
    if (offset) PW_TRY(offset_argument.read(&wanted_offset));
    parameters.base = reinterpret_cast<std::uint64_t>(wanted_base);
    parameters.view_bytes = wanted_bytes;
    parameters.section_offset = static_cast<std::uint64_t>(wanted_offset.QuadPart);
    PW_TRY_ASSIGN(const mm::View view, nt::map_view_of_section(caller, parameters));
    PW_TRY(base_argument.write(reinterpret_cast<PVOID>(view.base)));
    PW_TRY(bytes_argument.write(view.length_bytes));
    if (!offset) return STATUS_SUCCESS;
    wanted_offset.QuadPart = static_cast<LONGLONG>(view.offset_bytes);
    return offset_argument.write(wanted_offset);
}

}  // namespace

extern "C" {

NTSTATUS NTAPI NtClose(HANDLE handle) {
    PW_IRQL_LIMIT(NtClose);
    return previous_mode_caller().close_handle(reinterpret_cast<std::uint64_t>(handle)).code();
}

NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID* base, ULONG_PTR zero_bits, SIZE_T commit_bytes,
                                  PLARGE_INTEGER offset, PSIZE_T bytes, SECTION_INHERIT inherit, ULONG allocation_type,
                                  ULONG protection) {
    PW_IRQL_LIMIT(NtMapViewOfSection);
    const nt::Caller caller = previous_mode_caller();
    if (caller.mode == KernelMode) {
        return ZwMapViewOfSection(section, process, base, zero_bits, commit_bytes, offset, bytes, inherit, allocation_type,
                                  protection);
    }
    return map_for_user(caller,
                        {.section = reinterpret_cast<std::uint64_t>(section),
                         .process = reinterpret_cast<std::uint64_t>(process),
                         .commit_bytes = commit_bytes,
                         .allocation_type = allocation_type,
                         .page_protection = protection},
                        base, offset, bytes)
        .code();
}

NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE process, PVOID base) {
    PW_IRQL_LIMIT(NtUnmapViewOfSection);
    return nt::unmap_view_of_section(previous_mode_caller(), reinterpret_cast<std::uint64_t>(process),
                                     reinterpret_cast<std::uint64_t>(base))
        .code();
}

}  // extern "C"
