// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/vad.h"

namespace pw::mm {

const char* to_string(VadKind kind) {
    switch (kind) {
        case VadKind::arena: return "arena";
        case VadKind::private_memory: return "private memory";
        case VadKind::section_view: return "section view";
        case VadKind::mdl_mapping: return "MDL mapping";
        case VadKind::stack: return "stack";
        case VadKind::image_data: return "image data";
        case VadKind::placeholder: return "placeholder";
    }
    return "?";
}

}  // namespace pw::mm
