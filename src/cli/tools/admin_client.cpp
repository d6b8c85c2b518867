// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/admin_client.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "channel/wire/admin_wire.h"
#include "cli/cli_error.h"
#include "cli/run/exit_codes.h"
#include "platform/host_address.h"
#include "platform/readiness.h"
#include "platform/socket.h"

namespace pw::cli {
namespace {

using channel::AdminFrame;
using channel::AdminHeader;
using nlohmann::json;

[[noreturn]] void fail_to_connect(const platform::HostAddress& address, int error) {
  const std::string thing = "driver host '" + address.name + "'";
  const std::string start = address.name == platform::default_host_name ? "start one with 'partywall host'"
                                                                        : "start it with 'partywall host --name " + address.name + "'";
  switch (error) {
    case ENOENT:
      if (platform::is_socket_file(address.socket)) {
        throw CliError(exit_no_host, thing, "takes no commands: it was started by 'partywall run' for its application alone", start);
      }
      throw CliError(exit_no_host, thing, "is not running (no socket " + address.socket + ")", start);
    case ECONNREFUSED: throw CliError(exit_no_host, thing, "is not running: nobody listens at " + address.socket, start);
    case EACCES:
    case EPERM:
      throw CliError(exit_no_host, thing, "belongs to another user (" + address.socket + ")", "use a host of your own: " + start);
    case EPROTOTYPE:
      throw CliError(exit_no_host, address.admin_socket, "is another program's socket", "give the socket of a driver host");
    default: throw CliError(exit_no_host, thing, "cannot be reached: " + platform::error_text(error), start);
  }
}

int code_of(const std::string& kind) {
  if (kind == "driver_file") return exit_bad_driver_file;
  if (kind == "driver_entry") return exit_driver_entry_failed;
  if (kind == "not_found") return exit_no_such_thing;
  if (kind == "usage") return exit_wrapper_failed;
  return exit_refused;
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The data of an answer; throws what the host reports.
json judge_answer(const std::string& text) {
  json answer = json::parse(text, nullptr, false);
  const auto ok = answer.is_object() ? answer.find("ok") : answer.end();
  if (!answer.is_object() || ok == answer.end() || !ok->is_boolean()) {
    throw CliError(exit_no_host, "driver host", "gave an answer that this tool does not understand",
                   "use the partywall command of the host's version");
  }
  if (*ok == true) return answer.value("data", json::object());
  const json error = answer.value("error", json::object());
  std::string thing = text_of(error, "thing");
  std::string reason = text_of(error, "reason");
  if (thing.empty()) {
    // The reason is a line of its own: "file: what is wrong".
    const std::size_t colon = reason.find(": ");
    thing = colon == std::string::npos ? "driver host" : reason.substr(0, colon);
    if (colon != std::string::npos) reason.erase(0, colon + 2);
  }
  throw CliError(code_of(text_of(error, "kind")), thing, reason, text_of(error, "remedy"));
}

}  // namespace

AdminClient::AdminClient(const std::string& host) {
  platform::HostAddress address;
  std::string why;
  if (!platform::find_host_address(host, &address, &why)) {
    const std::size_t colon = why.find(": ");
    throw CliError(exit_wrapper_failed, why.substr(0, colon), why.substr(colon + 2));
  }
  socket_ = address.socket;
  int error = 0;
  connection_ = platform::connect_to(address.admin_socket, &error);
  if (!connection_) fail_to_connect(address, error);
  platform::PeerCredentials peer;
  const std::uint32_t own = platform::effective_user();
  if (!platform::peer_credentials(connection_.get(), &peer) || (peer.user_id != own && peer.user_id != 0 && own != 0)) {
    throw CliError(exit_no_host, address.admin_socket, fmt::format("is served by user {}, not by you (user {})", peer.user_id, own),
                   "use a driver host of your own");
  }
}

void AdminClient::send_request(const std::string& text) {
  if (text.size() > channel::max_admin_request_bytes) {
    throw CliError(exit_wrapper_failed, "request", fmt::format("is longer than {} bytes", channel::max_admin_request_bytes));
  }
  const AdminHeader header{channel::admin_magic, channel::admin_version, static_cast<std::uint32_t>(AdminFrame::request), 0};
  std::vector<std::byte> frame(sizeof header + text.size());
  std::memcpy(frame.data(), &header, sizeof header);
  std::memcpy(frame.data() + sizeof header, text.data(), text.size());
  // A host that has gone shows when we read.
  static_cast<void>(platform::send_message_blocking(connection_.get(), frame, {}));
}

json AdminClient::ask(const std::string& command, const json& arguments,
                      const std::function<void(const std::string&)>& progress) {
  send_request(json{{"command", command}, {"arguments", arguments}}.dump(-1, ' ', false, json::error_handler_t::replace));
  std::string answer;
  std::vector<std::byte> room(channel::max_admin_frame_bytes);
  for (;;) {
    std::array<platform::ReadyDescriptor, 1> wait{};
    wait[0].fd = connection_.get();
    wait[0].want_read = true;
    platform::wait_until_ready(wait, -1);
    platform::ReceivedMessage message;
    const platform::SocketOutcome outcome = platform::receive_message(connection_.get(), room, &message);
    if (outcome == platform::SocketOutcome::would_block) continue;
    if (outcome == platform::SocketOutcome::closed) {
      throw CliError(exit_host_lost, "driver host at " + socket_, "ended before it answered",
                     "its own output says why (a bug check, or it was asked to end)");
    }
    AdminHeader header{};
    if (message.length_bytes >= sizeof header) std::memcpy(&header, room.data(), sizeof header);
    const bool is_sound = !message.truncated && header.magic == channel::admin_magic;
    const std::string text = is_sound ? std::string(reinterpret_cast<const char*>(room.data()) + sizeof header,
                                                    message.length_bytes - sizeof header)
                                      : std::string();
    const auto kind = static_cast<AdminFrame>(header.kind);
    if (is_sound && kind == AdminFrame::refused) throw CliError(exit_no_host, "driver host at " + socket_, "refuses: " + text);
    if (!is_sound || header.version != channel::admin_version) {
      throw CliError(exit_no_host, socket_ + ".admin", "is no driver host's socket, or one of another version",
                     "use the partywall command of the host's version");
    }
    if (kind == AdminFrame::progress) {
      progress(text);
      continue;
    }
    answer += text;
    if (answer.size() > channel::max_admin_answer_bytes) {
      throw CliError(exit_no_host, "driver host at " + socket_, "sends an answer without an end");
    }
    if (kind == AdminFrame::last) return judge_answer(answer);
  }
}

}  // namespace pw::cli
