// SPDX-License-Identifier: Apache-2.0
#include "exceptions/fault_status.h"

#include <ntstatus.h>

#include <cstring>

#include "exceptions/exceptions.h"

namespace pw::seh {
namespace {

using platform::FaultDetail;
using platform::FaultRegisters;
using platform::FaultSignal;

constexpr std::uint32_t code_of(NTSTATUS status) { return static_cast<std::uint32_t>(status); }

std::uint32_t arithmetic_status(FaultDetail detail) {
    switch (detail) {
        case FaultDetail::IntegerOverflow: return code_of(STATUS_INTEGER_OVERFLOW);
        case FaultDetail::FloatDivide: return code_of(STATUS_FLOAT_DIVIDE_BY_ZERO);
        case FaultDetail::FloatOverflow: return code_of(STATUS_FLOAT_OVERFLOW);
        case FaultDetail::FloatUnderflow: return code_of(STATUS_FLOAT_UNDERFLOW);
        case FaultDetail::FloatInexact: return code_of(STATUS_FLOAT_INEXACT_RESULT);
        case FaultDetail::FloatInvalid: return code_of(STATUS_FLOAT_INVALID_OPERATION);
        case FaultDetail::SubscriptRange: return code_of(STATUS_ARRAY_BOUNDS_EXCEEDED);
        default: return code_of(STATUS_INTEGER_DIVIDE_BY_ZERO);
    }
}

struct Prefixes {
    std::size_t length = 0;
    std::uint8_t rex = 0;
    bool operand_16 = false;
    bool segment = false;
};

Prefixes skip_prefixes(const std::uint8_t* code, std::size_t bytes) {
    Prefixes prefixes;
    for (; prefixes.length < bytes; ++prefixes.length) {
        const std::uint8_t byte = code[prefixes.length];
        if (byte == 0x66) {
            prefixes.operand_16 = true;
        } else if (byte == 0x64 || byte == 0x65) {
            prefixes.segment = true;
        } else if (byte != 0xF0 && byte != 0xF2 && byte != 0xF3 && byte != 0x2E && byte != 0x36 && byte != 0x3E &&
                   byte != 0x26 && byte != 0x67) {
            break;
        }
    }
    if (prefixes.length < bytes && (code[prefixes.length] & 0xF0) == 0x40) prefixes.rex = code[prefixes.length++];
    return prefixes;
}

std::uint64_t register_value(const FaultRegisters& registers, unsigned number) {
    std::uint64_t values[16];
    static_assert(offsetof(FaultRegisters, r15) == 15 * sizeof(std::uint64_t));
    std::memcpy(values, &registers, sizeof values);
    return values[number];
}

// The address that a ModRM operand in memory names; 0 if the bytes do not suffice.
std::uint64_t operand_address(const std::uint8_t* modrm, std::size_t bytes, const Prefixes& prefixes,
                              const FaultRegisters& registers) {
    const unsigned mode = *modrm >> 6;
    unsigned base = *modrm & 7U;
    std::size_t used = 1;
    std::uint64_t address = 0;
    bool no_base = mode == 0 && base == 5;
    const bool rip_relative = no_base;
    if (base == 4) {
        if (bytes < 2) return 0;
        const std::uint8_t sib = modrm[1];
        used = 2;
        const unsigned index = ((sib >> 3) & 7U) | ((prefixes.rex & 2U) << 2);
        if (index != 4) address += register_value(registers, index) << (sib >> 6);
        base = sib & 7U;
        no_base = mode == 0 && base == 5;
    }
    if (!no_base) address += register_value(registers, base | ((prefixes.rex & 1U) << 3));
    const std::size_t displacement = mode == 1 ? 1U : (mode == 2 || no_base ? 4U : 0U);
    if (bytes < used + displacement) return 0;
    if (displacement == 1) address += static_cast<std::uint64_t>(static_cast<std::int8_t>(modrm[used]));
    if (displacement == 4) {
        std::int32_t offset = 0;
        std::memcpy(&offset, modrm + used, sizeof offset);
        address += static_cast<std::uint64_t>(offset);
    }
    if (rip_relative) address += registers.rip + prefixes.length + 1 + used + displacement;
    return address;
}

bool read_operand(std::uint64_t address, unsigned width, std::uint64_t& value) {
    return address != 0 &&
           pw_guarded_copy(&value, reinterpret_cast<const void*>(address), width, nullptr) == 0;
}

}  // namespace

bool is_privileged_instruction(const std::uint8_t* code, std::size_t code_bytes) {
    const Prefixes prefixes = skip_prefixes(code, code_bytes);
    if (prefixes.length >= code_bytes) return false;
    const std::uint8_t opcode = code[prefixes.length];
    if (opcode == 0xF4 || opcode == 0xFA || opcode == 0xFB) return true;                // hlt, cli, sti
    if ((opcode >= 0x6C && opcode <= 0x6F) || (opcode >= 0xE4 && opcode <= 0xE7)) return true;  // ins, outs, in, out
    if (opcode >= 0xEC && opcode <= 0xEF) return true;
    if (opcode != 0x0F || prefixes.length + 1 >= code_bytes) return false;
    const std::uint8_t second = code[prefixes.length + 1];
    return second == 0x00 || second == 0x01 || second == 0x06 || second == 0x08 || second == 0x09 ||  // lldt, lgdt, clts, invd
           (second >= 0x20 && second <= 0x23) || second == 0x30 || second == 0x32 || second == 0x33;  // mov crN, msr
}

bool is_quotient_overflow(const std::uint8_t* code, std::size_t code_bytes, const FaultRegisters& registers) {
    const Prefixes prefixes = skip_prefixes(code, code_bytes);
    if (prefixes.length + 2 > code_bytes) return false;
    const std::uint8_t opcode = code[prefixes.length];
    const std::uint8_t* const modrm = code + prefixes.length + 1;
    if ((opcode != 0xF6 && opcode != 0xF7) || ((*modrm >> 3) & 7U) < 6) return false;  // div is /6, idiv is /7
    const unsigned width = opcode == 0xF6 ? 1U : ((prefixes.rex & 8U) != 0 ? 8U : (prefixes.operand_16 ? 2U : 4U));
    std::uint64_t divisor = 0;
    if ((*modrm >> 6) == 3) {
        const unsigned number = (*modrm & 7U) | ((prefixes.rex & 1U) << 3);
        const bool high_byte = width == 1 && prefixes.rex == 0 && number >= 4;  // ah, ch, dh, bh
        const std::uint64_t value = register_value(registers, high_byte ? number - 4 : number);
        divisor = high_byte ? value >> 8 : value;
        if (width < 8) divisor &= (std::uint64_t{1} << (8 * width)) - 1;
    } else {
        if (prefixes.segment) return false;
        const std::uint64_t address = operand_address(modrm, code_bytes - prefixes.length - 1, prefixes, registers);
        if (!read_operand(address, width, divisor)) return false;
    }
    return divisor != 0;
}

FaultStatus fault_status(const platform::FaultEvent& event, const std::uint8_t* code, std::size_t code_bytes,
                         const FaultRegisters& registers) {
    switch (event.signal) {
        case FaultSignal::Illegal: return {code_of(STATUS_ILLEGAL_INSTRUCTION)};
        case FaultSignal::Trap:
            return {code_of(event.detail == FaultDetail::SingleStep ? STATUS_SINGLE_STEP : STATUS_BREAKPOINT)};
        case FaultSignal::Arithmetic:
            if (event.detail == FaultDetail::IntegerDivide && is_quotient_overflow(code, code_bytes, registers)) {
                return {code_of(STATUS_INTEGER_OVERFLOW)};
            }
            return {arithmetic_status(event.detail)};
        case FaultSignal::Bus:
            if (event.detail == FaultDetail::BusAlignment) return {code_of(STATUS_DATATYPE_MISALIGNMENT)};
            return {code_of(STATUS_IN_PAGE_ERROR), true, true};
        case FaultSignal::Memory:
            if (event.detail != FaultDetail::GeneralProtection) return {code_of(STATUS_ACCESS_VIOLATION), true, true};
            if (is_privileged_instruction(code, code_bytes)) return {code_of(STATUS_PRIVILEGED_INSTRUCTION)};
            return {code_of(STATUS_ACCESS_VIOLATION), true, false};
    }
    return {code_of(STATUS_ACCESS_VIOLATION), true, true};
}

}  // namespace pw::seh
