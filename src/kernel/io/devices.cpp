// SPDX-License-Identifier: Apache-2.0
// Devices: create, delete, names, stacks.
#include "kernel/io/io_manager.h"

namespace pw::io {

Status IoManager::create_device(DriverObject& driver, ULONG extension_bytes, std::u16string_view name, DEVICE_TYPE type,
                                ULONG characteristics, bool exclusive, PDEVICE_OBJECT* device,
                                se::DescriptorRef security) {
    *device = nullptr;
    Ref<DeviceObject> object = DeviceObject::create(*this, driver, extension_bytes, type, characteristics, exclusive);
    if (!object) return STATUS_INSUFFICIENT_RESOURCES;
    objects_.set_security(*object, security ? std::move(security) : se::device_descriptor());
    if (!name.empty()) {
        PW_TRY(objects_.insert(*object, name, nullptr, true));
        object->nt()->Flags |= DO_DEVICE_HAS_NAME;
    }
    driver.add_device(object->nt());
    *device = object.leak()->nt();  // the driver's reference, until IoDeleteDevice
    return STATUS_SUCCESS;
}

void IoManager::delete_device(PDEVICE_OBJECT nt) {
    DeviceObject* device = DeviceObject::from_nt(nt);
    if (!device || device->is_deleted()) {
        diagnostics_.report({}, "IoDeleteDevice was called with what is no device object, or twice for one");
        return;
    }
    device->mark_deleted();
    device->remove_timer();
    if (unregister_shutdown(*device)) {
        diagnostics_.report(device->driver().display_name(),
                            "IoDeleteDevice was called for a device that is registered for shutdown notification");
    }
    objects_.remove_name(*device);
    device->driver().remove_device(nt);
    device->release();
}

Status IoManager::create_symbolic_link(std::u16string_view link, std::u16string_view target) {
    auto object = ob::SymbolicLink::create(objects_, target);
    if (!object) return STATUS_INSUFFICIENT_RESOURCES;
    object->set_permanent(true);
    objects_.set_security(*object, se::symbolic_link_descriptor());
    return objects_.insert(*object, link, nullptr, true);
}

Status IoManager::delete_symbolic_link(std::u16string_view link) {
    PW_TRY_ASSIGN(ob::Found found, objects_.find(link, nullptr, true, true));
    if (!ob::object_cast<ob::SymbolicLink>(found.object.get()) || !found.remaining.empty()) return STATUS_OBJECT_TYPE_MISMATCH;
    objects_.remove_name(*found.object);
    return STATUS_SUCCESS;
}

PDEVICE_OBJECT IoManager::top_of_stack(PDEVICE_OBJECT device) {
    while (device->AttachedDevice) device = device->AttachedDevice;
    return device;
}

PDEVICE_OBJECT IoManager::attach_device(PDEVICE_OBJECT source, PDEVICE_OBJECT target) {
    PDEVICE_OBJECT top = top_of_stack(target);
    if (DeviceObject::from_nt(top)->is_deleted() || top->StackSize == 127) return nullptr;
    top->AttachedDevice = source;
    DeviceObject::from_nt(source)->set_attached_to(top);
    source->StackSize = static_cast<CCHAR>(top->StackSize + 1);
    source->AlignmentRequirement = top->AlignmentRequirement;
    source->SectorSize = top->SectorSize;
    return top;
}

void IoManager::detach_device(PDEVICE_OBJECT target) {
    if (PDEVICE_OBJECT upper = target->AttachedDevice) DeviceObject::from_nt(upper)->set_attached_to(nullptr);
    target->AttachedDevice = nullptr;
}

PDEVICE_OBJECT IoManager::bottom_of_stack(PDEVICE_OBJECT device) {
    while (PDEVICE_OBJECT lower = DeviceObject::from_nt(device)->attached_to()) device = lower;
    return device;
}

Status IoManager::attach_device_by_name(PDEVICE_OBJECT source, std::u16string_view target, PDEVICE_OBJECT* attached) {
    *attached = nullptr;
    // "IoAttachDevice … opens the target only to learn its attributes": no driver sees the open's data access.
    PFILE_OBJECT file = nullptr;
    PDEVICE_OBJECT top = nullptr;
    PW_TRY(open_device(target, FILE_READ_ATTRIBUTES, &file, &top));
    const auto opened = Ref<FileObject>::adopt(FileObject::from_nt(file));
    *attached = attach_device(source, top);
    return *attached ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
}

Status IoManager::open_device(std::u16string_view name, ACCESS_MASK access, PFILE_OBJECT* file, PDEVICE_OBJECT* device) {
    CreateParameters parameters{.path = name,
                                .desired_access = access,
                                .options = FILE_NON_DIRECTORY_FILE,
                                .mode = KernelMode,
                                .is_checked = false};
    PW_TRY_ASSIGN(OpenedFile opened, create_file(parameters));
    *device = top_of_stack(opened.file->nt()->DeviceObject);
    // NT opens a handle, references the file object and closes the handle again: the driver sees CLEANUP now, and CLOSE
    // when the caller lets go of the file object.
    opened.file->clean_up();
    *file = opened.file.leak()->nt();  // documented: the caller dereferences the file object
    return STATUS_SUCCESS;
}

}  // namespace pw::io
