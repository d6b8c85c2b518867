// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/request.h"

#include <cstring>
#include <new>

#include "kernel/io/file.h"

namespace pw::io {
namespace {

// Drivers of the slice have one to three devices in a stack; larger requests take the general path.
constexpr CCHAR cached_stack_count = 4;

constexpr std::size_t request_bytes(CCHAR stack_count) {
    return sizeof(Request) + sizeof(IRP) + static_cast<std::size_t>(stack_count) * sizeof(IO_STACK_LOCATION);
}

void* take_memory(CCHAR stack_count) {
    ps::Thread* thread = ps::Thread::current();
    if (thread && stack_count <= cached_stack_count && thread->io_cache) {
        return std::exchange(thread->io_cache, nullptr);
    }
    const CCHAR count = stack_count < cached_stack_count ? cached_stack_count : stack_count;
    return ::operator new(request_bytes(count), std::align_val_t{16}, std::nothrow);
}

}  // namespace

Request::Request() = default;
Request::~Request() = default;

void initialize_irp(PIRP irp, USHORT packet_bytes, CCHAR stack_count) {
    std::memset(static_cast<void*>(irp), 0, packet_bytes);
    irp->Type = IO_TYPE_IRP;
    irp->Size = packet_bytes;
    irp->StackCount = stack_count;
    irp->CurrentLocation = static_cast<CCHAR>(stack_count + 1);
    irp->ApcEnvironment = 0;
    InitializeListHead(&irp->ThreadListEntry);
    irp->Tail.Overlay.CurrentStackLocation = reinterpret_cast<PIO_STACK_LOCATION>(irp + 1) + stack_count;
}

void reuse_irp(PIRP irp, NTSTATUS status) {
    const UCHAR allocation_flags = irp->AllocationFlags;
    const USHORT bytes = irp->Size;
    initialize_irp(irp, bytes, irp->StackCount);
    irp->AllocationFlags = allocation_flags;
    irp->IoStatus.Status = status;
}

Request* allocate_request(CCHAR stack_count, RequestKind kind) {
    void* memory = take_memory(stack_count);
    if (!memory) return nullptr;
    auto* request = ::new (memory) Request();
    request->magic = Request::live_magic;
    request->kind = kind;
    request->allocated_stack_count = static_cast<std::uint16_t>(stack_count < cached_stack_count ? cached_stack_count : stack_count);
    initialize_irp(request->irp(), IoSizeOfIrp(stack_count), stack_count);
    request->irp()->AllocationFlags = Request::allocated_by_us;
    return request;
}

void free_request(Request* request) {
    const bool cacheable = request->allocated_stack_count == cached_stack_count;
    request->magic = 0;
    request->irp()->Type = 0;  // who completes or frees it once more is found out
    request->~Request();
    ps::Thread* thread = ps::Thread::current();
    if (cacheable && thread && !thread->io_cache && !thread->has_exited()) {
        thread->io_cache = request;
        return;
    }
    ::operator delete(static_cast<void*>(request), std::align_val_t{16});
}

void drain_request_cache(ps::Thread& thread) {
    if (void* memory = std::exchange(thread.io_cache, nullptr)) ::operator delete(memory, std::align_val_t{16});
}

}  // namespace pw::io
