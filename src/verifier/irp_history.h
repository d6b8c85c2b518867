// SPDX-License-Identifier: Apache-2.0
// IrpHistory: what has happened to one IRP, and where it stands. No lock of its own: RequestRules guards it.
#pragma once

#include <nt/io_inlines.h>

#include <cstdint>
#include <string>
#include <vector>

#include "kernel/io/request.h"
#include "verifier/call_stack.h"

namespace pw::verifier {

enum class IrpStep : std::uint8_t { allocated, called, returned, completed, kept, cancelled, freed };

struct IrpEvent {
    IrpStep step = IrpStep::allocated;
    std::string who;            // a driver's name
    NTSTATUS status = 0;
    CCHAR level = 0;
    KIRQL irql = PASSIVE_LEVEL;
    std::uint32_t thread_id = 0;
    std::uint32_t process_id = 0;
    CallStack stack;
};

// One stack location on the IRP's present way down and up.
struct IrpLevel {
    std::uint32_t trip = 0;          // counts the ways; a call that belongs to an earlier one is not judged
    bool returned_pending = false;   // its dispatch routine returned STATUS_PENDING
    bool climbed = false;            // completion has passed it
    bool marked = false;             // with SL_PENDING_RETURNED
    NTSTATUS status = 0;             // IoStatus.Status when completion passed it
};

class IrpHistory {
public:
    IrpHistory(PIRP irp, io::RequestKind kind, const void* allocator) : irp_(irp), kind_(kind), allocator_(allocator) {}

    void add(IrpEvent event);
    // The IRP goes down to this level.
    void descend(CCHAR level);
    // Completion has passed level - 1; `location` is what it passed.
    void climb(CCHAR level, bool marked, NTSTATUS status, bool is_top);
    void keep() { completed_ = false; }

    [[nodiscard]] PIRP irp() const { return irp_; }
    [[nodiscard]] io::RequestKind kind() const { return kind_; }
    // The driver that called IoAllocateIrp; compared, never followed.
    [[nodiscard]] const void* allocator() const { return allocator_; }
    [[nodiscard]] IrpLevel& level(CCHAR index);
    // Lower drivers have it.
    [[nodiscard]] bool is_in_flight() const { return in_flight_; }
    [[nodiscard]] bool is_completed() const { return completed_; }
    // One line per event and frame. Slow.
    [[nodiscard]] std::string text() const;

private:
    static constexpr std::size_t most_events = 40;
    static constexpr std::size_t first_events = 8;  // these stay; of the rest the oldest go

    const PIRP irp_;
    const io::RequestKind kind_;
    const void* const allocator_;
    std::vector<IrpEvent> events_;
    std::uint32_t dropped_events_ = 0;
    std::vector<IrpLevel> levels_;
    CCHAR sent_level_ = 0;  // where its owner sent it
    bool in_flight_ = false;
    bool completed_ = false;
};

}  // namespace pw::verifier
