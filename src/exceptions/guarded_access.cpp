// SPDX-License-Identifier: Apache-2.0
#include "exceptions/guarded_access.h"

extern "C" {
extern const char pw_guarded_begin[] __attribute__((visibility("hidden")));
extern const char pw_guarded_end[] __attribute__((visibility("hidden")));
extern const char pw_guarded_failed[] __attribute__((visibility("hidden")));
extern const char pw_guarded_chunk_begin[] __attribute__((visibility("hidden")));
extern const char pw_guarded_chunk_end[] __attribute__((visibility("hidden")));
extern const char pw_guarded_bytes[] __attribute__((visibility("hidden")));
}

namespace pw::seh {
namespace {

bool within(std::uint64_t instruction, const char* begin, const char* end) {
    return instruction >= reinterpret_cast<std::uint64_t>(begin) && instruction < reinterpret_cast<std::uint64_t>(end);
}

}  // namespace

pw_fault_answer resolve_guarded_access(const pw_fault_info* fault, void* ends_at_once) {
    if (!within(fault->instruction, pw_guarded_begin, pw_guarded_end)) return PW_FAULT_NOT_MINE;
    platform::FaultRegisters registers = platform::fault_registers(fault->ucontext);
    // The bytes of a chunk are tried one by one, up to the one that cannot be read. A guard page would let them pass now.
    if (ends_at_once == nullptr && within(fault->instruction, pw_guarded_chunk_begin, pw_guarded_chunk_end)) {
        registers.rip = reinterpret_cast<std::uint64_t>(pw_guarded_bytes);
    } else {
        registers.rip = reinterpret_cast<std::uint64_t>(pw_guarded_failed);
        registers.rdx = fault->address;
    }
    platform::set_fault_registers(fault->ucontext, registers);
    return PW_FAULT_CONTEXT_CHANGED;
}

}  // namespace pw::seh
