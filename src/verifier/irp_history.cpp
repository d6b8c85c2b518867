// SPDX-License-Identifier: Apache-2.0
#include "verifier/irp_history.h"

#include <algorithm>
#include <cstdio>

namespace pw::verifier {
namespace {

const char* name_of(IrpStep step) {
    switch (step) {
        case IrpStep::allocated: return "allocated";
        case IrpStep::called: return "sent to";
        case IrpStep::returned: return "dispatch routine returned";
        case IrpStep::completed: return "completed (IoCompleteRequest)";
        case IrpStep::kept: return "kept by a completion routine";
        case IrpStep::cancelled: return "cancelled (IoCancelIrp)";
        case IrpStep::freed: return "freed";
    }
    return "?";
}

}  // namespace

void IrpHistory::add(IrpEvent event) {
    if (events_.size() == most_events) {
        events_.erase(events_.begin() + first_events);
        ++dropped_events_;
    }
    events_.push_back(std::move(event));
}

IrpLevel& IrpHistory::level(CCHAR index) {
    const auto i = static_cast<std::size_t>(std::max<int>(index, 0));
    if (i >= levels_.size()) levels_.resize(i + 1);
    return levels_[i];
}

void IrpHistory::descend(CCHAR index) {
    if (!in_flight_) sent_level_ = index;
    in_flight_ = true;
    completed_ = false;
    const IrpLevel& here = level(index);
    // Sent to a location that is shared by two drivers (IoSkipCurrentIrpStackLocation): the same way still.
    if (here.trip != 0 && !here.climbed && !here.returned_pending) return;
    for (int i = 0; i <= index; ++i) {
        IrpLevel& below = level(static_cast<CCHAR>(i));
        below = {.trip = below.trip + 1};
    }
}

void IrpHistory::climb(CCHAR index, bool marked, NTSTATUS status, bool is_top) {
    IrpLevel& passed = level(static_cast<CCHAR>(index - 1));
    passed.climbed = true;
    passed.marked = marked;
    passed.status = status;
    if (index > sent_level_) in_flight_ = false;
    if (is_top) completed_ = true;
}

std::string IrpHistory::text() const {
    char line[256];
    std::snprintf(line, sizeof(line), "history of IRP %p:\n", static_cast<void*>(irp_));
    std::string out = line;
    for (std::size_t i = 0; i < events_.size(); ++i) {
        const IrpEvent& event = events_[i];
        if (i == first_events && dropped_events_ != 0) {
            out += "  … " + std::to_string(dropped_events_) + " events …\n";
        }
        std::snprintf(line, sizeof(line), "  %s%s%s", name_of(event.step), event.who.empty() ? "" : " ", event.who.c_str());
        out += line;
        if (event.step == IrpStep::returned || event.step == IrpStep::completed) {
            std::snprintf(line, sizeof(line), ", status 0x%08X", static_cast<unsigned>(event.status));
            out += line;
        }
        std::snprintf(line, sizeof(line), " [thread %u of process %u, IRQL %u, location %d]\n", event.thread_id, event.process_id,
                      unsigned{event.irql}, int{event.level});
        out += line;
        out += event.stack.text("      ");
    }
    return out;
}

}  // namespace pw::verifier
