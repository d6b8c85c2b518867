// SPDX-License-Identifier: Apache-2.0
// Hides what the host shows of a process's slot while no thread of it runs kernel code (the verifier, decision 0010).
#pragma once

namespace pw::nt {

class Kernel;

// Before the kernel's first client. For good.
void hide_absent_processes(Kernel& kernel);

}  // namespace pw::nt
