// SPDX-License-Identifier: Apache-2.0
// AdminClient: a tool's connection to a running driver host.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "platform/descriptor.h"

namespace pw::cli {

class AdminClient {
 public:
  // Connects to the host of that name or at that path (empty: PARTYWALL_HOST, else "default"). Throws CliError:
  // exit_no_host with what to do, exit_wrapper_failed for a name that is none.
  explicit AdminClient(const std::string& host);

  // Asks and waits for the answer's data; `progress` gets the host's lines meanwhile. Throws CliError with the code that
  // belongs to the host's error, exit_host_lost when the host goes, exit_no_host when it refuses this tool.
  [[nodiscard]] nlohmann::json ask(const std::string& command, const nlohmann::json& arguments,
                                   const std::function<void(const std::string&)>& progress);

  [[nodiscard]] const std::string& socket() const { return socket_; }

 private:
  void send_request(const std::string& text);

  std::string socket_;
  platform::Descriptor connection_;
};

}  // namespace pw::cli
