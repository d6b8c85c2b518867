// SPDX-License-Identifier: Apache-2.0
#include "kernel/objects/object_type.h"

namespace pw::ob {
namespace {

// The generic mappings that Microsoft documents under "Standard Access Rights and the object's access rights".
constexpr GENERIC_MAPPING mapping(ACCESS_MASK read, ACCESS_MASK write, ACCESS_MASK execute, ACCESS_MASK all) {
    return GENERIC_MAPPING{STANDARD_RIGHTS_READ | read, STANDARD_RIGHTS_WRITE | write, STANDARD_RIGHTS_EXECUTE | execute, all};
}

constexpr ACCESS_MASK directory_all = 0x000F000F;
constexpr ACCESS_MASK symbolic_link_all = 0x000F0001;
constexpr ACCESS_MASK event_all = 0x001F0003;
constexpr ACCESS_MASK mutant_all = 0x001F0001;
constexpr ACCESS_MASK semaphore_all = 0x001F0003;
constexpr ACCESS_MASK timer_all = 0x001F0003;
constexpr ACCESS_MASK section_all = 0x000F001F;
constexpr ACCESS_MASK process_all = 0x001FFFFF;
constexpr ACCESS_MASK thread_all = 0x001FFFFF;
constexpr ACCESS_MASK file_all = 0x001F01FF;
constexpr ACCESS_MASK io_completion_all = 0x001F0003;
constexpr ACCESS_MASK service_all = 0x000F01FF;
constexpr ACCESS_MASK token_all = 0x000F01FF;

}  // namespace

constexpr ObjectType type_type{u"Type", mapping(0, 0, 0, 0x000F0001), 0x000F0001, false};
constexpr ObjectType directory_type{u"Directory", mapping(0x3, 0xC, 0x3, directory_all), directory_all, false};
constexpr ObjectType symbolic_link_type{u"SymbolicLink", mapping(0x1, 0, 0x1, symbolic_link_all), symbolic_link_all, false};
constexpr ObjectType event_type{u"Event", mapping(0x1, 0x2, SYNCHRONIZE, event_all), event_all, true};
constexpr ObjectType mutant_type{u"Mutant", mapping(0x1, 0, SYNCHRONIZE, mutant_all), mutant_all, true};
constexpr ObjectType semaphore_type{u"Semaphore", mapping(0x1, 0x2, SYNCHRONIZE, semaphore_all), semaphore_all, true};
constexpr ObjectType timer_type{u"Timer", mapping(0x1, 0x2, SYNCHRONIZE, timer_all), timer_all, true};
constexpr ObjectType section_type{u"Section", mapping(0x1 | 0x4, 0x2, 0x8, section_all), section_all, false};
constexpr ObjectType process_type{u"Process", mapping(0x410, 0xBEA, SYNCHRONIZE | 0x1001, process_all), process_all, true};
constexpr ObjectType thread_type{u"Thread", mapping(0x48, 0x37, SYNCHRONIZE | 0x800, thread_all), thread_all, true};
constexpr ObjectType device_type{
    u"Device", {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, file_all}, file_all, false};
constexpr ObjectType driver_type{u"Driver", mapping(0, 0, 0, 0x000F0001), 0x000F0001, false};
constexpr ObjectType file_type{
    u"File", {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, file_all}, file_all, false};
constexpr ObjectType io_completion_type{u"IoCompletion", mapping(0x1, 0x2, SYNCHRONIZE, io_completion_all), io_completion_all, false};
constexpr ObjectType callback_type{u"Callback", mapping(0, 0x1, SYNCHRONIZE, 0x001F0001), 0x001F0001, false};
constexpr ObjectType token_type{u"Token", mapping(0x8, 0xE0, 0, token_all), token_all, false};
constexpr ObjectType key_type{u"Key", mapping(0x19, 0x6, 0x19, 0x000F003F), 0x000F003F, false};
constexpr ObjectType service_type{u"Service", mapping(0x8D, 0x2, 0x70, service_all), service_all, false};

ACCESS_MASK map_access(const ObjectType& type, ACCESS_MASK desired) {
    ACCESS_MASK access = desired & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL | MAXIMUM_ALLOWED);
    if (desired & GENERIC_READ) access |= type.generic_mapping.GenericRead;
    if (desired & GENERIC_WRITE) access |= type.generic_mapping.GenericWrite;
    if (desired & GENERIC_EXECUTE) access |= type.generic_mapping.GenericExecute;
    if (desired & GENERIC_ALL) access |= type.generic_mapping.GenericAll;
    if (desired & MAXIMUM_ALLOWED) access |= type.valid_access;
    return access;
}

}  // namespace pw::ob
