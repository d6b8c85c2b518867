// SPDX-License-Identifier: Apache-2.0
// Decoding fields of a system call that name text and objects, for every file that serves calls.
#pragma once

#include <optional>

#include "kernel/services/caller.h"
#include "kernel/services/syscall.h"

namespace pw::nt {

// Precondition: the field was validated. An odd tail cannot occur.
[[nodiscard]] std::u16string decode_text(const CallFrame& frame, WireString field);
// A self-relative security descriptor, copied before it is looked at.
[[nodiscard]] Result<Ref<const se::SharedDescriptor>> decode_descriptor(const CallFrame& frame, WireBytes field);
[[nodiscard]] Result<ObjectName> decode_name(const Caller& caller, const CallFrame& frame, const WireObjectAttributes& wire);

// Null means for ever.
class DecodedTimeout {
public:
    explicit DecodedTimeout(const WireTimeout& wire) : present_(wire.present != 0) { value_.QuadPart = wire.value_100ns; }
    [[nodiscard]] const LARGE_INTEGER* get() const { return present_ ? &value_ : nullptr; }

private:
    bool present_;
    LARGE_INTEGER value_;
};

}  // namespace pw::nt
