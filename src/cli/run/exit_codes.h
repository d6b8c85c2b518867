// SPDX-License-Identifier: Apache-2.0
// Exit codes of 'partywall run' that are not the application's own, and of the tools; docs/exit-codes.md explains them.
#pragma once

namespace pw::cli {

enum RunExitCode : int {
  exit_refused = 1,               // tools: the thing is in use, loaded already, cannot be unloaded
  exit_no_such_thing = 2,         // tools: no such driver or process in the host
  exit_bad_driver_file = 120,     // missing, no ELF file, another machine's, no DriverEntry
  exit_driver_entry_failed = 121, // DriverEntry returned an error
  exit_bug_check = 122,           // a driver made the kernel stop
  exit_host_lost = 123,           // the driver host ended otherwise
  exit_no_host = 124,             // no driver host answers there, or it refuses this user or version
  exit_wrapper_failed = 125,      // wrong usage, no host program, host not ready in time
  exit_not_runnable = 126,        // the application exists but cannot run under Partywall
  exit_not_found = 127,           // there is no such application
};

// Exit code of partywall-host after a bug check, by which 'partywall run' tells it from other ends.
inline constexpr int host_exit_bug_check = 3;

}  // namespace pw::cli
