// SPDX-License-Identifier: Apache-2.0
// IoManager: drivers, devices and requests of one kernel; the path of an IRP from a system call to a driver and back.
#pragma once

#include <nt/io_inlines.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/untrusted_bytes.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/io/device.h"
#include "kernel/io/driver.h"
#include "kernel/io/file.h"
#include "kernel/io/request.h"
#include "kernel/io/request_observer.h"
#include "kernel/io/work_item.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/objects/object_manager.h"
#include "kernel/processes/process_manager.h"
#include "kernel/security/defaults.h"

namespace pw::io {

// What to say about a driver's or the system's behaviour; connected by the composition root.
class IoDiagnostics {
public:
    virtual ~IoDiagnostics() = default;
    // One line about something that a driver did wrong and that NT leaves undefined.
    virtual void report(std::string_view driver, std::string_view text) = 0;
};

struct CreateParameters {
    std::u16string_view path;
    ob::Directory* root = nullptr;
    DeviceObject* device_hint = nullptr;  // of the stack: the request goes to it instead of to the top
    Ref<FileObject> related{};  // opened relative to this file instead of a directory: `path` is the driver's to understand
    bool ignore_case = true;
    ACCESS_MASK desired_access = 0;
    ULONG file_attributes = 0;
    ULONG share_access = 0;
    ULONG disposition = FILE_OPEN;
    ULONG options = 0;
    KPROCESSOR_MODE mode = UserMode;
    bool is_checked = true;  // whether the device's security descriptor decides
};

struct OpenedFile {
    Ref<FileObject> file;
    ACCESS_MASK granted_access = 0;
    ULONG_PTR information = 0;
};

// What the caller of a read, write or control request gave.
struct TransferParameters {
    Ref<FileObject> file;
    Ref<ob::Object> event;            // may be null
    std::uint64_t status_block = 0;   // address, written for requests that end later
    std::uint64_t apc_routine = 0;    // in the caller's process; 0: none
    std::uint64_t apc_context = 0;
    KPROCESSOR_MODE mode = UserMode;
    ULONG major = IRP_MJ_DEVICE_CONTROL;
    ULONG code = 0;                   // control code
    std::uint64_t input = 0;
    ULONG input_bytes = 0;
    const UntrustedBytes* inline_input = nullptr;  // instead of reading `input`
    std::uint32_t inline_input_offset = 0;
    OutputTarget output;              // also the buffer of a read or write
    LARGE_INTEGER byte_offset = {};
    ULONG key = 0;
    ULONG information_class = 0;      // of a query or set
};

// IoBuildDeviceIoControlRequest, IoBuildSynchronousFsdRequest, IoBuildAsynchronousFsdRequest: what the IRP is to carry. The
// addresses are the driver's, valid in its present context.
struct BuildParameters {
    ULONG major = IRP_MJ_DEVICE_CONTROL;  // also INTERNAL_DEVICE_CONTROL, READ, WRITE, FLUSH_BUFFERS, SHUTDOWN, PNP, POWER
    ULONG code = 0;
    PVOID input = nullptr;
    ULONG input_bytes = 0;
    PVOID buffer = nullptr;  // a control's output buffer, what is read or written
    ULONG buffer_bytes = 0;
    const LARGE_INTEGER* byte_offset = nullptr;
    PIO_STATUS_BLOCK status_block = nullptr;
    PKEVENT event = nullptr;
    // True: the calling thread's, finished and freed by the I/O manager. False: the driver's own; its completion routine
    // frees buffers and IRP.
    bool is_threaded = true;
};

// How a request ended as far as its caller is told at once.
struct TransferResult {
    NTSTATUS status = STATUS_SUCCESS;
    bool write_status_block = false;  // false: NT leaves the block alone (failed at once) or writes it later (pending)
    ULONG_PTR information = 0;
    std::uint32_t inline_output_bytes = 0;
};

class IoManager {
public:
    IoManager(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, ps::ProcessManager& processes,
              mm::MemoryManager& memory, IoDiagnostics& diagnostics);
    ~IoManager();

    // Starts and ends the worker that finishes overlapped requests. On a thread of the system process.
    [[nodiscard]] Status start();
    void stop();

    [[nodiscard]] ob::ObjectManager& objects() const { return objects_; }
    [[nodiscard]] ke::Dispatcher& dispatcher() const { return dispatcher_; }
    [[nodiscard]] ps::ProcessManager& processes() const { return processes_; }
    [[nodiscard]] mm::MemoryManager& memory() const { return memory_; }
    [[nodiscard]] IoDiagnostics& diagnostics() const { return diagnostics_; }
    [[nodiscard]] WorkQueue& work_queue() { return work_queue_; }
    // Told of every IRP's steps and of drivers from now on; null: nobody. Before drivers are loaded, by the composition root.
    void set_observers(RequestObserver* requests, DriverObserver* drivers) {
        request_observer_ = requests;
        driver_observer_ = drivers;
    }
    [[nodiscard]] RequestObserver* request_observer() const { return request_observer_; }
    // The manager that an IRP belongs to, for routines that NT calls with nothing but the IRP.
    [[nodiscard]] static IoManager& of(PIRP irp);
    [[nodiscard]] static IoManager& of(PDEVICE_OBJECT device);

    // --- drivers (drivers.cpp). PASSIVE_LEVEL, in the system process.
    // Runs DriverEntry. A failing status of DriverEntry comes back; the driver is gone then.
    [[nodiscard]] Result<Ref<DriverObject>> load_driver(std::u16string service_name, std::unique_ptr<DriverImage> image);
    // IoCreateDriver: a driver object without an image, whose routines lie in the caller's; `name` is absolute
    // ("\Driver\Foo"), empty: one is made up. IoDeleteDriver.
    [[nodiscard]] Status create_driver(std::u16string_view name, PDRIVER_INITIALIZE initialize);
    void delete_driver(DriverObject& driver);
    // DriverUnload. STATUS_INVALID_DEVICE_REQUEST without an unload routine; STATUS_DEVICE_BUSY is not NT's answer: a
    // driver with open devices is marked and unloaded when the last device is closed.
    [[nodiscard]] Status unload_driver(DriverObject& driver);
    // What a driver that goes has left behind and that would run its code again: bug check
    // DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS for timers, work items and system threads.
    void check_leftovers(DriverObject& driver);
    [[nodiscard]] Ref<DriverObject> find_driver(std::u16string_view service_name);

    // --- devices (devices.cpp). PASSIVE_LEVEL unless said otherwise.
    [[nodiscard]] Status create_device(DriverObject& driver, ULONG extension_bytes, std::u16string_view name, DEVICE_TYPE type,
                                       ULONG characteristics, bool exclusive, PDEVICE_OBJECT* device,
                                       se::DescriptorRef security = {});
    void delete_device(PDEVICE_OBJECT device);
    [[nodiscard]] Status create_symbolic_link(std::u16string_view link, std::u16string_view target);
    [[nodiscard]] Status delete_symbolic_link(std::u16string_view link);
    // The top of the stack that `device` stands in.
    [[nodiscard]] static PDEVICE_OBJECT top_of_stack(PDEVICE_OBJECT device);
    // IoAttachDeviceToDeviceStack: returns what `source` now stands on, or null.
    [[nodiscard]] PDEVICE_OBJECT attach_device(PDEVICE_OBJECT source, PDEVICE_OBJECT target);
    void detach_device(PDEVICE_OBJECT target);
    // IoAttachDevice: onto the stack of a named device, which is opened for that time only, as documented.
    [[nodiscard]] Status attach_device_by_name(PDEVICE_OBJECT source, std::u16string_view target, PDEVICE_OBJECT* attached);
    // The lowest device of the stack that `device` stands in.
    [[nodiscard]] static PDEVICE_OBJECT bottom_of_stack(PDEVICE_OBJECT device);
    // IoGetDeviceObjectPointer.
    [[nodiscard]] Status open_device(std::u16string_view name, ACCESS_MASK access, PFILE_OBJECT* file, PDEVICE_OBJECT* device);

    // --- shutdown (shutdown.cpp). IoRegisterShutdownNotification, IoRegisterLastChanceShutdownNotification: the device's
    // driver gets an IRP_MJ_SHUTDOWN when the kernel stops; last-chance devices after all others. PASSIVE_LEVEL.
    [[nodiscard]] Status register_shutdown(DeviceObject& device, bool last_chance);
    // False when it was not registered. IoDeleteDevice does it, too.
    bool unregister_shutdown(DeviceObject& device);
    // Sends the requests, last registered first, each to its end. On a thread of the system process.
    void notify_shutdown();

    // --- requests of system calls (create.cpp, transfer.cpp). PASSIVE_LEVEL.
    [[nodiscard]] Result<OpenedFile> create_file(const CreateParameters& parameters);
    [[nodiscard]] TransferResult transfer(TransferParameters& parameters);
    // IoCreateStreamFileObject: a file object of the device that no CREATE made; it has had its CLEANUP. Null when memory is
    // short.
    [[nodiscard]] PFILE_OBJECT create_stream_file(DeviceObject& device);
    // IRP_MJ_CLEANUP and IRP_MJ_CLOSE: synchronous, results ignored as in NT.
    void send_file_request(FileObject& file, UCHAR major);

    // --- IRPs (irp.cpp, completion.cpp)
    // IoCallDriver. IRQL <= DISPATCH_LEVEL.
    NTSTATUS call_driver(PDEVICE_OBJECT device, PIRP irp);
    // IoCompleteRequest. IRQL <= DISPATCH_LEVEL. Double completion is bug check MULTIPLE_IRP_COMPLETE_REQUESTS.
    void complete_request(PIRP irp, CCHAR priority_boost);
    // IoAllocateIrp / IoFreeIrp. Null when memory is short.
    [[nodiscard]] PIRP allocate_irp(CCHAR stack_count);
    void free_irp(PIRP irp);
    // For parts of the room: a request's memory goes, and its observer hears of it.
    void discard_request(Request* request);
    // IoMakeAssociatedIrp: completing it counts down master->AssociatedIrp.IrpCount, which completes the master at zero.
    [[nodiscard]] PIRP make_associated_irp(PIRP master, CCHAR stack_count);
    // IRPs that finish themselves (build_request.cpp): see BuildParameters. Null when a buffer cannot be locked, memory is
    // short or the major function is none of the documented ones. PASSIVE_LEVEL.
    [[nodiscard]] PIRP build_request(PDEVICE_OBJECT device, const BuildParameters& parameters);
    // IoCancelIrp: TRUE when a cancel routine was called.
    bool cancel_irp(PIRP irp);
    void acquire_cancel_lock(PKIRQL irql);
    void release_cancel_lock(KIRQL irql);
    // Cancels what a thread or a process has under way (exit).
    void cancel_thread_requests(ps::Thread& thread);
    // NtCancelIoFileEx: requests of `file`, one status block or all. STATUS_NOT_FOUND when there is none.
    [[nodiscard]] Status cancel_file_requests(ps::Process& process, FileObject& file, std::uint64_t status_block,
                                              ps::Thread* only_thread);
    // NtCancelSynchronousIoFile: the request that the thread waits for. STATUS_NOT_FOUND (cancel_synchronous.cpp).
    [[nodiscard]] Status cancel_synchronous_requests(ps::Thread& thread, std::uint64_t status_block);
    // Waits until the process has no request left; true when that came within `timeout_ns`.
    [[nodiscard]] bool wait_for_requests(ps::Process& process, std::uint64_t timeout_ns);
    // Objects died at raised IRQL: the completion worker deletes them soon. IRQL <= DISPATCH_LEVEL.
    void request_deferred_deletes() { dispatcher_.set_event(completion_event_); }
    // Names what is still pending, one line per request.
    void describe_pending(ps::Process& process, const std::function<void(const std::string&)>& line);

private:
    // Sends a prepared request to the top of the file's device stack, waits where the caller is synchronous, finishes.
    TransferResult issue(Request* request, PDEVICE_OBJECT top);
    // Until the driver has completed a pended request of the calling thread; says so when CLEANUP or CLOSE take long.
    void await_completion(Request& request);
    void enlist(Request& request);
    // Out of its thread's list; delist also waits for cancellers that look at it.
    void unlist(Request& request);
    void delist(Request& request);
    // The same for the thread's slot, where a synchronous request stands.
    static void withdraw(Request& request);
    // Whoever ends a thread cancels what it finds; a request that came later is cancelled by the thread itself.
    void cancel_if_terminating(Request& request);
    // The last stage, in the caller's context at PASSIVE_LEVEL: copies out, status block, event; frees the request.
    TransferResult finish(Request* request, bool pended);
    [[nodiscard]] Status prepare_buffers(Request& request, TransferParameters& parameters, ULONG method, bool output_is_read);
    void release_buffers(Request& request);
    // The driver's FastIoDispatch (fast_io.cpp): false when it is not asked or says no, then an IRP is sent.
    [[nodiscard]] bool try_fast_io(TransferParameters& parameters, PDEVICE_OBJECT top, TransferResult* result);
    void unlock_mdls(PIRP irp, bool in_owner_context);
    void queue_completion(Request& request);
    // The end of an IRP that no system call waits for: associated, threaded, or a driver's own.
    void complete_unwaited(PIRP irp, Request* request);
    void finish_threaded(Request& request);
    [[nodiscard]] bool is_application_memory(const Request& request, const void* address, std::size_t bytes);
    [[nodiscard]] Status prepare_built_buffers(Request& request, PDEVICE_OBJECT device, const BuildParameters& parameters);
    static void completion_worker_main(PVOID context);
    // finish() of a request whose call has returned, counted for its driver. In the context of its process.
    void finish_detached(Request& request);
    // Whether finishing the request may block on its client: its memory there is in no segment.
    [[nodiscard]] bool needs_client(Request& request);
    // Hands the request to a worker of its process alone, so that a client's memory that does not answer delays nobody
    // else. False when there is no thread to be had.
    [[nodiscard]] bool finish_on_own_worker(Request& request);
    static void own_worker_main(PVOID context);

    ob::ObjectManager& objects_;
    ke::Dispatcher& dispatcher_;
    ps::ProcessManager& processes_;
    mm::MemoryManager& memory_;
    IoDiagnostics& diagnostics_;
    RequestObserver* request_observer_ = nullptr;
    DriverObserver* driver_observer_ = nullptr;
    KSPIN_LOCK cancel_lock_ = 0;
    WorkQueue work_queue_;

    // Overlapped requests that were completed by another thread wait here for their last stage.
    Mutex completion_lock_{LockRank::leaf};
    LIST_ENTRY completion_queue_ PW_GUARDED_BY(completion_lock_);
    KEVENT completion_event_;

    struct ShutdownEntry {
        Ref<DeviceObject> device;
        bool last_chance = false;
    };
    std::atomic<std::uint32_t> next_driver_number_{1};

    Mutex shutdown_lock_{LockRank::io_manager};
    std::vector<ShutdownEntry> shutdown_entries_ PW_GUARDED_BY(shutdown_lock_);
    Ref<ps::Thread> completion_worker_;
    std::atomic<bool> stopping_{false};
};

// UTF-16 to UTF-8 for messages; unpaired surrogates become U+FFFD.
[[nodiscard]] std::string narrow(std::u16string_view text);
[[nodiscard]] std::u16string widen(std::string_view text);

}  // namespace pw::io
