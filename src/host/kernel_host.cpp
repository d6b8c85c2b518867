// SPDX-License-Identifier: Apache-2.0
#include "host/kernel_host.h"

#include <cstdio>
#include <cstdlib>

#include "host/limits.h"
#include "wdk_api/current.h"

namespace pw::host {

namespace {

// What the loader said last on this thread: drivers may be loaded on several threads at a time.
thread_local std::string last_load_error;

std::string entry_failure(const std::string& path, Status status) {
    char code[16];
    std::snprintf(code, sizeof code, "0x%08X", static_cast<unsigned>(status.code()));
    return path + ": its DriverEntry failed with status " + code;
}

}  // namespace

KernelHost::KernelHost(bool quiet)
    : output_(quiet), loader_([this](const std::string& line) {
          last_load_error = line;
          output_.report(line);
      }) {}

std::unique_ptr<KernelHost> KernelHost::create(bool quiet, std::string* error) {
    std::unique_ptr<KernelHost> host(new KernelHost(quiet));
    ReportOutput& output = host->output_;
    nt::KernelOptions options;
    options.loader = &host->loader_;
    options.report = [&output](const std::string& line) { output.report(line); };
    options.debug_print = [&output](const void* caller, std::string_view text) { output.debug_print(caller, text); };
    const char* limits = std::getenv("PARTYWALL_LIMITS");
    if (limits && !parse_limits(limits, &options.process_limits, error)) return nullptr;
    if (const char* registry = std::getenv("PARTYWALL_REGISTRY")) options.registry_path = registry;
    auto kernel = nt::Kernel::create(options);
    if (!kernel) {
        char text[96];
        std::snprintf(text, sizeof(text), "the kernel cannot start: status 0x%08X",
                      static_cast<unsigned>(kernel.status().code()));
        *error = text;
        return nullptr;
    }
    host->kernel_ = std::move(kernel).value();
    host->loader_.set_memory(&host->kernel_->memory());
    wdk::set_default_kernel(host->kernel_.get());
    host->fault_policy_ = std::make_unique<FaultPolicy>(*host->kernel_);
    if (const char* wanted = std::getenv("PARTYWALL_VERIFIER"); wanted && *wanted == '1') {
        host->verifier_ = std::make_unique<verifier::Verifier>(*host->kernel_);
        output.report("the verifier is on");
    }
    return host;
}

KernelHost::~KernelHost() {
    if (!kernel_) return;
    kernel_->stop();
    if (verifier_) verifier_->disconnect();
    wdk::set_default_kernel(nullptr);
    fault_policy_.reset();
    kernel_.reset();
}

bool KernelHost::load_driver(const std::string& path, std::string_view service_name, LoadError* error) {
    last_load_error.clear();
    std::string reason;
    if (kernel_->load_driver(path, service_name, &reason).is_success()) return true;
    // The loader has said what is wrong with a file; what is left is a DriverEntry that failed.
    error->is_entry_failure = last_load_error.empty();
    error->text = error->is_entry_failure ? reason : last_load_error;
    return false;
}

bool KernelHost::restart_driver(io::ServiceObject& service, const std::string& path, LoadError* error) {
    last_load_error.clear();
    const Status status = kernel_->service_control().restart(service, path);
    if (status.is_success()) return true;
    error->is_entry_failure = last_load_error.empty();
    error->text = error->is_entry_failure ? entry_failure(path.empty() ? io::narrow(service.name) : path, status) : last_load_error;
    return false;
}

bool KernelHost::load_drivers(const std::vector<std::string>& paths, std::string* error, bool* is_entry_failure) {
    for (const std::string& path : paths) {
        LoadError problem;
        if (load_driver(path, {}, &problem)) continue;
        *error = problem.text;
        *is_entry_failure = problem.is_entry_failure;
        return false;
    }
    return true;
}

}  // namespace pw::host
