// SPDX-License-Identifier: Apache-2.0
// Façade: sections by object pointer (MmMapViewInSystemSpace …).
#include <nt/mm.h>

#include "kernel/processes/process.h"
#include "kernel/services/section_services.h"
#include "wdk_api/current.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

std::uint64_t address_of(PVOID address) { return reinterpret_cast<std::uint64_t>(address); }

// What is no object is the driver's error and a bug check; an object of another type is refused.
mm::SectionObject* section_of(PVOID section) { return ob::object_cast<mm::SectionObject>(wdk::object_or_bug_check(section)); }

// "Maps the section into the system's address space", with the most that the section allows.
NTSTATUS map_into_system(PVOID object, PVOID* base, PSIZE_T view_bytes, std::uint64_t offset_bytes) {
    mm::SectionObject* const section = section_of(object);
    if (!section) return STATUS_OBJECT_TYPE_MISMATCH;
    const ULONG protection = section->core().protection();
    const bool copies = (protection & (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY)) != 0;
    auto view = section->core().map_view(nullptr, {.offset_bytes = offset_bytes,
                                                   .view_bytes = *view_bytes,
                                                   .protection = copies ? ULONG{PAGE_READONLY} : protection});
    if (!view) return view.status().code();
    *base = reinterpret_cast<PVOID>(view->base);
    *view_bytes = view->length_bytes;
    return STATUS_SUCCESS;
}

NTSTATUS unmap_from_system(PVOID base) {
    return mm::SectionCore::unmap_view(wdk::memory_manager(), nullptr, address_of(base)).code();
}

// The address space that a view of a process goes to; no space: the System process.
NTSTATUS space_of(PEPROCESS process, Ref<mm::AddressSpace>* space) {
    ps::Process* const object = ps::Process::from_nt(process);
    if (!object) return STATUS_INVALID_PARAMETER;
    if (object->is_system()) return STATUS_SUCCESS;
    *space = wdk::memory_manager().address_space_of(process);
    return *space ? STATUS_SUCCESS : STATUS_PROCESS_IS_TERMINATING;
}

}  // namespace

extern "C" {

NTSTATUS NTAPI MmCreateSection(PVOID* object, ACCESS_MASK, POBJECT_ATTRIBUTES, PLARGE_INTEGER maximum, ULONG protection,
                               ULONG allocation_attributes, HANDLE file, struct _FILE_OBJECT* file_object) {
    if (file_object) return STATUS_NOT_SUPPORTED;  // a section over a file object without a handle
    auto section = nt::create_section_object(wdk::kernel_caller(),
                                             {.page_protection = protection,
                                              .allocation_attributes = allocation_attributes,
                                              .maximum_bytes = maximum ? static_cast<std::uint64_t>(maximum->QuadPart) : 0,
                                              .file = address_of(file)});
    if (!section) return section.status().code();
    *object = std::move(section).value().leak()->body();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI MmMapViewOfSection(PVOID object, PEPROCESS process, PVOID* base, ULONG_PTR, SIZE_T commit_bytes,
                                  PLARGE_INTEGER offset, PSIZE_T view_bytes, SECTION_INHERIT, ULONG allocation_type,
                                  ULONG protection) {
    mm::SectionObject* const section = section_of(object);
    if (!section) return STATUS_OBJECT_TYPE_MISMATCH;
    Ref<mm::AddressSpace> space;
    if (const NTSTATUS status = space_of(process, &space); !NT_SUCCESS(status)) return status;
    auto view = section->core().map_view(space.get(), {.requested_base = address_of(*base),
                                                       .offset_bytes = offset ? static_cast<std::uint64_t>(offset->QuadPart) : 0,
                                                       .view_bytes = *view_bytes,
                                                       .commit_bytes = commit_bytes,
                                                       .protection = protection,
                                                       .top_down = (allocation_type & MEM_TOP_DOWN) != 0});
    if (!view) return view.status().code();
    *base = reinterpret_cast<PVOID>(view->base);
    *view_bytes = view->length_bytes;
    if (offset) offset->QuadPart = static_cast<LONGLONG>(view->offset_bytes);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI MmUnmapViewOfSection(PEPROCESS process, PVOID base) {
    Ref<mm::AddressSpace> space;
    if (const NTSTATUS status = space_of(process, &space); !NT_SUCCESS(status)) return status;
    return mm::SectionCore::unmap_view(wdk::memory_manager(), space.get(), address_of(base)).code();
}

NTSTATUS NTAPI MmMapViewInSystemSpace(PVOID section, PVOID* base, PSIZE_T view_bytes) {
    return map_into_system(section, base, view_bytes, 0);
}

NTSTATUS NTAPI MmMapViewInSystemSpaceEx(PVOID section, PVOID* base, PSIZE_T view_bytes, PLARGE_INTEGER offset, ULONG_PTR) {
    return map_into_system(section, base, view_bytes, static_cast<std::uint64_t>(offset->QuadPart));
}

NTSTATUS NTAPI MmUnmapViewInSystemSpace(PVOID base) { return unmap_from_system(base); }

// There is one session, and its space is the system's.
NTSTATUS NTAPI MmMapViewInSessionSpace(PVOID section, PVOID* base, PSIZE_T view_bytes) {
    return map_into_system(section, base, view_bytes, 0);
}

NTSTATUS NTAPI MmUnmapViewInSessionSpace(PVOID base) { return unmap_from_system(base); }

}  // extern "C"
