// SPDX-License-Identifier: Apache-2.0
// Signals that a faulting instruction causes: installing handlers, reading and changing the interrupted registers, stacks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pw::platform {

enum class FaultSignal : int { Illegal = 4, Trap = 5, Bus = 7, Arithmetic = 8, Memory = 11 };

// What si_code says, as far as it matters.
enum class FaultDetail : std::uint8_t {
    None,
    SentByProcess,  // kill(), tgkill(), sigqueue(): no instruction faulted
    BusAlignment,
    IntegerDivide,
    IntegerOverflow,
    FloatDivide,
    FloatOverflow,
    FloatUnderflow,
    FloatInexact,
    FloatInvalid,
    SubscriptRange,
    Breakpoint,
    SingleStep,
    GeneralProtection,  // no address: non-canonical, or a privileged instruction
};

// The interrupted integer registers in the order of x64's CONTEXT.
struct FaultRegisters {
    std::uint64_t rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi;
    std::uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    std::uint64_t rip;
    std::uint64_t eflags;
};

struct FaultEvent {
    FaultSignal signal;
    FaultDetail detail;
    bool is_write;
    bool is_exec;
    std::uint64_t address;  // as the processor reported it
    void* ucontext;
};

enum class FaultOutcome {
    Resume,         // go on with the registers that the ucontext now holds
    DefaultAction,  // let the action run that was installed before ours
    DefaultActionNow,  // the same, where the instruction would not fault again
};

// Not from signal context: the calling thread gets that signal as from a fault that nobody handles.
void raise_unhandled_fault(FaultSignal signal);

// Runs in signal context, on the alternate stack where the thread has one. errno is kept for it.
using FaultHandler = FaultOutcome (*)(const FaultEvent& event);

// Installs the handler for all FaultSignals; the first call decides, later ones do nothing. SA_NODEFER: a fault inside the
// handler is handled as well. Any thread. Fails a PW_CHECK if the kernel refuses.
void install_fault_handler(FaultHandler handler);

[[nodiscard]] FaultRegisters fault_registers(const void* ucontext);
void set_fault_registers(void* ucontext, const FaultRegisters& registers);

// The floating-point and vector state of an interrupted thread, in the processor's XSAVE layout; its first 512 bytes are
// x64's XSAVE_FORMAT. Restoring takes only a state that was saved on the same thread; false if the sizes differ.
[[nodiscard]] std::size_t vector_state_bytes(const void* ucontext);
void save_vector_state(const void* ucontext, void* destination);
[[nodiscard]] bool restore_vector_state(void* ucontext, const void* source, std::size_t length_bytes);
// Marks the x87 and SSE parts of a saved state as in use, after its first 416 bytes were changed.
void mark_legacy_state_changed(void* state, std::size_t length_bytes);

struct StackRange {
    std::uintptr_t low = 0;
    std::uintptr_t high = 0;
    [[nodiscard]] bool contains(std::uintptr_t address) const { return address >= low && address < high; }
};

// The calling thread's stack; for the main thread the range to which it may grow. Empty if the system does not know.
[[nodiscard]] StackRange current_stack();

// Gives the calling thread an alternate signal stack, unless it has one (a sanitizer's), and a reserve stack with a guard
// page; both are released when the thread ends. Returns the reserve stack; empty if there is no memory, or the thread is
// ending.
[[nodiscard]] StackRange attach_fault_stacks();

// Writes the message to standard error and aborts the process.
[[noreturn]] void abort_with_message(std::string_view message);

}  // namespace pw::platform
