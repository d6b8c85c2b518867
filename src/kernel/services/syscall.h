// SPDX-License-Identifier: Apache-2.0
// What is generated from the system-call table: numbers, wire structs, validators; and CallFrame, one call under way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/untrusted_bytes.h"
#include "kernel/services/syscall_table.h"
#include "kernel/services/wire_types.h"

namespace pw::nt {

enum class CallNumber : std::uint32_t {
#define PW_ENUM(name) name,
    PW_SYSTEM_CALLS(PW_ENUM)
#undef PW_ENUM
        count,
};

// struct NtCloseIn { WireHandle handle; }; struct NtCloseOut {}; …
#define PW_FIELD(type, name) type name;
#define PW_STRUCTS(call)                \
    struct call##In {                   \
        PW_IN_##call(PW_FIELD)          \
    };                                  \
    struct call##Out {                  \
        PW_OUT_##call(PW_FIELD)         \
    };
PW_SYSTEM_CALLS(PW_STRUCTS)
#undef PW_STRUCTS
#undef PW_FIELD

// bool wire_ok(const NtCloseIn&, payload_bytes): every field keeps its type's rule.
#define PW_FIELD_OK(type, name) &&wire_field_ok(in.name, payload_bytes)
#define PW_VALIDATOR(call)                                                                                        \
    constexpr bool wire_ok([[maybe_unused]] const call##In& in, [[maybe_unused]] std::uint32_t payload_bytes) {   \
        return true PW_IN_##call(PW_FIELD_OK);                                                                    \
    }
PW_SYSTEM_CALLS(PW_VALIDATOR)
#undef PW_VALIDATOR
#undef PW_FIELD_OK

// Maps the wire structs of a call: Call<NtCloseIn>::Out, ::number, ::name.
template <typename In>
struct Call;
#define PW_CALL_TRAITS(call)                                           \
    template <>                                                        \
    struct Call<call##In> {                                            \
        using Out = call##Out;                                         \
        static constexpr CallNumber number = CallNumber::call;         \
        static constexpr const char* name = #call;                     \
        static_assert(std::is_trivially_copyable_v<call##In>);         \
        static_assert(std::is_trivially_copyable_v<call##Out>);        \
    };
PW_SYSTEM_CALLS(PW_CALL_TRAITS)
#undef PW_CALL_TRAITS

// The largest In/Out struct is well below this; the rest of a 4 KiB channel page is payload.
constexpr std::size_t max_call_struct_bytes = 256;
#define PW_SIZE_CHECK(call) \
    static_assert(sizeof(call##In) <= max_call_struct_bytes && sizeof(call##Out) <= max_call_struct_bytes);
PW_SYSTEM_CALLS(PW_SIZE_CHECK)
#undef PW_SIZE_CHECK

// One call under way. `in` and `out` structs are the kernel's private copies; payloads are shared with the caller.
struct CallFrame {
    CallNumber number = CallNumber::count;
    const void* in = nullptr;  // the call's In struct, captured
    std::uint32_t in_bytes = 0;
    UntrustedBytes payload;
    void* out = nullptr;  // room for the call's Out struct; written once, never read back
    std::uint32_t out_bytes = 0;
    std::byte* reply_payload = nullptr;  // written, never read back
    std::uint32_t reply_payload_capacity_bytes = 0;
    std::uint32_t reply_payload_bytes = 0;
    bool user_apc_due = false;  // on its way back to user mode the thread is to take its user APCs
};

[[nodiscard]] const char* call_name(CallNumber number);

}  // namespace pw::nt
