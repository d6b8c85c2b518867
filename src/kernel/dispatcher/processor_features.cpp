// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/processor_features.h"

#include <cpuid.h>
#include <nt/ex_types.h>

namespace pw::ke {
namespace {

// The four registers of one CPUID leaf; zero where the processor has no such leaf.
struct Leaf {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    explicit Leaf(unsigned leaf) { __get_cpuid_count(leaf, 0, &a, &b, &c, &d); }
};

bool bit(unsigned value, unsigned number) { return (value >> number & 1) != 0; }

}  // namespace

bool has_processor_feature(unsigned number) {
    const Leaf basic(1);
    const Leaf structured(7);
    const Leaf extended(0x80000001);
    switch (number) {
        case PF_COMPARE_EXCHANGE_DOUBLE:
            return bit(basic.d, 8);
        case PF_MMX_INSTRUCTIONS_AVAILABLE:
            return bit(basic.d, 23);
        case PF_XMMI_INSTRUCTIONS_AVAILABLE:
            return bit(basic.d, 25);
        case PF_XMMI64_INSTRUCTIONS_AVAILABLE:
            return bit(basic.d, 26);
        case PF_3DNOW_INSTRUCTIONS_AVAILABLE:
            return bit(extended.d, 31);
        case PF_RDTSC_INSTRUCTION_AVAILABLE:
            return bit(basic.d, 4);
        case PF_PAE_ENABLED:
            return true;  // long mode has it
        case PF_NX_ENABLED:
            return bit(extended.d, 20);
        case PF_SSE3_INSTRUCTIONS_AVAILABLE:
            return bit(basic.c, 0);
        case PF_COMPARE_EXCHANGE128:
            return bit(basic.c, 13);
        case PF_XSAVE_ENABLED:
            return bit(basic.c, 27);  // OSXSAVE: the system has turned it on
        case PF_RDWRFSGSBASE_AVAILABLE:
            return bit(structured.b, 0);
        case PF_FASTFAIL_AVAILABLE:
            return true;
        case PF_RDRAND_INSTRUCTION_AVAILABLE:
            return bit(basic.c, 30);
        case PF_RDTSCP_INSTRUCTION_AVAILABLE:
            return bit(extended.d, 27);
        default:
            return false;
    }
}

}  // namespace pw::ke
