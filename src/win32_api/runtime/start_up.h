// SPDX-License-Identifier: Apache-2.0
// What happens before main: connects the program to its kernel and moves its memory where drivers can reach it.
#pragma once

namespace pw::win32 {

// By the library's constructor, once. Reads PARTYWALL_SOCKET, or PARTYWALL_EMBEDDED=1 and PARTYWALL_DRIVERS; without these
// PARTYWALL_HOST names a standing host, and without that, too, the default host is used if it runs. When the connection
// fails, or there is nothing to connect to, the program runs on; its first system call says why and fails.
void start_runtime();

}  // namespace pw::win32
