// SPDX-License-Identifier: Apache-2.0
// The order in which locks may be taken: a thread that holds a lock may take only locks of a higher rank.
#pragma once

#include <cstdint>

namespace pw {

// Outermost first. Equal ranks never nest. "Leaf" locks call nothing of ours while held.
//
//   host            connections, loaded drivers
//   └─ process      process list, exit state
//      └─ io        drivers, devices, cancel
//         └─ object namespace, handle table
//            └─ address_space    VADs of one process
//               └─ memory        extents of the system window, segments, pool
//                  └─ dispatcher the dispatcher lock: signal states, wait lists, timers
//                     └─ processor  DPC queue of a virtual processor
//                        └─ leaf    channel send queue, trace, allocator shards
enum class LockRank : std::uint8_t {
    host = 10,
    connection = 15,
    process = 20,
    io_manager = 30,
    io_file = 32,
    cancel = 34,
    object_namespace = 40,
    handle_table = 42,
    registry = 44,
    registry_keys = 46,
    address_space = 50,
    window = 60,
    segment = 62,
    pool = 64,
    dispatcher = 70,
    processor = 80,
    channel = 90,
    leaf = 100,
};

}  // namespace pw
