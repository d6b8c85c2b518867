// SPDX-License-Identifier: Apache-2.0
// The kernel in an application's own process: pw_embedded_start, called by the application's runtime.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "channel/embedded_api.h"
#include "host/kernel_host.h"
#include "kernel/dispatcher/bug_check.h"
#include "platform/process_end.h"
#include "platform/process_identity.h"

namespace pw::host {
namespace {

// Maps in this very process. When the process ends its heap and stacks still lie in the slot: they stay until the system
// takes them.
class OwnMappings final : public mm::MappingClient {
public:
    void process_is_ending() { is_ending_ = true; }
    Status map(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access, bool copy_on_write,
               mm::Segment& segment, std::uint64_t segment_offset_bytes) override {
        return embedded_.map(address, length_bytes, access, copy_on_write, segment, segment_offset_bytes);
    }
    bool unmap(std::uint64_t address, std::uint64_t length_bytes) override {
        return is_ending_ || embedded_.unmap(address, length_bytes);
    }
    Status protect(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access) override {
        return embedded_.protect(address, length_bytes, access);
    }
    [[nodiscard]] bool is_embedded() const override { return true; }

private:
    mm::EmbeddedMappingClient embedded_;
    bool is_ending_ = false;
};

// Everything of one embedded kernel; lives until shutdown().
struct Embedded {
    std::unique_ptr<KernelHost> host;
    OwnMappings mapping;
    ps::Process* process = nullptr;
};

std::vector<std::string> split_paths(const char* list) {
    std::vector<std::string> paths;
    std::string text(list ? list : "");
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = text.find(':', begin);
        if (end == std::string::npos) end = text.size();
        if (end > begin) paths.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return paths;
}

std::int32_t attach_thread(void* context, std::uint64_t token, void** thread) {
    auto& embedded = *static_cast<Embedded*>(context);
    auto attached = embedded.host->kernel().attach_thread(*embedded.process, token);
    if (!attached) return attached.status().code();
    *thread = *attached;
    return STATUS_SUCCESS;
}

std::int32_t call(void* context, void* thread, nt::CallFrame* frame) {
    return static_cast<Embedded*>(context)->host->kernel().dispatch(*static_cast<ps::Thread*>(thread), *frame).code();
}

std::int32_t attach_file(void* context, int descriptor, std::uint64_t* handle) {
    auto& embedded = *static_cast<Embedded*>(context);
    auto attached = embedded.host->kernel().attach_file(*embedded.process, platform::duplicate_descriptor(descriptor));
    if (!attached) return attached.status().code();
    *handle = *attached;
    return STATUS_SUCCESS;
}

int touch_guard_page(void* context, std::uint64_t address) {
    auto& embedded = *static_cast<Embedded*>(context);
    // A fault of our own below a lock of ours is no application's access.
    if (lock_rank_any_held()) return 0;
    return embedded.host->kernel().touch_guard_page(*embedded.process, address) ? 1 : 0;
}

void detach_thread(void* context, void* thread) {
    static_cast<Embedded*>(context)->host->kernel().detach_thread(*static_cast<ps::Thread*>(thread));
}

void shutdown(void* context, int) {
    auto& embedded = *static_cast<Embedded*>(context);
    nt::Kernel& kernel = embedded.host->kernel();
    // The slot outlives the process object, too, and with it the kernel's memory room: exit handlers still run, and what
    // they use lies there. Both end with the process.
    embedded.mapping.process_is_ending();
    embedded.process->address_space().add_ref();
    kernel.begin_rundown(*embedded.process);
    // What a driver keeps for good was reported; the process ends nevertheless.
    if (!kernel.finish_rundown(*embedded.process)) return;
    kernel.stop();
}

std::int32_t start(const pw_embedded_config& config, pw_embedded_api& api, std::string* why) {
    if (config.size_bytes != sizeof(pw_embedded_config) || config.version != pw_embedded_version ||
        api.size_bytes != sizeof(pw_embedded_api)) {
        *why = "libpartywall-kernel.so and the application's runtime are of different versions; rebuild the application";
        return STATUS_REVISION_MISMATCH;
    }
    // The application's process ends with `partywall run`'s code for a bug check (docs/exit-codes.md).
    ke::set_bug_check_action([](const ke::BugCheckReport&) { platform::end_process(122); });
    auto embedded = std::make_unique<Embedded>();
    const char* quiet = std::getenv("PARTYWALL_QUIET");
    embedded->host = KernelHost::create(quiet && *quiet == '1', why);
    if (!embedded->host) return STATUS_INSUFFICIENT_RESOURCES;
    bool is_entry_failure = false;
    if (!embedded->host->load_drivers(split_paths(config.drivers), why, &is_entry_failure)) {
        // As hosted: without its drivers the application does not start, and the exit code says why (docs/exit-codes.md).
        embedded->host->output().report(*why);
        platform::end_process(is_entry_failure ? 121 : 120);
    }
    nt::ClientIdentity identity;
    identity.process_id = platform::process_id();
    identity.user_id = platform::user_id();
    identity.group_id = platform::group_id();
    identity.image_name = platform::process_name();
    auto process = embedded->host->kernel().attach_process(identity, embedded->mapping, nullptr, &api.slot);
    if (!process) {
        *why = "the process object cannot be made";
        return process.status().code();
    }
    embedded->process = *process;
    api.arena_descriptor = embedded->host->kernel().arena_descriptor(**process);
    api.context = embedded.release();
    api.attach_thread = attach_thread;
    api.call = call;
    api.attach_file = attach_file;
    api.touch_guard_page = touch_guard_page;
    api.detach_thread = detach_thread;
    api.shutdown = shutdown;
    return STATUS_SUCCESS;
}

}  // namespace
}  // namespace pw::host

extern "C" __attribute__((visibility("default"))) std::int32_t pw_embedded_start(const pw_embedded_config* config,
                                                                                 pw_embedded_api* api, char* why,
                                                                                 std::size_t why_bytes) {
    std::string text;
    const std::int32_t status = pw::host::start(*config, *api, &text);
    if (why_bytes != 0) std::snprintf(why, why_bytes, "%s", text.c_str());
    return status;
}
