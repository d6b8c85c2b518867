// SPDX-License-Identifier: Apache-2.0
#include "platform/backtrace.h"

#include <cstdlib>
#include <cstring>

#include <cxxabi.h>
#include <dlfcn.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <unwind.h>

namespace pw::platform {
namespace {

struct Capture {
    const void** addresses;
    int capacity;
    int skip;
    int count;
};

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* raw) {
    auto& capture = *static_cast<Capture*>(raw);
    const auto address = _Unwind_GetIP(context);
    if (address == 0 || capture.count == capture.capacity) return _URC_END_OF_STACK;
    if (capture.skip > 0) {
        --capture.skip;
    } else {
        capture.addresses[capture.count++] = reinterpret_cast<const void*>(address);
    }
    return _URC_NO_REASON;
}

// Reads our own memory without a fault.
bool read_safely(const void* from, void* to, std::size_t length_bytes) {
    const iovec local{to, length_bytes};
    const iovec remote{const_cast<void*>(from), length_bytes};
    return ::process_vm_readv(::getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(length_bytes);
}

// libdw is loaded when first needed: a report without file and line is better than a library that cannot be loaded.
struct LibDw {
    decltype(&::dwfl_begin) begin = nullptr;
    decltype(&::dwfl_end) end = nullptr;
    decltype(&::dwfl_linux_proc_report) proc_report = nullptr;
    decltype(&::dwfl_report_end) report_end = nullptr;
    decltype(&::dwfl_addrmodule) addrmodule = nullptr;
    decltype(&::dwfl_module_addrname) addrname = nullptr;
    decltype(&::dwfl_module_getsrc) getsrc = nullptr;
    decltype(&::dwfl_lineinfo) lineinfo = nullptr;
    decltype(&::dwfl_module_nextcu) nextcu = nullptr;
    decltype(&::dwarf_haspc) haspc = nullptr;
    decltype(&::dwarf_getsrc_die) getsrc_die = nullptr;
    decltype(&::dwarf_linesrc) linesrc = nullptr;
    decltype(&::dwarf_lineno) lineno = nullptr;
    decltype(&::dwfl_linux_proc_find_elf) find_elf = nullptr;
    decltype(&::dwfl_standard_find_debuginfo) find_debuginfo = nullptr;
    Dwfl_Callbacks callbacks{};
    bool complete = false;

    LibDw() {
        void* library = ::dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);
        if (!library) return;
        complete = load(library, "dwfl_begin", begin) && load(library, "dwfl_end", end) &&
                   load(library, "dwfl_linux_proc_report", proc_report) && load(library, "dwfl_report_end", report_end) &&
                   load(library, "dwfl_addrmodule", addrmodule) && load(library, "dwfl_module_addrname", addrname) &&
                   load(library, "dwfl_module_getsrc", getsrc) && load(library, "dwfl_lineinfo", lineinfo) &&
                   load(library, "dwfl_module_nextcu", nextcu) && load(library, "dwarf_haspc", haspc) &&
                   load(library, "dwarf_getsrc_die", getsrc_die) && load(library, "dwarf_linesrc", linesrc) &&
                   load(library, "dwarf_lineno", lineno) && load(library, "dwfl_linux_proc_find_elf", find_elf) &&
                   load(library, "dwfl_standard_find_debuginfo", find_debuginfo);
        callbacks.find_elf = find_elf;
        callbacks.find_debuginfo = find_debuginfo;
    }

private:
    template <typename Function>
    static bool load(void* library, const char* name, Function& function) {
        function = reinterpret_cast<Function>(::dlsym(library, name));
        return function != nullptr;
    }
};

LibDw& libdw() {
    static LibDw library;
    return library;
}

std::string demangled(const char* name) {
    int status = 0;
    char* text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
    std::string result = status == 0 ? text : name;
    std::free(text);
    return result;
}

const char* base_name(const char* path) {
    const char* slash = std::strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// clang writes no table from addresses to units: look through the units.
void find_by_unit(const LibDw& library, Dwfl_Module* module, std::uintptr_t number, SourcePlace* place) {
    Dwarf_Addr bias = 0;
    for (Dwarf_Die* unit = library.nextcu(module, nullptr, &bias); unit; unit = library.nextcu(module, unit, &bias)) {
        if (library.haspc(unit, number - bias) != 1) continue;
        Dwarf_Line* line = library.getsrc_die(unit, number - bias);
        const char* file = line ? library.linesrc(line, nullptr, nullptr) : nullptr;
        if (!file || library.lineno(line, &place->line) != 0) return;
        place->file = file;
        return;
    }
}

}  // namespace

int capture_backtrace(const void** addresses, int capacity, int skip) {
    Capture capture{addresses, capacity, skip + 1, 0};
    _Unwind_Backtrace(add_frame, &capture);
    return capture.count;
}

int capture_backtrace_from(const void* instruction, const void* frame_pointer, const void** addresses, int capacity) {
    if (capacity <= 0) return 0;
    int count = 0;
    addresses[count++] = instruction;
    struct {
        const void* caller_frame;
        const void* return_address;
    } frame;
    while (count < capacity && read_safely(frame_pointer, &frame, sizeof frame) && frame.return_address) {
        addresses[count++] = frame.return_address;
        // Frames of callers lie higher; anything else is not a frame.
        if (reinterpret_cast<std::uintptr_t>(frame.caller_frame) <= reinterpret_cast<std::uintptr_t>(frame_pointer)) break;
        frame_pointer = frame.caller_frame;
    }
    return count;
}

Symbolizer::Symbolizer() {
    const LibDw& library = libdw();
    if (!library.complete) return;
    Dwfl* dwfl = library.begin(&library.callbacks);
    if (!dwfl) return;
    if (library.proc_report(dwfl, ::getpid()) != 0 || library.report_end(dwfl, nullptr, nullptr) != 0) {
        library.end(dwfl);
        return;
    }
    dwfl_ = dwfl;
}

Symbolizer::~Symbolizer() {
    if (dwfl_) libdw().end(static_cast<Dwfl*>(dwfl_));
}

SourcePlace Symbolizer::find(const void* address, bool is_return_address) {
    SourcePlace place;
    const auto number = reinterpret_cast<std::uintptr_t>(address) - (is_return_address ? 1 : 0);
    Dl_info info;
    if (::dladdr(reinterpret_cast<const void*>(number), &info) != 0) {
        if (info.dli_fname) place.module = base_name(info.dli_fname);
        place.module_offset = reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
        if (info.dli_sname) place.function = demangled(info.dli_sname);
    }
    if (!dwfl_) return place;
    const LibDw& library = libdw();
    Dwfl_Module* module = library.addrmodule(static_cast<Dwfl*>(dwfl_), number);
    if (!module) return place;
    if (const char* name = library.addrname(module, number)) place.function = demangled(name);
    if (Dwfl_Line* line = library.getsrc(module, number)) {
        if (const char* file = library.lineinfo(line, nullptr, &place.line, nullptr, nullptr, nullptr)) place.file = file;
    } else {
        find_by_unit(library, module, number, &place);
    }
    return place;
}

}  // namespace pw::platform
