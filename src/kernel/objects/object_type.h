// SPDX-License-Identifier: Apache-2.0
// ObjectType: what all objects of one kind share; drivers see it as POBJECT_TYPE and pass it to ObReferenceObjectByHandle.
#pragma once

#include <nt/ob.h>

#include <cstdint>

// Drivers hold the address only (POBJECT_TYPE is opaque in the documented headers), so the contents are ours. Types are
// constants of the program, shared by every kernel in the process.
struct _OBJECT_TYPE {
    const char16_t* name;
    GENERIC_MAPPING generic_mapping;
    ACCESS_MASK valid_access;  // what MAXIMUM_ALLOWED grants where nothing denies
    bool is_waitable;          // the NT body starts with a DISPATCHER_HEADER
};

namespace pw::ob {

using ObjectType = ::_OBJECT_TYPE;

extern const ObjectType type_type;
extern const ObjectType directory_type;
extern const ObjectType symbolic_link_type;
extern const ObjectType event_type;
extern const ObjectType mutant_type;
extern const ObjectType semaphore_type;
extern const ObjectType timer_type;
extern const ObjectType section_type;
extern const ObjectType process_type;
extern const ObjectType thread_type;
extern const ObjectType device_type;
extern const ObjectType driver_type;
extern const ObjectType file_type;
extern const ObjectType io_completion_type;
extern const ObjectType callback_type;
extern const ObjectType token_type;
extern const ObjectType key_type;
extern const ObjectType service_type;  // ours: handles of the service control manager

// The access that `desired` asks for once generic rights are mapped and MAXIMUM_ALLOWED is resolved to all valid rights.
[[nodiscard]] ACCESS_MASK map_access(const ObjectType& type, ACCESS_MASK desired);

}  // namespace pw::ob
