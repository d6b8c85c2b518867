// SPDX-License-Identifier: Apache-2.0
// What the façades mean by "the current kernel": the only place that looks it up.
#pragma once

namespace pw::mm {
class AddressSpace;
class MemoryManager;
}  // namespace pw::mm

namespace pw::wdk {

// The memory room of the kernel that the calling thread (or the calling driver's image) belongs to.
[[nodiscard]] mm::MemoryManager& memory_manager();
// The address space of the process in whose context the thread runs; nullptr in the System process.
[[nodiscard]] mm::AddressSpace* current_address_space();

}  // namespace pw::wdk
