// SPDX-License-Identifier: Apache-2.0
#include "platform/signals.h"

#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "base/check.h"

namespace pw::platform {
namespace {

static_assert(SIGILL == static_cast<int>(FaultSignal::Illegal) && SIGTRAP == static_cast<int>(FaultSignal::Trap) &&
              SIGBUS == static_cast<int>(FaultSignal::Bus) && SIGFPE == static_cast<int>(FaultSignal::Arithmetic) &&
              SIGSEGV == static_cast<int>(FaultSignal::Memory));

constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
constexpr std::size_t signal_limit = 32;
constexpr std::uint64_t page_fault_trap = 14;
constexpr std::uint64_t general_protection_trap = 13;
constexpr std::uint64_t breakpoint_trap = 3;
constexpr std::uint64_t error_write = 2;
constexpr std::uint64_t error_instruction_fetch = 16;

struct sigaction previous_actions[signal_limit];
std::atomic<FaultHandler> fault_handler{nullptr};

const mcontext_t& machine_of(const void* context) { return static_cast<const ucontext_t*>(context)->uc_mcontext; }
std::uint64_t machine_register(const void* context, int which) {
    return static_cast<std::uint64_t>(machine_of(context).gregs[which]);
}

FaultDetail memory_detail(const siginfo_t& info, std::uint64_t trap) {
    if (info.si_signo == SIGBUS) return info.si_code == BUS_ADRALN ? FaultDetail::BusAlignment : FaultDetail::None;
    return trap == general_protection_trap ? FaultDetail::GeneralProtection : FaultDetail::None;
}

FaultDetail arithmetic_detail(int code) {
    switch (code) {
        case FPE_INTDIV: return FaultDetail::IntegerDivide;
        case FPE_INTOVF: return FaultDetail::IntegerOverflow;
        case FPE_FLTDIV: return FaultDetail::FloatDivide;
        case FPE_FLTOVF: return FaultDetail::FloatOverflow;
        case FPE_FLTUND: return FaultDetail::FloatUnderflow;
        case FPE_FLTRES: return FaultDetail::FloatInexact;
        case FPE_FLTINV: return FaultDetail::FloatInvalid;
        case FPE_FLTSUB: return FaultDetail::SubscriptRange;
        default: return FaultDetail::None;
    }
}

FaultDetail detail_of(const siginfo_t& info, std::uint64_t trap) {
    // SI_KERNEL is positive, too; what processes send is zero or negative.
    if (info.si_code <= 0) return FaultDetail::SentByProcess;
    switch (info.si_signo) {
        case SIGFPE: return arithmetic_detail(info.si_code);
        case SIGTRAP:
            return trap == breakpoint_trap || info.si_code == TRAP_BRKPT ? FaultDetail::Breakpoint : FaultDetail::SingleStep;
        case SIGSEGV:
        case SIGBUS: return memory_detail(info, trap);
        default: return FaultDetail::None;
    }
}

void run_previous_action(int signal, siginfo_t* info, void* context, bool instruction_faults_again) {
    const struct sigaction& previous = previous_actions[signal];
    if ((previous.sa_flags & SA_SIGINFO) != 0) {
        previous.sa_sigaction(signal, info, context);
        return;
    }
    if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
        previous.sa_handler(signal);
        return;
    }
    if (previous.sa_handler == SIG_IGN && !instruction_faults_again) return;
    // Back to the default: the instruction faults again, and the core dump shows it.
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    if (!instruction_faults_again) syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), signal);
}

void on_signal(int signal, siginfo_t* info, void* context) {
    const int saved_errno = errno;
    const std::uint64_t trap = machine_register(context, REG_TRAPNO);
    const std::uint64_t error = trap == page_fault_trap ? machine_register(context, REG_ERR) : 0;
    const FaultEvent event{
        .signal = static_cast<FaultSignal>(signal),
        .detail = detail_of(*info, trap),
        .is_write = (error & error_write) != 0,
        .is_exec = (error & error_instruction_fetch) != 0,
        .address = reinterpret_cast<std::uint64_t>(info->si_addr),
        .ucontext = context,
    };
    const FaultOutcome outcome = fault_handler.load(std::memory_order_acquire)(event);
    if (outcome != FaultOutcome::Resume) {
        const bool again = outcome == FaultOutcome::DefaultAction && event.detail != FaultDetail::SentByProcess &&
                           signal != SIGTRAP;
        run_previous_action(signal, info, context, again);
    }
    errno = saved_errno;
}

// The signal frame's XSAVE area: its software-reserved bytes say how long it is.
constexpr std::size_t legacy_state_bytes = 512;
constexpr std::size_t software_reserved_offset = 464;
constexpr std::uint32_t extended_state_magic = 0x46505853;
struct SoftwareReserved {
    std::uint32_t magic;
    std::uint32_t extended_bytes;  // the area and the trailing magic number
    std::uint64_t features;
    std::uint32_t state_bytes;
};


constexpr std::size_t alternate_stack_floor_bytes = 64 * 1024;
constexpr std::size_t reserve_stack_bytes = 256 * 1024;

class FaultStacks {
public:
    FaultStacks() = default;
    FaultStacks(const FaultStacks&) = delete;
    FaultStacks& operator=(const FaultStacks&) = delete;
    ~FaultStacks();
    StackRange attach();

private:
    void* memory_ = MAP_FAILED;
    std::size_t bytes_ = 0;
    bool installed_ = false;
    StackRange reserve_;
};

thread_local bool fault_stacks_gone = false;
thread_local FaultStacks fault_stacks;

StackRange FaultStacks::attach() {
    if (reserve_.high != 0) return reserve_;
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t needed = getauxval(AT_MINSIGSTKSZ) + alternate_stack_floor_bytes;
    const std::size_t alternate = (needed + page - 1) / page * page;
    bytes_ = page + alternate + page + reserve_stack_bytes;  // each stack above a guard page
    memory_ = mmap(nullptr, bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory_ == MAP_FAILED) return {};
    char* const base = static_cast<char*>(memory_);
    char* const reserve = base + page + alternate + page;
    if (mprotect(base + page, alternate, PROT_READ | PROT_WRITE) != 0) return {};
    if (mprotect(reserve, reserve_stack_bytes, PROT_READ | PROT_WRITE) != 0) return {};
    stack_t current = {};
    if (sigaltstack(nullptr, &current) == 0 && (current.ss_flags & SS_DISABLE) != 0) {
        stack_t wanted = {};
        wanted.ss_sp = base + page;
        wanted.ss_size = alternate;
        installed_ = sigaltstack(&wanted, nullptr) == 0;
    }
    const auto low = reinterpret_cast<std::uintptr_t>(reserve);
    reserve_ = {low, low + reserve_stack_bytes};
    return reserve_;
}

FaultStacks::~FaultStacks() {
    fault_stacks_gone = true;
    if (installed_) {
        stack_t off = {};
        off.ss_flags = SS_DISABLE;
        sigaltstack(&off, nullptr);
    }
    if (memory_ != MAP_FAILED) munmap(memory_, bytes_);
}

}  // namespace

void install_fault_handler(FaultHandler handler) {
    static std::once_flag once;
    std::call_once(once, [handler] {
        fault_handler.store(handler, std::memory_order_release);
        for (const int signal : signals) {
            struct sigaction action = {};
            action.sa_sigaction = on_signal;
            action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
            sigemptyset(&action.sa_mask);
            PW_CHECK(sigaction(signal, nullptr, &previous_actions[signal]) == 0);
            PW_CHECK(sigaction(signal, &action, nullptr) == 0);
        }
    });
}

void raise_unhandled_fault(FaultSignal signal) {
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), static_cast<int>(signal));
}

FaultRegisters fault_registers(const void* ucontext) {
    const auto at = [ucontext](int which) { return machine_register(ucontext, which); };
    return {at(REG_RAX), at(REG_RCX), at(REG_RDX), at(REG_RBX), at(REG_RSP), at(REG_RBP),
            at(REG_RSI), at(REG_RDI), at(REG_R8),  at(REG_R9),  at(REG_R10), at(REG_R11),
            at(REG_R12), at(REG_R13), at(REG_R14), at(REG_R15), at(REG_RIP), at(REG_EFL)};
}

void set_fault_registers(void* ucontext, const FaultRegisters& r) {
    auto& gregs = static_cast<ucontext_t*>(ucontext)->uc_mcontext.gregs;
    const auto set = [&gregs](int which, std::uint64_t value) { gregs[which] = static_cast<greg_t>(value); };
    set(REG_RAX, r.rax), set(REG_RCX, r.rcx), set(REG_RDX, r.rdx), set(REG_RBX, r.rbx);
    set(REG_RSP, r.rsp), set(REG_RBP, r.rbp), set(REG_RSI, r.rsi), set(REG_RDI, r.rdi);
    set(REG_R8, r.r8), set(REG_R9, r.r9), set(REG_R10, r.r10), set(REG_R11, r.r11);
    set(REG_R12, r.r12), set(REG_R13, r.r13), set(REG_R14, r.r14), set(REG_R15, r.r15);
    set(REG_RIP, r.rip), set(REG_EFL, r.eflags);
}

std::size_t vector_state_bytes(const void* ucontext) {
    const auto* state = reinterpret_cast<const char*>(machine_of(ucontext).fpregs);
    if (state == nullptr) return 0;
    SoftwareReserved reserved;
    std::memcpy(&reserved, state + software_reserved_offset, sizeof reserved);
    return reserved.magic == extended_state_magic ? reserved.state_bytes : legacy_state_bytes;
}

void save_vector_state(const void* ucontext, void* destination) {
    std::memcpy(destination, machine_of(ucontext).fpregs, vector_state_bytes(ucontext));
}

bool restore_vector_state(void* ucontext, const void* source, std::size_t length_bytes) {
    if (vector_state_bytes(ucontext) != length_bytes) return false;
    // The software-reserved bytes belong to the signal frame.
    auto* state = reinterpret_cast<char*>(machine_of(ucontext).fpregs);
    const auto* from = static_cast<const char*>(source);
    std::memcpy(state, from, software_reserved_offset);
    if (length_bytes > legacy_state_bytes) {
        std::memcpy(state + legacy_state_bytes, from + legacy_state_bytes, length_bytes - legacy_state_bytes);
    }
    return true;
}

void mark_legacy_state_changed(void* state, std::size_t length_bytes) {
    if (length_bytes <= legacy_state_bytes) return;
    constexpr std::uint64_t x87_and_sse = 3;
    std::uint64_t in_use = 0;
    char* const header = static_cast<char*>(state) + legacy_state_bytes;
    std::memcpy(&in_use, header, sizeof in_use);
    in_use |= x87_and_sse;
    std::memcpy(header, &in_use, sizeof in_use);
}

StackRange current_stack() {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {};
    void* address = nullptr;
    std::size_t bytes = 0;
    const int failed = pthread_attr_getstack(&attributes, &address, &bytes);
    pthread_attr_destroy(&attributes);
    if (failed != 0) return {};
    const auto low = reinterpret_cast<std::uintptr_t>(address);
    return {low, low + bytes};
}

StackRange attach_fault_stacks() {
    if (fault_stacks_gone) return {};
    return fault_stacks.attach();
}

void abort_with_message(std::string_view message) {
    while (!message.empty()) {
        const ssize_t written = write(STDERR_FILENO, message.data(), message.size());
        if (written <= 0) break;
        message.remove_prefix(static_cast<std::size_t>(written));
    }
    std::abort();
}

}  // namespace pw::platform
