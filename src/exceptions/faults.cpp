// SPDX-License-Identifier: Apache-2.0
// From a fault's signal to a resolver, an exception, a bug check or the previous signal action.
#include <ntstatus.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <utility>

#include "exceptions/dispatch.h"
#include "exceptions/exceptions.h"
#include "exceptions/fault_resolvers.h"
#include "exceptions/fault_status.h"
#include "exceptions/guarded_access.h"
#include "exceptions/thread_state.h"
#include "platform/signals.h"

extern "C" {
void pw_fault_trampoline(void);
extern const char pw_fault_resume_point[];
__attribute__((weak)) void __asan_unpoison_memory_region(void const volatile* address, std::size_t size);
}

namespace pw::seh {
namespace {

using platform::FaultDetail;
using platform::FaultEvent;
using platform::FaultOutcome;
using platform::FaultRegisters;
using platform::FaultSignal;

// What the signal handler leaves on the stack for the trampoline.
struct alignas(64) FaultCapture {
    FaultRegisters registers;  // first: frame_switch.S describes them to unwinders
    pw_fault_info info;
    pw_fault_policy policy;
    bool is_access;
    std::size_t vector_bytes;  // of the state that follows
    [[nodiscard]] void* vector_state() { return this + 1; }
    [[nodiscard]] const void* vector_state() const { return this + 1; }
};

constexpr std::size_t red_zone_bytes = 128;
// What a filter and its callees get at least; with less, they run on the reserve stack.
constexpr std::size_t handling_bytes = 32 * 1024;
// A function's frame can reach this far below the stack's end before it touches memory.
constexpr std::size_t overflow_reach_bytes = 1024 * 1024;
constexpr std::size_t longest_instruction = 15;
constexpr std::uint64_t direction_flag = 0x400;
constexpr std::uint64_t trap_flag = 0x100;
constexpr std::uint64_t alignment_flag = 0x40000;

constinit FaultResolvers resolvers;
std::atomic<pw_fault_policy_hook> policy_hook{nullptr};
std::atomic<pw_fault_bug_check_hook> bug_check_hook{nullptr};

bool is_stack_overflow(const pw_fault_info& info) {
    const ThreadState& thread = thread_state();
    const std::uint64_t sp = info.stack_pointer;
    const bool near_sp = info.address + overflow_reach_bytes >= sp && info.address < sp + handling_bytes;
    if (thread.stack.high == 0) return false;
    return near_sp && info.address < thread.stack.low + handling_bytes &&
           info.address + overflow_reach_bytes >= thread.stack.low;
}

// Where the trampoline's stack begins: below the interrupted stack's red zone, or at the top of the reserve stack if the
// interrupted one is exhausted. 0: nowhere.
std::uintptr_t handling_stack(const pw_fault_info& info, bool overflow) {
    const ThreadState& thread = thread_state();
    const std::uintptr_t sp = info.stack_pointer;
    if (thread.reserve.contains(sp)) return sp - thread.reserve.low > handling_bytes ? sp - red_zone_bytes : 0;
    if (overflow || (thread.stack.contains(sp) && sp - thread.stack.low < handling_bytes)) return thread.reserve.high;
    // Elsewhere (a fiber's stack) it is taken for sound, unless it is what faulted.
    const bool sp_faulted = info.address_known != 0 && info.address + 4096 >= sp && info.address < sp + 256;
    if (!thread.stack.contains(sp) && sp_faulted) return thread.reserve.high;
    return sp - red_zone_bytes;
}

bool redirect(const FaultEvent& event, const pw_fault_info& info, bool is_access, bool overflow, pw_fault_policy policy) {
    const std::size_t vector_bytes = platform::vector_state_bytes(event.ucontext);
    std::uintptr_t at = handling_stack(info, overflow);
    if (at == 0) return false;
    at = (at - sizeof(FaultCapture) - vector_bytes) & ~std::uintptr_t{63};
    if (__asan_unpoison_memory_region != nullptr) {
        __asan_unpoison_memory_region(reinterpret_cast<void*>(at), sizeof(FaultCapture) + vector_bytes);
    }
    auto* const capture = reinterpret_cast<FaultCapture*>(at);
    FaultRegisters registers = platform::fault_registers(event.ucontext);
    capture->registers = registers;
    capture->info = info;
    capture->info.ucontext = nullptr;
    capture->policy = policy;
    capture->is_access = is_access;
    capture->vector_bytes = vector_bytes;
    platform::save_vector_state(event.ucontext, capture->vector_state());
    registers.rbx = at;
    registers.rsp = at;
    registers.rip = reinterpret_cast<std::uint64_t>(&pw_fault_trampoline);
    registers.eflags &= ~(direction_flag | trap_flag | alignment_flag);
    platform::set_fault_registers(event.ucontext, registers);
    return true;
}

bool restore(const FaultEvent& event, const FaultRegisters& registers) {
    const auto* const capture = reinterpret_cast<const FaultCapture*>(registers.rbx);
    platform::set_fault_registers(event.ucontext, capture->registers);
    return platform::restore_vector_state(event.ucontext, capture->vector_state(), capture->vector_bytes);
}

pw_fault_policy decide(const pw_fault_info& info) {
    const pw_fault_policy_hook hook = policy_hook.load(std::memory_order_acquire);
    const pw_fault_policy policy = hook != nullptr ? hook(&info) : PW_FAULT_DEFAULT;
    if (policy != PW_FAULT_DEFAULT) return policy;
    return anyone_to_ask() ? PW_FAULT_DISPATCH : PW_FAULT_PASS;
}

FaultOutcome on_fault(const FaultEvent& event) {
    if (event.detail == FaultDetail::SentByProcess) return FaultOutcome::DefaultAction;
    FaultRegisters registers = platform::fault_registers(event.ucontext);
    if (registers.rip == reinterpret_cast<std::uint64_t>(pw_fault_resume_point)) {
        return restore(event, registers) ? FaultOutcome::Resume : FaultOutcome::DefaultAction;
    }
    ThreadState& thread = thread_state();
    if (std::exchange(thread.pass_fault_at, 0) == registers.rip) return FaultOutcome::DefaultAction;

    const bool memory = event.signal == FaultSignal::Memory || event.signal == FaultSignal::Bus;
    const bool known = memory && event.detail != FaultDetail::GeneralProtection;
    pw_fault_info info = {};
    info.address = known ? event.address : (memory ? ~std::uint64_t{0} : registers.rip);
    info.instruction = registers.rip;
    info.stack_pointer = registers.rsp;
    info.ucontext = event.ucontext;
    info.signal = static_cast<std::int32_t>(event.signal);
    info.is_write = event.is_write ? 1 : 0;
    info.is_exec = event.is_exec || (known && event.address == registers.rip) ? 1 : 0;
    info.has_frame = thread.top != nullptr ? 1 : 0;
    info.address_known = known ? 1 : 0;
    info.status = static_cast<std::uint32_t>(STATUS_ACCESS_VIOLATION);
    const pw_fault_answer answer = memory ? resolvers.ask(info) : PW_FAULT_NOT_MINE;
    const bool guard_page = answer == PW_FAULT_GUARD_PAGE;
    if (answer != PW_FAULT_NOT_MINE && !guard_page) return FaultOutcome::Resume;
    // A guarded copy ends there like at any other page that it may not touch.
    if (guard_page && resolve_guarded_access(&info, &info) != PW_FAULT_NOT_MINE) return FaultOutcome::Resume;

    std::uint8_t code[longest_instruction];
    std::size_t code_bytes = 0;
    if (!known) code_bytes = sizeof code - pw_guarded_copy(code, reinterpret_cast<void*>(registers.rip), sizeof code, nullptr);
    const FaultStatus status = fault_status(event, code, code_bytes, registers);
    const bool overflow = event.signal == FaultSignal::Memory && known && is_stack_overflow(info);
    info.status = overflow ? static_cast<std::uint32_t>(STATUS_STACK_OVERFLOW) : status.status;
    if (guard_page) info.status = static_cast<std::uint32_t>(STATUS_GUARD_PAGE_VIOLATION);
    if (event.detail == FaultDetail::Breakpoint) {
        // NT reports an int3 at its own address; so does whoever continues there unchanged.
        --registers.rip;
        --info.instruction;
        info.address = info.instruction;
        platform::set_fault_registers(event.ucontext, registers);
    }
    const pw_fault_policy policy = decide(info);
    if (policy == PW_FAULT_PASS || !redirect(event, info, status.is_access, overflow, policy)) {
        if (event.detail == FaultDetail::Breakpoint) {
            ++registers.rip;
            platform::set_fault_registers(event.ucontext, registers);
        }
        return guard_page ? FaultOutcome::DefaultActionNow : FaultOutcome::DefaultAction;
    }
    return FaultOutcome::Resume;
}

// Nobody wanted the exception: the signal's own action. The instruction faults again, unless it hit a guard page.
void pass_to_previous_action(const FaultCapture& capture) {
    if (capture.info.status == static_cast<std::uint32_t>(STATUS_GUARD_PAGE_VIOLATION)) {
        platform::raise_unhandled_fault(FaultSignal::Memory);
    }
    pw_seh_thread.pass_fault_at = capture.registers.rip;
}


void fill_record(EXCEPTION_RECORD& record, const FaultCapture& capture) {
    const pw_fault_info& info = capture.info;
    record.ExceptionCode = info.status;
    record.ExceptionFlags = 0;
    record.ExceptionRecord = nullptr;
    record.ExceptionAddress = reinterpret_cast<void*>(info.instruction);
    record.NumberParameters = 0;
    if (info.status == static_cast<std::uint32_t>(STATUS_BREAKPOINT)) {
        record.NumberParameters = 1;
        record.ExceptionInformation[0] = 0;
    }
    if (!capture.is_access) return;
    record.NumberParameters = 2;
    record.ExceptionInformation[0] = info.is_exec != 0    ? EXCEPTION_EXECUTE_FAULT
                                     : info.is_write != 0 ? EXCEPTION_WRITE_FAULT
                                                          : EXCEPTION_READ_FAULT;
    record.ExceptionInformation[1] = info.address;
    if (info.status != static_cast<std::uint32_t>(STATUS_IN_PAGE_ERROR)) return;
    // The third says why the page could not be read: a mapped file is shorter than its view.
    record.NumberParameters = 3;
    record.ExceptionInformation[2] = static_cast<std::uint32_t>(STATUS_END_OF_FILE);
}

constexpr std::size_t integer_bytes = 16 * sizeof(std::uint64_t);  // Rax..R15, in both structures' order
static_assert(offsetof(CONTEXT, R15) - offsetof(CONTEXT, Rax) == offsetof(FaultRegisters, r15));
constexpr std::size_t vector_register_bytes = 416;  // of XSAVE_FORMAT; the rest is reserved

void fill_context(CONTEXT& context, const FaultCapture& capture) {
    std::memset(&context, 0, offsetof(CONTEXT, FltSave));
    context.ContextFlags = CONTEXT_FULL;
    std::memcpy(&context.Rax, &capture.registers, integer_bytes);
    context.Rip = capture.registers.rip;
    context.EFlags = static_cast<DWORD>(capture.registers.eflags);
    static_assert(sizeof context.FltSave == 512);
    if (capture.vector_bytes >= sizeof context.FltSave) std::memcpy(&context.FltSave, capture.vector_state(), 512);
    context.MxCsr = context.FltSave.MxCsr;
}

void apply_context(FaultCapture& capture, const CONTEXT& context) {
    std::memcpy(&capture.registers, &context.Rax, integer_bytes);
    capture.registers.rip = context.Rip;
    capture.registers.eflags = context.EFlags;
    if (capture.vector_bytes < sizeof context.FltSave) return;
    if (std::memcmp(&context.FltSave, capture.vector_state(), vector_register_bytes) == 0) return;
    std::memcpy(capture.vector_state(), &context.FltSave, vector_register_bytes);
    platform::mark_legacy_state_changed(capture.vector_state(), capture.vector_bytes);
}

}  // namespace
}  // namespace pw::seh

extern "C" {

// Called by the trampoline, on the faulting thread's stack. After it returns the thread goes on with the capture's state.
__attribute__((visibility("hidden"))) void pw_seh_fault_entry(pw::seh::FaultCapture* capture) {
    using namespace pw::seh;
    EXCEPTION_RECORD record;
    CONTEXT context;
    fill_record(record, *capture);
    fill_context(context, *capture);
    if (capture->policy == PW_FAULT_BUG_CHECK) {
        EXCEPTION_POINTERS pointers{&record, &context};
        if (const pw_fault_bug_check_hook hook = bug_check_hook.load(std::memory_order_acquire)) {
            hook(&capture->info, &pointers);
        }
        pass_to_previous_action(*capture);
        return;
    }
    if (dispatch(record, context) == Dispatched::Continue) {
        apply_context(*capture, context);
    } else {
        pass_to_previous_action(*capture);
    }
}

void pw_faults_install(void) {
    static const bool installed = [] {
        static_cast<void>(pw::seh::resolvers.add(PW_FAULT_ORDER_GUARDED, pw::seh::resolve_guarded_access, nullptr));
        pw::platform::install_fault_handler(pw::seh::on_fault);
        return true;
    }();
    static_cast<void>(installed);
    pw_faults_thread_attach();
}

int pw_fault_add_resolver(int order, pw_fault_resolver resolver, void* context) {
    return pw::seh::resolvers.add(order, resolver, context) ? 1 : 0;
}

void pw_fault_remove_resolver(pw_fault_resolver resolver, void* context) {
    pw::seh::resolvers.remove(resolver, context);
}

pw_fault_policy_hook pw_seh_set_fault_policy(pw_fault_policy_hook hook) { return pw::seh::policy_hook.exchange(hook); }

pw_fault_bug_check_hook pw_seh_set_bug_check(pw_fault_bug_check_hook hook) {
    return pw::seh::bug_check_hook.exchange(hook);
}

}  // extern "C"
