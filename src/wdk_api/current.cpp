// SPDX-License-Identifier: Apache-2.0
#include "wdk_api/current.h"

#include <atomic>

#include "exceptions/exceptions.h"
#include "kernel/dispatcher/bug_check.h"

namespace pw::wdk {
namespace {

constexpr ULONG reference_by_pointer = 0x18;

std::atomic<nt::Kernel*> default_kernel{nullptr};

// A thread that a driver or a library started by itself: belongs to the System process until its OS thread ends.
struct ForeignThread {
    Ref<ps::Thread> thread;
    ~ForeignThread() {
        if (!thread) return;
        io::drain_request_cache(*thread);
        thread->owner().processes().exit_thread(*thread);
        ke::Thread::bind(nullptr);
    }
};
thread_local ForeignThread foreign_thread;

ke::Thread* attach_foreign_thread(const void*) {
    nt::Kernel* kernel = default_kernel.load(std::memory_order_acquire);
    if (!kernel) return nullptr;
    auto thread = kernel->processes().create_thread(kernel->processes().system_process());
    if (!thread) return nullptr;
    pw_faults_thread_attach();
    foreign_thread.thread = std::move(thread).value();
    ke::Thread::bind(foreign_thread.thread.get());
    return foreign_thread.thread.get();
}

}  // namespace

void set_default_kernel(nt::Kernel* kernel) {
    default_kernel.store(kernel, std::memory_order_release);
    PsInitialSystemProcess = kernel ? kernel->processes().system_process().nt() : nullptr;
    if (kernel) KeNumberProcessors = static_cast<CCHAR>(kernel->dispatcher().processors().count());
    ke::Thread::set_attach_hook(kernel ? attach_foreign_thread : nullptr);
}

ps::Thread& current_thread() { return static_cast<ps::Thread&>(ke::Thread::current_or_attach()); }

nt::Kernel& current_kernel() { return *current_thread().owner().processes().kernel(); }

mm::MemoryManager& memory_manager() { return current_kernel().memory(); }

mm::AddressSpace* current_address_space() {
    ps::Process& process = current_thread().process();
    return process.is_system() ? nullptr : &process.address_space();
}

ob::Object* object_or_bug_check(void* body) {
    ob::Object* object = ob::Object::from_body(body);
    if (!object) ke::bug_check(reference_by_pointer, 0, reinterpret_cast<ULONG_PTR>(body), 0, 0);
    return object;
}

Status create_system_thread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, HANDLE process_handle,
                            PCLIENT_ID client_id, PKSTART_ROUTINE routine, PVOID context) {
    const nt::Caller caller = kernel_caller();
    ps::ProcessManager& processes = caller.kernel.processes();
    Ref<ps::Process> process(&processes.system_process());
    if (process_handle) {
        PW_TRY_ASSIGN(process, caller.reference_as<ps::Process>(reinterpret_cast<std::uint64_t>(process_handle), 0));
    }
    PW_TRY_ASSIGN(Ref<ps::Thread> thread, processes.create_system_thread(*process, routine, context));
    if (client_id) {
        client_id->UniqueProcess = reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(process->id()));
        client_id->UniqueThread = reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(thread->id()));
    }
    PW_TRY_ASSIGN(const std::uint64_t opened, caller.open_handle(*thread, ob::map_access(ob::thread_type, access),
                                                                 attributes ? attributes->Attributes : 0));
    *handle = reinterpret_cast<HANDLE>(opened);
    return STATUS_SUCCESS;
}

nt::Caller kernel_caller() {
    ps::Thread& thread = current_thread();
    return {*thread.owner().processes().kernel(), thread, KernelMode};
}

}  // namespace pw::wdk
