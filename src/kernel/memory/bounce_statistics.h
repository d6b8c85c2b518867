// SPDX-License-Identifier: Apache-2.0
// BounceStatistics: per call site, how many bytes were shared and how many had to be copied, of what kind, and why.
//
// A call site is a driver with a control code (or IRP_MJ_READ, IRP_MJ_WRITE). Whoever works for a request says so with a
// CallSiteScope; what is counted outside of one belongs to no driver (arguments of system calls).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "kernel/memory/client_memory.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

// What the application's buffer is made of.
enum class BufferKind : std::uint8_t {
    heap,           // arena: malloc, thread stacks, moved statics
    virtual_alloc,  // VirtualAlloc
    section_view,   // a view of a page-file backed section
    file_view,      // a view of a file
    driver_memory,  // a driver's memory that is mapped into the process
    own_process,    // embedded: memory of this very process that lies in no segment
    foreign,        // a library's data, memory mapped by somebody else, a stack that we did not make
    count,
};
[[nodiscard]] BufferKind kind_of(SegmentKind kind);
[[nodiscard]] const char* to_string(BufferKind kind);
[[nodiscard]] const char* to_string(BounceReason reason);
// What the application's author can do about it: one sentence.
[[nodiscard]] const char* remedy_for(BounceReason reason);

// Who transfers. Lives on the stack of the thread that works for a request.
struct CallSite {
    std::uint64_t driver_key = 0;  // the same for the same driver name
    std::uint32_t control_code = 0;
    std::uint8_t major_function = 0;
    std::string (*driver_name)(const void* driver) = nullptr;  // asked once per call site
    const void* driver = nullptr;
};

class CallSiteScope {
public:
    explicit CallSiteScope(const CallSite& site) : previous_(current_) { current_ = &site; }
    ~CallSiteScope() { current_ = previous_; }
    CallSiteScope(const CallSiteScope&) = delete;
    CallSiteScope& operator=(const CallSiteScope&) = delete;
    [[nodiscard]] static const CallSite* current() { return current_; }

private:
    __attribute__((tls_model("initial-exec"))) static __thread const CallSite* current_;
    const CallSite* const previous_;
};

// One line of the answer to "why was this copied?".
struct BounceRow {
    std::string driver;  // empty: outside of a driver's request
    std::uint32_t control_code = 0;
    std::uint8_t major_function = 0;  // IRP_MJ_*
    BufferKind kind = BufferKind::foreign;
    bool bounced = false;             // false: shared, the bytes were not copied
    BounceReason reason = BounceReason::foreign_memory;  // when bounced
    std::uint64_t transfers = 0;
    std::uint64_t bytes = 0;
    const char* remedy = "";          // when bounced
};

// Any thread, any IRQL; counting takes no lock. Memory is bounded: beyond max_sites everything counts for one site "(others)".
class BounceStatistics {
public:
    struct Counter {
        std::atomic<std::uint64_t> transfers{0};
        std::atomic<std::uint64_t> bytes{0};
        void add(std::uint64_t more) {
            transfers.fetch_add(1, std::memory_order_relaxed);
            bytes.fetch_add(more, std::memory_order_relaxed);
        }
    };
    static constexpr std::size_t max_sites = 512;

    BounceStatistics() { others_.driver = "(others)"; }
    ~BounceStatistics();
    BounceStatistics(const BounceStatistics&) = delete;
    BounceStatistics& operator=(const BounceStatistics&) = delete;

    // Bytes that driver and application share without a copy.
    void count_native(BufferKind kind, std::uint64_t bytes);
    void count(BounceReason reason, std::uint64_t bytes, BufferKind kind = BufferKind::foreign);
    // Totals per reason.
    [[nodiscard]] const Counter& operator[](BounceReason reason) const {
        return counters_[static_cast<std::size_t>(reason)];
    }
    // Everything counted so far: one row per call site, kind and reason, those with no bytes left out. For tools.
    [[nodiscard]] std::vector<BounceRow> snapshot() const;

private:
    static constexpr std::size_t kinds = static_cast<std::size_t>(BufferKind::count);
    static constexpr std::size_t reasons = static_cast<std::size_t>(BounceReason::count);
    struct Site {
        std::uint64_t driver_key = 0;
        std::uint32_t control_code = 0;
        std::uint8_t major_function = 0;
        std::string driver;
        std::array<Counter, kinds> native;
        std::array<std::array<Counter, reasons>, kinds> bounced;
    };
    [[nodiscard]] Site& site();
    static void add_rows(const Site& site, std::vector<BounceRow>& rows);

    std::array<Counter, reasons> counters_;
    std::array<std::atomic<Site*>, max_sites> sites_{};
    Site without_request_;
    Site others_;
};

}  // namespace pw::mm
