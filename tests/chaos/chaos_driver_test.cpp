// SPDX-License-Identifier: Apache-2.0
#include "chaos_driver_test.h"

#include <ntddk.h>

#include <atomic>
#include <cstring>

#include "base/checked_math.h"
#include "exceptions/exceptions.h"
#include "kernel/memory/mdl.h"
#include "wdk_api/current.h"

namespace pw::chaos {
namespace {

constexpr ULONG tag = 0x736F6843;  // "Chos"

// What a file of ours has mapped into its process.
struct FileState {
    PVOID pool = nullptr;
    PMDL mdl = nullptr;
    PVOID user_address = nullptr;
    FAST_MUTEX lock;
};

// A delayed request.
struct Delay {
    KTIMER timer;
    KDPC dpc;
    PIRP irp;
};

struct Leak {
    PMDL mdl;
    PVOID pool;
    Leak* next;
};

KSPIN_LOCK held_lock;
LIST_ENTRY held;   // pended requests, cancellable
LIST_ENTRY stuck;  // pended requests that nothing ends
std::atomic<unsigned> stuck_requests{0};
std::atomic<int> files{0};
std::atomic<Leak*> leaks{nullptr};

NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG_PTR information) {
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IofCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

#define CALLERS platform::callers_from(__builtin_return_address(0), __builtin_frame_address(0))

// Not in an exception frame: the kernel's own interface gives a status. The address of the caller is the driver's.
__attribute__((noinline)) NTSTATUS lock_pages(PMDL mdl, LOCK_OPERATION operation) {
    return wdk::memory_manager().mdls().probe_and_lock(mdl, UserMode, operation, wdk::current_address_space(), CALLERS).code();
}

__attribute__((noinline)) PVOID map_to_user(PMDL mdl) {
    auto mapped = wdk::memory_manager().mdls().map_locked_pages(mdl, UserMode, MmCached, nullptr, NormalPagePriority,
                                                                wdk::current_address_space(), CALLERS);
    return mapped ? *mapped : nullptr;
}

// Clients give two requests one buffer, and scribble themselves: races that are theirs.
__attribute__((no_sanitize("thread"))) void fill(PMDL mdl, std::uint32_t seed) {
    auto* bytes = static_cast<std::uint8_t*>(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority));
    if (!bytes) return;
    for (ULONG i = 0; i < MmGetMdlByteCount(mdl); ++i) bytes[i] = pattern_byte(seed, i);
}

std::uint32_t seed_of(PIRP irp) {
    std::uint32_t seed = 0;
    if (irp->AssociatedIrp.SystemBuffer &&
        IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.InputBufferLength >= sizeof seed) {
        std::memcpy(&seed, irp->AssociatedIrp.SystemBuffer, sizeof seed);
    }
    return seed;
}

void cancel_pended(PDEVICE_OBJECT, PIRP irp) {
    IoReleaseCancelSpinLock(irp->CancelIrql);
    KIRQL irql = PASSIVE_LEVEL;
    irql = KeAcquireSpinLockRaiseToDpc(&held_lock);
    RemoveEntryList(&irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&held_lock, irql);
    complete(irp, STATUS_CANCELLED, 0);
}

NTSTATUS pend(PIRP irp) {
    IoMarkIrpPending(irp);
    KIRQL irql = PASSIVE_LEVEL;
    irql = KeAcquireSpinLockRaiseToDpc(&held_lock);
    InsertTailList(&held, &irp->Tail.Overlay.ListEntry);
    IoSetCancelRoutine(irp, cancel_pended);
    // Cancelled before the routine was there: whoever takes the routine away owns the request.
    const bool is_ours = irp->Cancel && IoSetCancelRoutine(irp, nullptr) != nullptr;
    if (is_ours) RemoveEntryList(&irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&held_lock, irql);
    if (is_ours) complete(irp, STATUS_CANCELLED, 0);
    return STATUS_PENDING;
}

void delay_is_over(PKDPC, PVOID context, PVOID, PVOID) {
    auto* delay = static_cast<Delay*>(context);
    PIRP irp = delay->irp;
    ULONG bytes = 0;
    if (irp->MdlAddress) {
        fill(irp->MdlAddress, seed_of(irp));
        bytes = MmGetMdlByteCount(irp->MdlAddress);
    }
    ExFreePoolWithTag(delay, tag);
    complete(irp, STATUS_SUCCESS, bytes);
}

NTSTATUS delay_request(PIRP irp) {
    auto* delay = static_cast<Delay*>(ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(Delay), tag));
    if (!delay) return complete(irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    delay->irp = irp;
    KeInitializeTimer(&delay->timer);
    KeInitializeDpc(&delay->dpc, delay_is_over, delay);
    IoMarkIrpPending(irp);
    LARGE_INTEGER due;
    due.QuadPart = -10LL * (seed_of(irp) % 2000);
    KeSetTimer(&delay->timer, due, &delay->dpc);
    return STATUS_PENDING;
}

NTSTATUS map_page(PFILE_OBJECT file, PIRP irp, ULONG output_bytes) {
    auto& state = *static_cast<FileState*>(file->FsContext);
    if (output_bytes < sizeof(PVOID)) return complete(irp, STATUS_BUFFER_TOO_SMALL, 0);
    NTSTATUS status = STATUS_SUCCESS;
    PVOID address = nullptr;
    ExAcquireFastMutex(&state.lock);
    if (state.pool) {
        status = STATUS_ALREADY_COMMITTED;
    } else if (PVOID pool = ExAllocatePoolWithTag(NonPagedPoolNx, PAGE_SIZE, tag)) {
        PMDL mdl = IoAllocateMdl(pool, PAGE_SIZE, FALSE, FALSE, nullptr);
        if (mdl) {
            MmBuildMdlForNonPagedPool(mdl);
            address = map_to_user(mdl);
        }
        if (address) {
            std::memset(pool, 0x5A, PAGE_SIZE);
            state.pool = pool;
            state.mdl = mdl;
            state.user_address = address;
        } else {
            status = STATUS_INSUFFICIENT_RESOURCES;
            if (mdl) IoFreeMdl(mdl);
            ExFreePoolWithTag(pool, tag);
        }
    } else {
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    ExReleaseFastMutex(&state.lock);
    if (NT_SUCCESS(status)) std::memcpy(irp->AssociatedIrp.SystemBuffer, &address, sizeof address);
    return complete(irp, status, NT_SUCCESS(status) ? sizeof address : 0);
}

NTSTATUS neither(PIRP irp, PVOID input, ULONG input_bytes, ULONG output_bytes) {
    std::uint32_t seed = 0;
    if (input_bytes < sizeof seed || pw_guarded_copy(&seed, input, sizeof seed, nullptr) != 0) {
        return complete(irp, STATUS_ACCESS_VIOLATION, 0);
    }
    if (output_bytes == 0) return complete(irp, STATUS_SUCCESS, 0);
    PMDL mdl = IoAllocateMdl(irp->UserBuffer, output_bytes, FALSE, FALSE, nullptr);
    if (!mdl) return complete(irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    NTSTATUS status = lock_pages(mdl, IoWriteAccess);
    if (NT_SUCCESS(status)) {
        fill(mdl, seed);
        MmUnlockPages(mdl);
    }
    IoFreeMdl(mdl);
    return complete(irp, status, NT_SUCCESS(status) ? output_bytes : 0);
}

void remember_leak(PMDL mdl, PVOID pool) {
    auto* leak = new Leak{mdl, pool, leaks.load()};
    while (!leaks.compare_exchange_weak(leak->next, leak)) {
    }
}

__attribute__((noinline)) NTSTATUS leak_lock(PIRP irp, PVOID input, ULONG input_bytes) {
    PMDL mdl = IoAllocateMdl(input, input_bytes, FALSE, FALSE, nullptr);
    if (!mdl) return complete(irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    const NTSTATUS status = lock_pages(mdl, IoReadAccess);
    if (NT_SUCCESS(status)) remember_leak(mdl, nullptr);
    else IoFreeMdl(mdl);
    return complete(irp, status, 0);
}

__attribute__((noinline)) NTSTATUS leak_map(PIRP irp) {
    PVOID pool = ExAllocatePoolWithTag(NonPagedPoolNx, 3 * PAGE_SIZE, tag);
    PMDL mdl = pool ? IoAllocateMdl(pool, 3 * PAGE_SIZE, FALSE, FALSE, nullptr) : nullptr;
    if (!mdl) {
        if (pool) ExFreePoolWithTag(pool, tag);
        return complete(irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    MmBuildMdlForNonPagedPool(mdl);
    if (map_to_user(mdl) == nullptr) {
        IoFreeMdl(mdl);
        ExFreePoolWithTag(pool, tag);
        return complete(irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    remember_leak(mdl, pool);
    return complete(irp, STATUS_SUCCESS, 0);
}

NTSTATUS device_control(PDEVICE_OBJECT, PIRP irp) {
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    const auto& p = location->Parameters.DeviceIoControl;
    switch (p.IoControlCode) {
        case code_echo: return complete(irp, STATUS_SUCCESS, std::min(p.InputBufferLength, p.OutputBufferLength));
        case code_fill:
            if (irp->MdlAddress) fill(irp->MdlAddress, seed_of(irp));
            return complete(irp, STATUS_SUCCESS, p.OutputBufferLength);
        case code_sum: return complete(irp, STATUS_SUCCESS, p.OutputBufferLength);
        case code_neither: return neither(irp, p.Type3InputBuffer, p.InputBufferLength, p.OutputBufferLength);
        case code_pend: return pend(irp);
        case code_delay: return delay_request(irp);
        case code_map: return map_page(location->FileObject, irp, p.OutputBufferLength);
        case code_stick: {
            IoMarkIrpPending(irp);
            KIRQL irql = PASSIVE_LEVEL;
            irql = KeAcquireSpinLockRaiseToDpc(&held_lock);
            InsertTailList(&stuck, &irp->Tail.Overlay.ListEntry);
            KeReleaseSpinLock(&held_lock, irql);
            stuck_requests.fetch_add(1);
            return STATUS_PENDING;
        }
        case code_leak_lock: return leak_lock(irp, p.Type3InputBuffer, p.InputBufferLength);
        case code_leak_map: return leak_map(irp);
        default: return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

NTSTATUS create(PDEVICE_OBJECT, PIRP irp) {
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;
    auto* state = new (std::nothrow) FileState;
    if (!state) return complete(irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    ExInitializeFastMutex(&state->lock);
    file->FsContext = state;
    files.fetch_add(1);
    return complete(irp, STATUS_SUCCESS, 0);
}

// In the context of the process that closes its last handle, also when it was killed.
NTSTATUS cleanup(PDEVICE_OBJECT, PIRP irp) {
    auto& state = *static_cast<FileState*>(IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext);
    ExAcquireFastMutex(&state.lock);
    if (state.pool) {
        MmUnmapLockedPages(state.user_address, state.mdl);
        IoFreeMdl(state.mdl);
        ExFreePoolWithTag(state.pool, tag);
        state.pool = nullptr;
    }
    ExReleaseFastMutex(&state.lock);
    return complete(irp, STATUS_SUCCESS, 0);
}

NTSTATUS close(PDEVICE_OBJECT, PIRP irp) {
    delete static_cast<FileState*>(IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext);
    files.fetch_sub(1);
    return complete(irp, STATUS_SUCCESS, 0);
}

NTSTATUS entry(PDRIVER_OBJECT driver, PUNICODE_STRING) {
    KeInitializeSpinLock(&held_lock);
    InitializeListHead(&held);
    InitializeListHead(&stuck);
    driver->MajorFunction[IRP_MJ_CREATE] = create;
    driver->MajorFunction[IRP_MJ_CLEANUP] = cleanup;
    driver->MajorFunction[IRP_MJ_CLOSE] = close;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = device_control;
    driver->DriverUnload = [](PDRIVER_OBJECT object) { IoDeleteDevice(object->DeviceObject); };
    std::u16string text(device_path);
    UNICODE_STRING name{static_cast<USHORT>(text.size() * 2), static_cast<USHORT>(text.size() * 2),
                        reinterpret_cast<PWCH>(text.data())};
    PDEVICE_OBJECT device = nullptr;
    const NTSTATUS status = IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (NT_SUCCESS(status)) device->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
    return status;
}

class BuiltInImage final : public io::DriverImage {
public:
    [[nodiscard]] const std::string& path() const override { return path_; }
    [[nodiscard]] PDRIVER_INITIALIZE entry() const override { return chaos::entry; }
    [[nodiscard]] std::uint64_t base() const override { return 0; }
    [[nodiscard]] std::uint64_t length_bytes() const override { return 0; }

private:
    const std::string path_ = "chaos.sys";
};

}  // namespace

std::unique_ptr<io::DriverImage> make_driver_image() { return std::make_unique<BuiltInImage>(); }

void release_stuck() {
    for (;;) {
        KIRQL irql = PASSIVE_LEVEL;
        irql = KeAcquireSpinLockRaiseToDpc(&held_lock);
        PLIST_ENTRY link = IsListEmpty(&stuck) ? nullptr : RemoveHeadList(&stuck);
        KeReleaseSpinLock(&held_lock, irql);
        if (!link) return;
        stuck_requests.fetch_sub(1);
        complete(CONTAINING_RECORD(link, IRP, Tail.Overlay.ListEntry), STATUS_SUCCESS, 0);
    }
}

unsigned stuck_count() { return stuck_requests.load(); }

void free_leaks() {
    for (Leak* leak = leaks.exchange(nullptr); leak;) {
        if (leak->mdl->MdlFlags & MDL_PAGES_LOCKED) MmUnlockPages(leak->mdl);
        IoFreeMdl(leak->mdl);
        if (leak->pool) ExFreePoolWithTag(leak->pool, tag);
        Leak* next = leak->next;
        delete leak;
        leak = next;
    }
}

int open_files() { return files.load(); }

}  // namespace pw::chaos
