// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/kernel.h"

#include <algorithm>
#include <cstdio>

#include "exceptions/exceptions.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/driver_on_stack.h"
#include "kernel/memory/section_object.h"
#include "kernel/memory/segment.h"
#include "kernel/registry/registry_file.h"
#include "kernel/security/defaults.h"
#include "kernel/services/file_services.h"
#include "kernel/services/leftovers.h"
#include "platform/fault_injection.h"
#include "platform/peer_process.h"
#include "platform/process_identity.h"

namespace pw::nt {
namespace {

constexpr std::uint64_t most_arena_pages = (std::uint64_t{8} << 30) >> page_shift;  // addresses; pages come with their first touch

// Documented: PROCESS_HAS_LOCKED_PAGES. NT stops here; we reclaim what we can and say so.
constexpr const char* locked_pages_name = "PROCESS_HAS_LOCKED_PAGES (0x76)";

std::string name_of(const ps::Process& process) {
    return process.image_name() + " (" + std::to_string(process.id()) + ")";
}

// What the system tells of a client beyond what is known of it.
ps::ProcessCreation creation_of(const ps::ProcessCreation& known, std::uint32_t process_id) {
    ps::ProcessCreation creation = known;
    if (creation.parent_id == 0) creation.parent_id = platform::parent_of_process(process_id);
    creation.image_path = ps::nt_path_of(platform::process_program_path(process_id));
    creation.command_line = ps::command_line_of(platform::process_arguments(process_id));
    return creation;
}

// A driver that returns to an application at a raised IRQL or within a region has lost count.
void check_return_to_user_mode(const ps::Thread& thread, CallNumber number) {
    if (thread.irql() == PASSIVE_LEVEL && thread.apc_disable_count() == 0) [[likely]] return;
    ke::BugCheckContext context;
    context.detail = call_name(number);
    const auto call = static_cast<ULONG_PTR>(number);
    if (thread.irql() != PASSIVE_LEVEL) ke::bug_check(ke::irql_gt_zero_at_system_service, call, thread.irql(), 0, 0, &context);
    ke::bug_check(ke::apc_index_mismatch, call, static_cast<ULONG_PTR>(thread.apc_state_index()) << 8,
                  static_cast<ULONG>(thread.apc_disable_count()), 0, &context);
}

}  // namespace

// Connects the rooms' diagnostics to bug checks and to the report.
class Kernel::Diagnostics final : public mm::Diagnostics, public io::IoDiagnostics {
public:
    explicit Diagnostics(const KernelOptions& options) : options_(options) {}
    void bug_check(std::uint32_t code, std::uint64_t p1, std::uint64_t p2, std::uint64_t p3, std::uint64_t p4) override {
        ke::bug_check(code, p1, p2, p3, p4);
    }
    // The memory room does not know who calls; the stack does.
    void report(const char* text) override { report(ke::driver_on_stack(), text); }
    void report(std::string_view driver, std::string_view text) override {
        options_.report(driver.empty() ? std::string(text) : std::string(driver) + ": " + std::string(text));
    }

private:
    const KernelOptions& options_;
};

// A client's thread runs kernel code for the scope of a block, outside of a system call.
class Kernel::KernelScope {
public:
    explicit KernelScope(ps::Thread& thread)
        : thread_(thread), frames_(pw_seh_exchange_frames(nullptr)), was_in_kernel_(thread.set_in_kernel(true)) {}
    ~KernelScope() {
        thread_.set_in_kernel(was_in_kernel_);
        pw_seh_exchange_frames(frames_);
    }
    KernelScope(const KernelScope&) = delete;
    KernelScope& operator=(const KernelScope&) = delete;

private:
    ps::Thread& thread_;
    struct pw_seh_frame* frames_;
    bool was_in_kernel_;
};

struct Kernel::SystemThreadScope::State {
    Kernel& kernel;
    Ref<ps::Thread> thread;
    ke::Thread::Binding binding;

    State(Kernel& owner, Ref<ps::Thread> system_thread)
        : kernel(owner), thread(std::move(system_thread)), binding(*thread) {}
};

Kernel::SystemThreadScope::SystemThreadScope(Kernel& kernel) {
    const platform::UndoScope undo;  // rundown needs it, and has nobody to tell
    auto thread = kernel.processes().create_thread(kernel.processes().system_process());
    PW_CHECK(thread.is_ok());  // the System process never terminates
    pw_faults_thread_attach();
    state_ = std::make_unique<State>(kernel, std::move(thread).value());
}

Kernel::SystemThreadScope::~SystemThreadScope() {
    io::drain_request_cache(*state_->thread);
    state_->kernel.processes().exit_thread(*state_->thread);
}

Result<std::unique_ptr<Kernel>> Kernel::create(const KernelOptions& options) {
    std::unique_ptr<Kernel> kernel(new Kernel(options));
    PW_TRY(kernel->start());
    return kernel;
}

Kernel::Kernel(const KernelOptions& options) : options_(options), diagnostics_(std::make_unique<Diagnostics>(options_)) {}

Status Kernel::start() {
    pw_faults_install();
    dispatcher_ = std::make_unique<ke::Dispatcher>(ke::DispatcherConfig{.processor_count = options_.virtual_processors});
    objects_ = std::make_unique<ob::ObjectManager>();
    const se::DescriptorRef directory_security = se::system_directory_descriptor();
    objects_->set_security(objects_->root(), directory_security);
    for (const char16_t* path : {u"\\Device", u"\\Driver", u"\\FileSystem", u"\\GLOBAL??", u"\\Callback", u"\\ObjectTypes",
                                 u"\\KernelObjects"}) {
        objects_->make_directory(path, directory_security);
    }
    objects_->make_directory(u"\\BaseNamedObjects", se::shared_directory_descriptor());
    // "\??" and "\DosDevices" lead to the global links; there is one session, so Local\ and Global\ are the same.
    const se::DescriptorRef link_security = se::symbolic_link_descriptor();
    objects_->make_link(u"\\??", u"\\GLOBAL??", link_security);
    objects_->make_link(u"\\DosDevices", u"\\??", link_security);
    objects_->make_link(u"\\SystemRoot", u"\\??\\C:\\Windows", link_security);
    objects_->make_link(u"\\GLOBAL??\\GLOBALROOT", u"\\", link_security);
    objects_->make_link(u"\\GLOBAL??\\Global", u"\\GLOBAL??", link_security);
    objects_->make_link(u"\\BaseNamedObjects\\Global", u"\\BaseNamedObjects", link_security);
    objects_->make_link(u"\\BaseNamedObjects\\Local", u"\\BaseNamedObjects", link_security);
    registry_ = std::make_unique<cm::Registry>(*objects_);
    if (!options_.registry_path.empty()) {
        cm::RegistryFile file(options_.registry_path);
        if (const Status loaded = file.load(*registry_); loaded.is_failure()) {
            report("the registry's file " + options_.registry_path + " was not read: " + file.problem());
            return loaded;
        }
    }
    processes_ = std::make_unique<ps::ProcessManager>(*objects_, *dispatcher_);
    processes_->set_kernel(this);
    PW_TRY_ASSIGN(memory_, mm::MemoryManager::create({}, *diagnostics_));
    PW_TRY(make_physical_memory_section());
    ps::Process& system = processes_->system_process();
    PW_TRY_ASSIGN(system_space_, memory_->create_address_space({.process = system.nt(), .client = &system_mapping_}));
    system.set_address_space(system_space_.get());
    io_ = std::make_unique<io::IoManager>(*objects_, *dispatcher_, *processes_, *memory_, *diagnostics_);
    service_control_ = std::make_unique<io::ServiceControl>(*io_, *options_.loader, *registry_);
    objects_->set_deferred_delete_hook([this] { io_->request_deferred_deletes(); });
    PW_TRY(io_->start());
    host_volume_ = std::make_unique<fs::HostVolume>(*io_);
    SystemThreadScope scope(*this);
    return host_volume_->start();
}

Status Kernel::make_physical_memory_section() {
    PW_TRY_ASSIGN(Ref<mm::SectionCore> core, mm::SectionCore::create_physical(*memory_));
    auto section = mm::SectionObject::create(*objects_, std::move(core));
    if (!section) return STATUS_INSUFFICIENT_RESOURCES;
    objects_->set_security(*section, se::kernel_only_descriptor());
    section->set_permanent(true);
    return objects_->insert(*section, u"\\Device\\PhysicalMemory", nullptr, true);
}

Kernel::~Kernel() {
    service_control_.reset();
    objects_->delete_deferred();
    io_.reset();
    if (system_space_) memory_->forget_process(processes_->system_process().nt(), [](const std::string&) {});
    system_space_.reset();
    dispatcher_->stop_workers();  // they are threads of the System process
    processes_.reset();
    registry_.reset();
    objects_.reset();
    memory_.reset();
    dispatcher_.reset();
}

Status Kernel::flush_registry() {
    if (options_.registry_path.empty()) return STATUS_SUCCESS;
    return cm::RegistryFile(options_.registry_path).save(*registry_);
}

void Kernel::report_once(const std::string& line) {
    {
        MutexLock lock(reported_lock_);
        if (!reported_.insert(line).second) return;
    }
    report(line);
}

Status Kernel::load_driver(const std::string& path, std::string_view service_name, std::string* error) {
    SystemThreadScope scope(*this);
    return service_control_->load_file(path, io::widen(service_name), error);
}

void Kernel::stop() {
    SystemThreadScope scope(*this);
    io_->notify_shutdown();
    service_control_->stop_all();
    if (host_volume_) host_volume_->stop();
    if (flush_registry().is_failure()) report("the registry could not be written to " + options_.registry_path);
    io_->stop();
    processes_->system_process().handles().close_all();
    objects_->delete_deferred();
    processes_->join_system_threads([this](std::size_t count) {
        report("waiting for " + std::to_string(count) + " system thread(s) that a driver started and did not end");
    });
}

Result<ps::Process*> Kernel::attach_process(const ClientIdentity& identity, mm::MappingClient& mapping,
                                            mm::ClientMemory* memory, SlotInfo* slot) {
    if (!mapping.is_embedded()) has_remote_clients_.store(true, std::memory_order_relaxed);
    // A program that CreateProcess started finds its object, with the handles that it inherits.
    Ref<ps::Process> process;
    if (identity.process_token != 0) process = children_.claim(identity.process_token, identity.user_id, identity.process_id);
    if (!process) {
        process = processes_->create_process(
            identity.process_id, identity.image_name,
            {.user_id = identity.user_id,
             .group_id = identity.group_id,
             .groups = identity.groups,
             // Whoever could replace the host's program or its drivers is no less than the system here.
             .is_elevated = identity.user_id == 0 || identity.user_id == platform::user_id()},
            options_.process_limits);
    }
    if (!process) return STATUS_INSUFFICIENT_RESOURCES;
    const ps::ProcessLimits& limits = process->limits();
    auto quota = mm::MemoryQuota::create(limits.max_committed_pages, limits.max_segments);
    auto space = !quota ? Result<Ref<mm::AddressSpace>>(STATUS_INSUFFICIENT_RESOURCES)
                        : memory_->create_address_space({.process = process->nt(),
                                                         .client = &mapping,
                                                         .client_memory = memory,
                                                         .trust_domain = identity.user_id,
                                                         .quota = quota,
                                                         .max_locked_pages = limits.max_locked_pages});
    if (!space) {
        processes_->process_gone(*process);
        return space.status();
    }
    // The general heap: one segment of the process's own, sparse, mapped by the stream's first request.
    const auto give_up = [&](Status status) -> Result<ps::Process*> {
        memory_->forget_process(process->nt(), [](const std::string&) {});
        processes_->process_gone(*process);
        return status;
    };
    const std::uint64_t arena_pages = std::min(most_arena_pages, ((*space)->slot_bytes() >> page_shift) / 2);
    auto arena = mm::Segment::create(memory_->window(), mm::SegmentKind::arena, arena_pages, 0);
    if (!arena) return give_up(arena.status());
    (*arena)->set_owner(process->nt());
    const mm::SegmentPiece piece{.segment = *arena, .first_page = 0, .pages = arena_pages};
    auto base = (*space)->map({.kind = mm::VadKind::arena,
                               .pages = arena_pages,
                               .protection = PAGE_READWRITE,
                               .pieces = std::span(&piece, 1)});
    if (!base) return give_up(base.status());
    *slot = {.base = (*space)->slot_base(),
             .length_bytes = (*space)->slot_bytes(),
             .room_bytes = memory_->slots().room_bytes((*space)->slot_base()),
             .arena_base = *base,
             .arena_bytes = arena_pages << page_shift};
    process->set_killer(identity.killer);
    process->set_address_space(std::move(space).value().leak());  // released by finish_rundown
    if (processes_->notify().has_listeners()) {
        SystemThreadScope scope(*this);
        process->set_creation(creation_of(process->creation(), identity.process_id));
        if (const Status refused = processes_->notify().process_created(*process); refused.is_failure()) {
            mm::AddressSpace& mapped = process->address_space();
            auto result = give_up(refused);
            process->set_address_space(nullptr);
            mapped.release();
            return result;
        }
    }
    return process.leak();
}

int Kernel::arena_descriptor(ps::Process& process) {
    int descriptor = -1;
    process.address_space().for_each([&](const mm::Vad& vad) {
        if (vad.kind == mm::VadKind::arena && descriptor < 0) descriptor = vad.pieces.front().segment->descriptor();
    });
    return descriptor;
}

Result<std::uint64_t> Kernel::announce_thread(ps::Process& process, Ref<ps::Thread>* thread) {
    PW_TRY_ASSIGN(*thread, processes_->create_thread(process));
    MutexLock lock(announced_lock_);
    const std::uint64_t token = next_token_++;
    announced_.push_back({token, *thread});
    return token;
}

Result<ps::Thread*> Kernel::attach_thread(ps::Process& process, std::uint64_t token) {
    Ref<ps::Thread> thread;
    if (token != 0) {
        MutexLock lock(announced_lock_);
        for (auto it = announced_.begin(); it != announced_.end(); ++it) {
            // A token of another process is nobody's.
            if (it->token != token || &it->thread->owner() != &process) continue;
            thread = std::move(it->thread);
            announced_.erase(it);
            break;
        }
        if (!thread) return STATUS_INVALID_PARAMETER;
    } else {
        thread = children_.take_first_thread(process);
        if (!thread) {
            PW_TRY_ASSIGN(thread, processes_->create_thread(process));
        }
    }
    pw_faults_thread_attach();
    ke::Thread::bind(thread.get());
    if (processes_->notify().has_listeners()) {
        const KernelScope scope(*thread);
        processes_->notify().thread_created(*thread);
    }
    return thread.leak();
}

bool Kernel::touch_guard_page(ps::Process& process, std::uint64_t address) {
    return process.has_address_space() && process.address_space().trip_guard(address);
}

Result<std::uint64_t> Kernel::attach_file(ps::Process& process, platform::Descriptor descriptor) {
    SystemThreadScope scope(*this);  // a file object that gets no handle is closed here
    PW_TRY_ASSIGN(fs::HostVolume::Adopted adopted, host_volume_->adopt(std::move(descriptor)));
    return process.handles().open(*adopted.file, {.access = adopted.granted_access});
}

Status Kernel::dispatch(ps::Thread& thread, CallFrame& frame) {
    // The kernel starts with no frames of the caller's: an exception of a driver never reaches an application's __except.
    struct pw_seh_frame* frames = pw_seh_exchange_frames(nullptr);
    const int vectored = pw_seh_exchange_vectored(0);
    const bool was_in_kernel = thread.set_in_kernel(true);
    thread.activity().count_system_call();
    const KPROCESSOR_MODE previous_mode = thread.set_previous_mode(UserMode);
    const bool is_counted = memory_->hides_absent_processes();
    if (is_counted) [[unlikely]] thread.owner().address_space().thread_enters();
    if (thread.has_kernel_apcs()) [[unlikely]] thread.deliver_kernel_apcs();
    const Status status = dispatch_call(Caller{*this, thread, UserMode}, frame);
    if (thread.has_kernel_apcs()) [[unlikely]] thread.deliver_kernel_apcs();
    if (is_counted) [[unlikely]] thread.owner().address_space().thread_leaves();
    check_return_to_user_mode(thread, frame.number);
    frame.user_apc_due = thread.take_user_apc_due();
    if (ke::Thread::MemoryHook* hook = thread.memory_hook()) [[unlikely]] {
        hook->before_release();  // what a driver wrote to memory that is not shared is there when the call returns
        hook->after_wait();
    }
    thread.set_previous_mode(previous_mode);
    thread.set_in_kernel(was_in_kernel);
    pw_seh_exchange_vectored(vectored);
    pw_seh_exchange_frames(frames);
    return status;
}

void Kernel::set_apc_doorbell(ps::Thread& thread, void (*ring)(void*), void* context) { thread.set_apc_doorbell(ring, context); }

void Kernel::deliver_kernel_apcs(ps::Thread& thread) {
    const KernelScope scope(thread);
    thread.deliver_kernel_apcs();
}

void Kernel::detach_thread(ps::Thread& thread) {
    deliver_kernel_apcs(thread);
    if (processes_->notify().has_listeners()) {
        const KernelScope scope(thread);
        processes_->notify().thread_exited(thread);
    }
    io_->cancel_thread_requests(thread);
    io::drain_request_cache(thread);
    bool lingers = false;
    {
        MutexLock lock(thread.irp_lock);
        lingers = !IsListEmpty(&thread.irp_list);
    }
    if (lingers) thread.owner().add_lingering_thread(Ref<ps::Thread>(&thread));
    processes_->exit_thread(thread);
    ke::Thread::bind(nullptr);
    thread.release();
}

void Kernel::begin_rundown(ps::Process& process) {
    SystemThreadScope scope(*this);
    process.set_killer(nullptr);
    process.set_terminating();
    std::vector<Ref<ps::Thread>> threads;
    process.for_each_thread([&](ps::Thread& thread) { threads.emplace_back(&thread); });
    for (const Ref<ps::Thread>& thread : threads) {
        thread->request_termination();
        io_->cancel_thread_requests(*thread);
    }
}

void Kernel::report_unfinished(ps::Process& process) {
    if (process.unfinished_reported.exchange(true)) return;
    report("process " + name_of(process) + " stays terminating: a driver does not complete its requests");
    io_->describe_pending(process, [this](const std::string& line) { report("  " + line); });
}

bool Kernel::finish_rundown(ps::Process& process) {
    SystemThreadScope scope(*this);
    ps::Thread& thread = *ps::Thread::current();
    {
        // Threads that were announced and never came.
        std::vector<AnnouncedThread> orphans;
        {
            MutexLock lock(announced_lock_);
            for (auto it = announced_.begin(); it != announced_.end();) {
                if (&it->thread->owner() == &process) {
                    orphans.push_back(std::move(*it));
                    it = announced_.erase(it);
                } else {
                    ++it;
                }
            }
        }
        for (const AnnouncedThread& orphan : orphans) processes_->exit_thread(*orphan.thread);
    }
    children_.parent_gone(process);
    if (Ref<ps::Thread> never_ran = children_.take_first_thread(process)) processes_->exit_thread(*never_ran);
    // CLEANUP and CLOSE reach drivers in the context of the process that goes, as in NT.
    ps::Process* home = thread.attach(&process);
    if (!process.exit_notified.exchange(true)) processes_->notify().process_exited(process);
    process.handles().close_all();
    const bool done = io_->wait_for_requests(process, options_.rundown_patience_ns);
    thread.attach(home);
    if (!done) {
        report_unfinished(process);
        return false;
    }
    process.forget_lingering_threads();
    const std::string who = name_of(process);
    mm::AddressSpace& space = process.address_space();
    if (space.locked_pages() != 0) {
        report("process " + who + " ended with " + std::to_string(space.locked_pages()) +
               " locked page(s) of a driver's MDLs: NT stops with " + locked_pages_name);
    }
    for (const std::string& line : describe_leftovers(*this, space.holdings().snapshot())) report("process " + who + ": " + line);
    memory_->forget_process(process.nt(), [&](const std::string& line) { report("process " + who + ": " + line); });
    processes_->process_gone(process);
    process.set_address_space(nullptr);
    space.release();
    process.release();
    return true;
}

}  // namespace pw::nt
