// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/process.h"

#include "kernel/processes/process_manager.h"
#include "kernel/processes/thread.h"

namespace pw::ps {

Process::Process(ProcessManager& processes, ob::ObjectManager& objects, std::uint32_t id, std::string image_name,
                 Identity identity)
    : Object(objects, ob::process_type, &nt_.body),
      processes_(processes),
      nt_(this),
      id_(id),
      image_name_(std::move(image_name)),
      identity_(std::move(identity)) {
    ke::Dispatcher::initialize_notification_header(nt_.body.Header, ke::ObjectKind::process);
}

Process::~Process() = default;

}  // namespace pw::ps
