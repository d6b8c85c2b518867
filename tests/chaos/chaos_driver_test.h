// SPDX-License-Identifier: Apache-2.0
// The small driver of the robustness tests, built into the test's process: each way to hold something of a client.
#pragma once

#include <nt/io_inlines.h>

#include <cstdint>
#include <memory>
#include <string>

#include "kernel/io/driver.h"

namespace pw::chaos {

inline constexpr std::u16string_view device_path = u"\\Device\\Chaos";

enum : ULONG {
    code_echo = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS),       // output = input
    code_fill = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_OUT_DIRECT, FILE_ANY_ACCESS),     // output: pattern of a seed
    code_sum = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_IN_DIRECT, FILE_ANY_ACCESS),       // the "output" is read
    code_neither = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_NEITHER, FILE_ANY_ACCESS),     // locks, fills, unlocks
    code_pend = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x804, METHOD_OUT_DIRECT, FILE_ANY_ACCESS),     // until it is cancelled
    code_delay = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x805, METHOD_OUT_DIRECT, FILE_ANY_ACCESS),    // a timer's DPC completes it
    code_map = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x806, METHOD_BUFFERED, FILE_ANY_ACCESS),        // a pool page, until CLEANUP
    code_stick = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x807, METHOD_BUFFERED, FILE_ANY_ACCESS),      // never: see release_stuck()
    code_leak_lock = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x808, METHOD_NEITHER, FILE_ANY_ACCESS),   // locks the input, forgets it
    code_leak_map = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x809, METHOD_BUFFERED, FILE_ANY_ACCESS),   // maps pool, forgets it
};

// Byte i of the pattern of a seed.
constexpr std::uint8_t pattern_byte(std::uint32_t seed, std::size_t i) {
    return static_cast<std::uint8_t>((seed * 2654435761u >> 24) + i * 7u);
}

// An image whose entry makes the device.
[[nodiscard]] std::unique_ptr<io::DriverImage> make_driver_image();
// Completes what code_stick holds. PASSIVE_LEVEL, on a thread of the kernel.
void release_stuck();
[[nodiscard]] unsigned stuck_count();
// Takes back what code_leak_lock and code_leak_map forgot: unlocks and frees the MDLs. PASSIVE_LEVEL.
void free_leaks();
// Files that are open (CREATE came, CLOSE did not).
[[nodiscard]] int open_files();

}  // namespace pw::chaos
