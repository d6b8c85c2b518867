// SPDX-License-Identifier: Apache-2.0
// The descriptors of the system's own objects.
#pragma once

#include "kernel/objects/object_type.h"
#include "security_format/descriptor.h"

namespace pw::se {

using DescriptorRef = Ref<const SharedDescriptor>;

// Everybody may find what is in it; the system and administrators may put something there (\Device, \GLOBAL?? …).
[[nodiscard]] DescriptorRef system_directory_descriptor();
// Everybody may create objects in it (\BaseNamedObjects).
[[nodiscard]] DescriptorRef shared_directory_descriptor();
// Everybody may follow it.
[[nodiscard]] DescriptorRef symbolic_link_descriptor();
// IoCreateDevice: everybody reads, writes and executes; the system and administrators do everything.
[[nodiscard]] DescriptorRef device_descriptor();
// Nobody but kernel mode, whose accesses are not checked: \Device\PhysicalMemory, as from Windows Server 2003 SP1 on.
[[nodiscard]] DescriptorRef kernel_only_descriptor();
// The service control manager, and each service: everybody who is authenticated may ask, administrators may do.
[[nodiscard]] DescriptorRef service_manager_descriptor();
[[nodiscard]] DescriptorRef service_descriptor();

// An SDDL text that is a constant of the program, for an object of that type.
[[nodiscard]] DescriptorRef descriptor_from_sddl(std::u16string_view text, const ob::ObjectType& type);

}  // namespace pw::se
