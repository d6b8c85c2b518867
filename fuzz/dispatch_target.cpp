// SPDX-License-Identifier: Apache-2.0
// System calls with hostile bytes: a kernel with the robustness tests' driver, a process without a client behind it.
//
// The input is a list of calls: one byte for the number, one for the length of the payload, then the In struct, then the
// payload. An 8-byte word of the struct that begins with the bytes EE xx becomes handle number xx of those that are open,
// one that begins with DD xx an address that means something.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "chaos_driver_test.h"
#include "channel/wire/call_table.h"
#include "detached_process_test.h"
#include "host/fault_policy.h"
#include "kernel/memory/system_window.h"
#include "kernel/dispatcher/bug_check.h"
#include "platform/mapping.h"
#include "wdk_api/current.h"

using namespace pw;

namespace {

constexpr unsigned max_calls = 64;

class NoLoader final : public io::DriverLoader {
public:
    Result<std::unique_ptr<io::DriverImage>> load(const std::string&) override { return STATUS_OBJECT_NAME_NOT_FOUND; }
};

nt::Kernel& make_kernel() {
    static NoLoader loader;
    nt::KernelOptions options;
    options.loader = &loader;
    options.virtual_processors = 2;
    options.report = [](const std::string&) {};
    options.debug_print = [](const void*, std::string_view) {};
    auto kernel = nt::Kernel::create(options);
    PW_CHECK(kernel.is_ok());
    // A client never makes the kernel stop: a bug check is a finding.
    ke::set_bug_check_action([](const ke::BugCheckReport&) { std::abort(); });
    wdk::set_default_kernel(kernel.value().get());
    nt::Kernel& result = *std::move(kernel).value().release();
    static host::FaultPolicy policy(result);
    nt::Kernel::SystemThreadScope scope(result);
    auto driver = result.io().load_driver(u"Chaos", chaos::make_driver_image());
    PW_CHECK(driver.is_ok());
    static_cast<void>(std::move(driver).value().leak());
    return result;
}

// What would wait for a peer that is not there.
bool may_block(nt::CallNumber call, std::byte* in) {
    switch (call) {
        case nt::CallNumber::NtDelayExecution: return true;
        case nt::CallNumber::NtWaitForSingleObject: {
            auto& wait = *reinterpret_cast<nt::NtWaitForSingleObjectIn*>(in);
            wait.timeout = {0, 1};
            return false;
        }
        case nt::CallNumber::NtWaitForMultipleObjects: {
            auto& wait = *reinterpret_cast<nt::NtWaitForMultipleObjectsIn*>(in);
            wait.timeout = {0, 1};
            return false;
        }
        case nt::CallNumber::NtDeviceIoControlFile: {
            auto& control = *reinterpret_cast<nt::NtDeviceIoControlFileIn*>(in);
            if (control.code == chaos::code_stick || control.code == chaos::code_pend || control.code == chaos::code_leak_lock ||
                control.code == chaos::code_leak_map) {
                control.code = chaos::code_echo;
            }
            control.input_bytes %= 1 << 20;
            control.output_bytes %= 1 << 20;
            return false;
        }
        default: return false;
    }
}

// A call that waits for something that only another thread could bring is not for this target.
bool is_left_out(const char* name) {
    for (const char* other : {"NtSignalAndWaitForSingleObject", "NtRemoveIoCompletion", "NtRemoveIoCompletionEx"}) {
        if (std::strcmp(name, other) == 0) return true;
    }
    return false;
}

}  // namespace

namespace pw::nt {
const char* call_name(CallNumber number);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static nt::Kernel& kernel = make_kernel();
    chaos::DetachedProcess process(kernel);
    PW_CHECK(process);
    std::vector<std::uint64_t> handles{0, ~std::uint64_t{0}, ~std::uint64_t{0} - 1};
    const std::uint64_t window = kernel.memory().window().base();
    const std::uint64_t addresses[] = {process.arena(0), process.arena(4096 + 17), process.arena(65536), process.slot().base,
                                       process.slot().base + process.slot().length_bytes - 8, window, window + 0x100000, 0, 8,
                                       ~std::uint64_t{0} - 7, 0x7FFFFFFEFFFF, process.slot().base + (std::uint64_t{20} << 30)};
    std::size_t at = 0;
    for (unsigned n = 0; n < max_calls && at + 2 <= size; ++n) {
        const std::uint32_t number = data[at] % static_cast<std::uint32_t>(nt::CallNumber::count);
        const channel::CallShape& shape = *channel::call_shape(number);
        std::uint32_t payload_bytes = data[at + 1];
        at += 2;
        alignas(16) std::byte in[nt::max_call_struct_bytes] = {};
        const std::size_t taken = std::min<std::size_t>(shape.in_bytes, size - at);
        std::memcpy(in, data + at, taken);
        at += taken;
        payload_bytes = static_cast<std::uint32_t>(std::min<std::size_t>(payload_bytes, size - at));
        const auto* payload = reinterpret_cast<const std::byte*>(data + at);
        at += payload_bytes;
        for (std::size_t word = 0; word + 8 <= shape.in_bytes; word += 8) {
            const auto mark = static_cast<std::uint8_t>(in[word]);
            const auto which = static_cast<std::uint8_t>(in[word + 1]);
            if (mark == 0xEE) std::memcpy(in + word, &handles[which % handles.size()], 8);
            if (mark == 0xDD) std::memcpy(in + word, &addresses[which % std::size(addresses)], 8);
        }
        const auto call = static_cast<nt::CallNumber>(number);
        if (may_block(call, in) || is_left_out(nt::call_name(call))) continue;
        alignas(16) std::byte out[nt::max_call_struct_bytes] = {};
        const Status status = process.call_raw(number, in, shape.in_bytes, payload, payload_bytes, out);
        if (status.is_failure() || shape.out_bytes < 8 || handles.size() > 200) continue;
        std::uint64_t handle = 0;
        std::memcpy(&handle, out, sizeof handle);
        if (handle != 0 && handle % 4 == 0 && handle < 1 << 20) handles.push_back(handle);
    }
    return 0;
}
