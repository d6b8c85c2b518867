// SPDX-License-Identifier: Apache-2.0
// What a running kernel has done: calls, requests and waits, bytes shared and bytes copied, each with its call site.
#include <ntddk.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "host/admin/snapshots.h"

namespace pw::host {
namespace {

using nlohmann::json;

std::string operation_name(const mm::BounceRow& row) {
    switch (row.major_function) {
        case IRP_MJ_READ: return "read";
        case IRP_MJ_WRITE: return "write";
        case IRP_MJ_DEVICE_CONTROL: return "control";
        case IRP_MJ_INTERNAL_DEVICE_CONTROL: return "internal control";
        default: return row.driver.empty() ? "system call" : "IRP_MJ " + hex(row.major_function);
    }
}

}  // namespace

json activity_json(const ke::Activity& activity) {
    return {{"system_calls", activity.system_calls},
            {"requests", activity.requests},
            {"waits", activity.waits},
            {"sleeps", activity.sleeps}};
}

json stats_snapshot(nt::Kernel& kernel) {
    ke::Activity total = kernel.processes().activity_of_gone_processes();
    json processes = json::array();
    kernel.processes().for_each_process([&](ps::Process& process) {
        const ke::Activity activity = process.activity();
        total += activity;
        json entry = {{"pid", process.id()}, {"image", process.image_name()}};
        entry.update(activity_json(activity));
        processes.push_back(std::move(entry));
    });
    std::vector<mm::BounceRow> rows = kernel.memory().bounces().snapshot();
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    std::uint64_t native_bytes = 0;
    std::uint64_t bounced_bytes = 0;
    json transfers = json::array();
    for (const mm::BounceRow& row : rows) {
        (row.bounced ? bounced_bytes : native_bytes) += row.bytes;
        const bool is_control = row.major_function == IRP_MJ_DEVICE_CONTROL || row.major_function == IRP_MJ_INTERNAL_DEVICE_CONTROL;
        transfers.push_back({{"driver", row.driver.empty() ? json(nullptr) : json(row.driver)},
                             {"operation", operation_name(row)},
                             {"control_code", is_control ? json(hex(row.control_code)) : json(nullptr)},
                             {"buffer", mm::to_string(row.kind)},
                             {"copied", row.bounced},
                             {"reason", row.bounced ? json(mm::to_string(row.reason)) : json(nullptr)},
                             {"remedy", row.bounced ? json(row.remedy) : json(nullptr)},
                             {"transfers", row.transfers},
                             {"bytes", row.bytes}});
    }
    return {{"total", activity_json(total)},
            {"native_bytes", native_bytes},
            {"bounced_bytes", bounced_bytes},
            {"processes", std::move(processes)},
            {"transfers", std::move(transfers)}};
}

}  // namespace pw::host
