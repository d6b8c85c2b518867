// SPDX-License-Identifier: Apache-2.0
#include "exceptions/dispatch.h"

#include <ntstatus.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include "exceptions/thread_state.h"
#include "platform/signals.h"

// Present in programs built with the sanitizers only.
extern "C" {
__attribute__((weak)) void __asan_unpoison_memory_region(void const volatile* address, std::size_t size);
[[noreturn]] void pw_libc_longjmp(void* buffer, int value) __asm__("longjmp");
}

// frame_switch.S
extern "C" {
int pw_seh_call_on_top(pw_seh_frame* frame, int reason);
[[noreturn]] void pw_seh_jump(pw_seh_frame* frame);
}

// Calls a function that does not return. AddressSanitizer would forget the whole stack before such a call, where
// forget_dropped_stack does so for what is dropped only.
#define PW_KEEPS_SHADOW __attribute__((no_sanitize("address")))

namespace pw::seh {
namespace {

static_assert(offsetof(pw_seh_frame, rip) == 56 && offsetof(pw_seh_frame, previous) == 64 &&
                  offsetof(pw_seh_frame, reason) == 72 && offsetof(pw_seh_frame, state) == 76 &&
                  offsetof(pw_seh_frame, code) == 80 && offsetof(pw_seh_frame, abnormal) == 84 &&
                  offsetof(pw_seh_frame, resume_sp) == 96 && offsetof(pw_seh_frame, jump_buffer) == 112,
              "frame_switch.S");

enum FrameState : unsigned short { frame_active = 0, frame_ended = 1, frame_popped = 2, frame_in_filter = 3 };

constexpr int continue_execution = -1;
constexpr int continue_search = 0;

std::atomic<pw_seh_unhandled_hook> top_level_filter{nullptr};
std::atomic<pw_seh_unhandled_hook> unhandled_hook{nullptr};

// Functions that an unwind drops never clear their red zones from ASan's shadow: do it for them.
void forget_stack(std::uintptr_t low, std::uintptr_t high) {
    if (__asan_unpoison_memory_region == nullptr || low >= high) return;
    __asan_unpoison_memory_region(reinterpret_cast<void*>(low), high - low);
}

void forget_dropped_stack(const pw_seh_frame& frame, std::uintptr_t raiser_sp) {
    const ThreadState& thread = thread_state();
    auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (thread.reserve.contains(here)) {
        forget_stack(thread.reserve.low, thread.reserve.high);
        here = raiser_sp;
    }
    forget_stack(std::min(here, raiser_sp), frame.rsp);
}

[[noreturn]] PW_KEEPS_SHADOW void resume(pw_seh_frame& frame, std::uintptr_t raiser_sp) {
    forget_dropped_stack(frame, raiser_sp);
    if (frame.jump_buffer != nullptr) pw_libc_longjmp(frame.jump_buffer, 1);
    pw_seh_jump(&frame);
}

// Searches that the unwind to `target` drops are those that began before the target was entered; the others run further
// out on the stack, and go on.
void drop_searches(const pw_seh_frame& target) {
    ThreadState& thread = thread_state();
    while (thread.search != nullptr) {
        Search& search = *thread.search;
        for (const pw_seh_frame* frame = thread.top; frame != nullptr && frame != search.first; frame = frame->previous) {
            if (frame == &target) return;
        }
        if (search.evaluating != nullptr) search.evaluating->state = frame_active;
        thread.search = search.outer;
    }
}

// Phase two: pops frames up to the target; control returns here through pw_seh_continue_unwind of each termination handler.
[[noreturn]] PW_KEEPS_SHADOW void unwind(pw_seh_frame& target, std::uint32_t code, std::uintptr_t raiser_sp) {
    ThreadState& thread = thread_state();
    for (;;) {
        pw_seh_frame& frame = *thread.top;
        thread.top = frame.previous;
        frame.state = frame_popped;
        frame.reason = PW_SEH_UNWIND;
        frame.code = code;
        if (&frame == &target) resume(frame, raiser_sp);
        if (frame.kind == PW_SEH_KIND_FINALLY) {
            frame.abnormal = 1;
            frame.target = &target;
            resume(frame, raiser_sp);
        }
    }
}

// EXCEPTION_CONTINUE_EXECUTION for an exception that does not allow it is an exception itself.
[[noreturn]] void raise_noncontinuable(EXCEPTION_RECORD& record, CONTEXT& context) {
    if (record.ExceptionCode == static_cast<DWORD>(STATUS_NONCONTINUABLE_EXCEPTION)) end_unhandled(record);
    EXCEPTION_RECORD nested = {};
    nested.ExceptionCode = static_cast<DWORD>(STATUS_NONCONTINUABLE_EXCEPTION);
    nested.ExceptionFlags = EXCEPTION_NONCONTINUABLE;
    nested.ExceptionRecord = &record;
    nested.ExceptionAddress = record.ExceptionAddress;
    // Nobody handles it, or a second attempt to continue: the process ends.
    static_cast<void>(dispatch(nested, context));
    end_unhandled(nested);
}

int evaluate_filter(pw_seh_frame& frame, Search& search, EXCEPTION_POINTERS& pointers) {
    frame.code = pointers.ExceptionRecord->ExceptionCode;
    frame.pointers = &pointers;
    frame.state = frame_in_filter;
    search.evaluating = &frame;
    const int answer = pw_seh_call_on_top(&frame, PW_SEH_FILTER);
    search.evaluating = nullptr;
    frame.state = frame_active;
    frame.pointers = nullptr;
    return answer;
}

// What the frames say: does not return if one of them executes its handler.
PW_KEEPS_SHADOW int ask_frames(EXCEPTION_POINTERS& pointers) {
    ThreadState& thread = thread_state();
    Search search{thread.search, thread.top, nullptr};
    const Search* const outer = thread.search;
    thread.search = &search;
    for (pw_seh_frame* frame = thread.top; frame != nullptr; frame = frame->previous) {
        if (outer != nullptr && frame == outer->first) pointers.ExceptionRecord->ExceptionFlags |= EXCEPTION_NESTED_CALL;
        // An exception in a filter is not offered to the same filter again: it would not end.
        if (frame->state == frame_in_filter) continue;
        const int answer = evaluate_filter(*frame, search, pointers);
        if (answer > 0) {
            const std::uint32_t code = pointers.ExceptionRecord->ExceptionCode;
            const std::uintptr_t raiser_sp = pointers.ContextRecord->Rsp;
            drop_searches(*frame);
            unwind(*frame, code, raiser_sp);
        }
        if (answer < 0) {
            thread.search = search.outer;
            return continue_execution;
        }
    }
    thread.search = search.outer;
    return continue_search;
}

struct Message {
    std::array<char, 128> text{};
    std::size_t length = 0;
    void add(std::string_view part) {
        const std::size_t n = std::min(part.size(), text.size() - length);
        std::memcpy(text.data() + length, part.data(), n);
        length += n;
    }
    void add_hex(std::uint64_t value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) add({&"0123456789abcdef"[(value >> shift) & 15], 1});
    }
};

}  // namespace

void end_unhandled(const EXCEPTION_RECORD& record) {
    Message message;
    message.add("partywall: unhandled exception 0x");
    message.add_hex(record.ExceptionCode, 8);
    message.add(" at 0x");
    message.add_hex(reinterpret_cast<std::uint64_t>(record.ExceptionAddress), 16);
    message.add("\n");
    platform::abort_with_message({message.text.data(), message.length});
}

bool anyone_to_ask() {
    const ThreadState& thread = thread_state();
    if (thread.top != nullptr || unhandled_hook.load(std::memory_order_acquire) != nullptr) return true;
    return !thread.vectored_off && (any_vectored() || top_level_filter.load(std::memory_order_acquire) != nullptr);
}

Dispatched dispatch(EXCEPTION_RECORD& record, CONTEXT& context) {
    EXCEPTION_POINTERS pointers{&record, &context};
    const bool asks_application = !pw_seh_thread.vectored_off;
    int answer = continue_search;
    if (asks_application && ask_vectored(pointers)) answer = continue_execution;
    if (answer == continue_search) answer = ask_frames(pointers);
    const pw_seh_unhandled_hook filter = top_level_filter.load(std::memory_order_acquire);
    if (answer == continue_search && asks_application && filter != nullptr) {
        // Its EXCEPTION_EXECUTE_HANDLER ends the process as EXCEPTION_CONTINUE_SEARCH does.
        if (filter(&pointers) == continue_execution) answer = continue_execution;
    }
    const pw_seh_unhandled_hook hook = unhandled_hook.load(std::memory_order_acquire);
    if (answer == continue_search && hook != nullptr && hook(&pointers) == continue_execution) answer = continue_execution;
    if (answer == continue_search) return Dispatched::Unhandled;
    if ((record.ExceptionFlags & EXCEPTION_NONCONTINUABLE) != 0) raise_noncontinuable(record, context);
    return Dispatched::Continue;
}

}  // namespace pw::seh

extern "C" {

// The registers that pw_seh_raise saves.
struct RaiserRegisters {
    std::uint64_t rbx, rsp, rbp, r12, r13, r14, r15, rip;
};

__attribute__((visibility("hidden"))) void pw_seh_raise_from(EXCEPTION_RECORD* record, const RaiserRegisters* registers) {
    CONTEXT context;
    std::memset(&context, 0, offsetof(CONTEXT, FltSave));
    context.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER;
    context.Rbx = registers->rbx;
    context.Rsp = registers->rsp;
    context.Rbp = registers->rbp;
    context.R12 = registers->r12;
    context.R13 = registers->r13;
    context.R14 = registers->r14;
    context.R15 = registers->r15;
    context.Rip = registers->rip;
    if (record->ExceptionAddress == nullptr) record->ExceptionAddress = reinterpret_cast<void*>(registers->rip);
    if (pw::seh::dispatch(*record, context) == pw::seh::Dispatched::Unhandled) pw::seh::end_unhandled(*record);
}

void pw_seh_raise_status(std::uint32_t status) { pw_seh_raise_status_at(status, __builtin_return_address(0)); }

void pw_seh_raise_status_at(std::uint32_t status, void* address) {
    EXCEPTION_RECORD record;
    record.ExceptionCode = status;
    record.ExceptionFlags = EXCEPTION_NONCONTINUABLE | EXCEPTION_SOFTWARE_ORIGINATE;
    record.ExceptionRecord = nullptr;
    record.ExceptionAddress = address;
    record.NumberParameters = 0;
    pw_seh_raise(&record);
    __builtin_unreachable();
}

PW_KEEPS_SHADOW void pw_seh_continue_unwind(pw_seh_frame* frame) {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    pw::seh::unwind(*frame->target, frame->code, here);
}

pw_seh_unhandled_hook pw_seh_set_top_level_filter(pw_seh_unhandled_hook filter) {
    return pw::seh::top_level_filter.exchange(filter);
}

pw_seh_unhandled_hook pw_seh_set_unhandled(pw_seh_unhandled_hook hook) { return pw::seh::unhandled_hook.exchange(hook); }

}  // extern "C"
