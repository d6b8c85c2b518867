// SPDX-License-Identifier: Apache-2.0
// The driver host is a function of libpartywall-kernel.so: drivers bind to that library, so the host must run its copy.
extern "C" int pw_host_main(int argc, char** argv);

int main(int argc, char** argv) { return pw_host_main(argc, argv); }
