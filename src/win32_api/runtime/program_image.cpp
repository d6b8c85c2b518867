// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/program_image.h"

#include <link.h>

#include "base/checked_math.h"
#include "kernel/services/syscall.h"
#include "win32_api/runtime/runtime.h"

namespace pw::win32 {
namespace {

constexpr std::uint32_t page_readwrite = 4;  // PAGE_READWRITE
constexpr std::uint32_t kind_image_data = 5;  // mm::VadKind::image_data

constinit ImageRange adopted;

int take_program(dl_phdr_info* info, std::size_t, void* context) {
    // The program comes first in the list.
    auto& range = *static_cast<ImageRange*>(context);
    std::uint64_t first = 0;
    std::uint64_t end = 0;
    std::uint64_t read_only_end = 0;
    for (ElfW(Half) i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        const std::uint64_t from = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_LOAD && (header.p_flags & PF_W) != 0) {
            // Programs have one such segment; of several, the last holds .data and .bss.
            first = align_down(from, page_size_bytes);
            end = align_up(from + header.p_memsz, page_size_bytes);
        }
        if (header.p_type == PT_GNU_RELRO) read_only_end = align_down(from + header.p_memsz, page_size_bytes);
    }
    if (read_only_end > first) first = read_only_end;
    if (first < end) range = {first, end - first};
    return 1;
}

}  // namespace

ImageRange program_data_range() {
    ImageRange range;
    ::dl_iterate_phdr(take_program, &range);
    return range;
}

ImageRange adopted_program_data() { return adopted; }

void adopt_program_data() {
    const ImageRange range = program_data_range();
    ThreadPort* const port = range.length_bytes == 0 ? nullptr : thread_port();
    if (port == nullptr) return;
    nt::PwAdoptMemoryIn in{};
    in.base.value = range.base;
    in.region_bytes = range.length_bytes;
    in.page_protection = page_readwrite;
    in.kind = kind_image_data;
    nt::PwAdoptMemoryOut out{};
    channel::OutgoingCall call{nt::CallNumber::PwAdoptMemory, &in, sizeof in, 0, &out, sizeof out};
    if (port->call(call).is_success()) adopted = range;
}

}  // namespace pw::win32
