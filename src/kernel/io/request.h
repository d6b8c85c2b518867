// SPDX-License-Identifier: Apache-2.0
// Request: what the I/O manager knows about an IRP beyond its documented bytes; stands directly before the IRP.
#pragma once

#include <nt/io_inlines.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/ref.h"
#include "kernel/objects/object.h"
#include "kernel/processes/thread.h"

namespace pw::io {

class CompletionNotice;
class FileObject;
class IoManager;

// Who allocated the IRP, and so what its completion does.
enum class RequestKind : std::uint8_t {
    user,         // an application's or a Zw call's request: finished by the I/O manager
    driver,       // IoAllocateIrp: its allocator's completion routine keeps it
    threaded,     // IoBuildSynchronousFsdRequest, IoBuildDeviceIoControlRequest: the I/O manager finishes and frees it
};

// The life of a request, in one atomic word:
//   issued -> completed                        (completed before the driver's dispatch routine returned)
//   issued -> waited -> completed              (pended; the issuing thread sleeps on `done`)
//   issued -> detached -> completed            (pended, overlapped: the process's completion worker finishes it)
enum class RequestState : std::uint32_t { issued, waited, detached, completed };

// Where the output of a buffered request goes.
struct OutputTarget {
    std::uint64_t user_address = 0;
    std::uint32_t length_bytes = 0;
    std::byte* inline_reply = nullptr;  // the reply page's payload; null: copy to user_address
    std::uint32_t inline_capacity_bytes = 0;
    std::uint32_t inline_written_bytes = 0;
};

struct alignas(16) Request {
    Request();
    ~Request();
    static constexpr std::uint64_t live_magic = 0x7152775061726974;
    std::uint64_t magic = 0;
    RequestKind kind = RequestKind::driver;
    bool is_synchronous = false;     // the issuing thread stays until the request is done
    bool pending_returned = false;   // the driver's marks, as they stood at completion
    bool holds_file_lock = false;
    std::atomic<RequestState> state{RequestState::issued};
    std::uint16_t allocated_stack_count = 0;

    IoManager* io = nullptr;
    Ref<FileObject> file;
    // Who issued it, and whose memory the user addresses mean. Counted only where the request outlives the call
    // (owns_references); a synchronous request's thread stays.
    ps::Thread* thread = nullptr;
    ps::Process* process = nullptr;
    bool owns_references = false;
    bool is_listed = false;               // in thread->irp_list
    bool is_in_slot = false;              // thread->issued_request
    // Cancellers that are looking at the IRP; it is not freed before they are through (delist waits, a few instructions).
    std::atomic<std::uint32_t> cancel_pins{0};
    Ref<ob::Object> user_event;           // the caller's event, signalled at the end
    std::uint64_t user_status_block = 0;  // address in the process, 0: none
    std::unique_ptr<CompletionNotice> notice;  // packet or APC at the end; null: nobody wants one
    OutputTarget output;
    void* system_buffer = nullptr;  // ours to free, whatever the driver does to AssociatedIrp
    std::uint64_t charged_pages = 0;  // of the system buffer, to its process's quota
    KEVENT done;                    // signalled for a waited request
    LIST_ENTRY completion_link;     // in the I/O manager's queue of requests for the completion worker

    [[nodiscard]] PIRP irp() { return reinterpret_cast<PIRP>(this + 1); }
    // The request before an IRP that this I/O manager allocated, or null for an IRP in memory of the driver's own.
    [[nodiscard]] static Request* of(PIRP irp) {
        if (!(irp->AllocationFlags & allocated_by_us)) return nullptr;
        auto* request = reinterpret_cast<Request*>(irp) - 1;
        return request->magic == live_magic ? request : nullptr;
    }
    // In IRP::AllocationFlags: a documented byte that drivers leave alone; IoInitializeIrp clears it.
    static constexpr UCHAR allocated_by_us = 0x40;
};

// Memory for one request with its IRP and stack locations. Null when there is no memory. Any IRQL <= DISPATCH_LEVEL.
[[nodiscard]] Request* allocate_request(CCHAR stack_count, RequestKind kind);
void free_request(Request* request);
// Frees what a thread's cache keeps; called when the thread ends.
void drain_request_cache(ps::Thread& thread);
// IoReuseIrp: as fresh, with a status, keeping who allocated it.
void reuse_irp(PIRP irp, NTSTATUS status);
// IoInitializeIrp: the documented bytes of a fresh IRP.
void initialize_irp(PIRP irp, USHORT packet_bytes, CCHAR stack_count);

}  // namespace pw::io
