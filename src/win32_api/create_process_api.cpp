// SPDX-License-Identifier: Apache-2.0
// CreateProcess: another program of this machine. A Partywall program joins the same driver host, with the handles that it
// inherits; any other program just runs. GetStartupInfo.
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/program.h"
#include "platform/program_start.h"
#include "win32_api/child_reaper.h"
#include "win32_api/command_line.h"
#include "win32_api/dos_path.h"
#include "win32_api/host_handles.h"
#include "win32_api/process_attributes.h"
#include "win32_api/pw_process_calls.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

extern "C" char** environ;

using namespace pw::win32;

namespace {

constexpr DWORD unsupported_flags = DEBUG_PROCESS | 0x00000002 /* DEBUG_ONLY_THIS_PROCESS */;

// What the child needs to find the same kernel, whatever environment the caller chose for it.
bool is_ours(const std::string& variable) { return variable.starts_with("PARTYWALL_"); }
bool is_token(const std::string& variable) { return variable.starts_with("PARTYWALL_PROCESS="); }

std::vector<std::string> own_environment() {
    std::vector<std::string> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string variable(*entry);
        if (!is_token(variable)) variables.push_back(std::move(variable));
    }
    return variables;
}

// A block of variables, each terminated by a null, the last one by two.
std::vector<std::string> environment_of(LPVOID block, bool is_wide) {
    if (block == nullptr) return own_environment();
    std::vector<std::string> variables;
    if (is_wide) {
        for (auto* text = static_cast<const WCHAR*>(block); *text != 0;) {
            const std::size_t length = length_of(text);
            variables.push_back(narrow(std::u16string_view(text, length)));
            text += length + 1;
        }
    } else {
        for (auto* text = static_cast<const char*>(block); *text != '\0';) {
            variables.emplace_back(text);
            text += variables.back().size() + 1;
        }
    }
    std::erase_if(variables, is_ours);
    for (std::string& variable : own_environment()) {
        if (is_ours(variable)) variables.push_back(std::move(variable));
    }
    return variables;
}

bool is_program(const std::string& path) { return pw::platform::is_executable_file(path); }

// The file that a name of CreateProcess means: as it stands, or with ".exe", or without it: programs of this machine have
// no extension. Nothing: there is none.
std::optional<std::string> program_at(const std::string& path) {
    if (is_program(path)) return path;
    if (is_program(path + ".exe")) return path + ".exe";
    constexpr std::string_view extension = ".exe";
    if (path.size() > extension.size() && path.ends_with(extension)) {
        const std::string bare = path.substr(0, path.size() - extension.size());
        if (is_program(bare)) return bare;
    }
    return std::nullopt;
}

std::optional<std::string> host_path_of(std::u16string_view name) { return resolve_path(name).host; }

// A name without a folder: the calling program's folder, the current one, then PATH, as documented.
std::optional<std::string> search(const std::u16string& name) {
    const bool has_folder = name.find_first_of(u"\\/:") != name.npos;
    if (has_folder) {
        const auto path = host_path_of(name);
        return path ? program_at(*path) : std::nullopt;
    }
    const std::string plain = narrow(name);
    const std::string own = pw::platform::program_path();
    if (const auto found = program_at(own.substr(0, own.rfind('/') + 1) + plain)) return found;
    if (const auto here = host_path_of(name)) {
        if (const auto found = program_at(*here)) return found;
    }
    const char* path = std::getenv("PATH");
    for (std::string_view rest = path == nullptr ? "" : path; !rest.empty();) {
        const std::size_t colon = rest.find(':');
        const std::string folder(rest.substr(0, colon));
        if (const auto found = program_at(folder + "/" + plain)) return found;
        rest = colon == rest.npos ? std::string_view() : rest.substr(colon + 1);
    }
    return std::nullopt;
}

// The descriptor behind a standard handle; -1 when it is none of the machine's files.
int descriptor_of(HANDLE handle) {
    const auto file = HostHandles::instance().find(handle);
    return file ? file->descriptor() : -1;
}

LONG error_of_start(int error) {
    switch (error) {
        case ENOENT: return ERROR_FILE_NOT_FOUND;
        case ENOTDIR: return ERROR_PATH_NOT_FOUND;
        case EACCES:
        case EPERM: return ERROR_ACCESS_DENIED;
        case ENOEXEC: return ERROR_BAD_EXE_FORMAT;
        case E2BIG: return ERROR_FILENAME_EXCED_RANGE;
        default: return ERROR_NOT_ENOUGH_MEMORY;
    }
}

// The attribute list of an extended STARTUPINFO; null: none. False: the structure is none.
bool take_attributes(DWORD flags, const STARTUPINFOW* startup, const _PROC_THREAD_ATTRIBUTE_LIST** list) {
    *list = nullptr;
    if ((flags & EXTENDED_STARTUPINFO_PRESENT) == 0) return true;
    if (startup == nullptr || startup->cb != sizeof(STARTUPINFOEXW)) return false;
    *list = reinterpret_cast<const STARTUPINFOEXW*>(startup)->lpAttributeList;
    return *list == nullptr || (*list)->magic == _PROC_THREAD_ATTRIBUTE_LIST::valid;
}

// Those of the list, and no other. Files of this machine that are the child's standard handles come with it anyway.
NTSTATUS inherit_listed(std::uint32_t token, std::span<const HANDLE> handles, const pw::platform::ProgramStart& start) {
    for (const HANDLE handle : handles) {
        const int descriptor = descriptor_of(handle);
        if (descriptor >= 0) {
            bool is_standard = false;
            for (const int standard : start.standard) is_standard |= standard == descriptor;
            if (!is_standard) return STATUS_NOT_SUPPORTED;
            continue;
        }
        if (const NTSTATUS status = pw_inherit_handle(token, handle); !NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

ULONG inherit_attribute(const SECURITY_ATTRIBUTES* security) {
    return security != nullptr && security->bInheritHandle ? ULONG{OBJ_INHERIT} : 0u;
}

}  // namespace

BOOL WINAPI CreateProcessW(LPCWSTR application, LPWSTR command_line, LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags, LPVOID environment,
                           LPCWSTR folder, LPSTARTUPINFOW startup, LPPROCESS_INFORMATION information) {
    if ((application == nullptr && command_line == nullptr) || information == nullptr) return fail(ERROR_INVALID_PARAMETER);
    if ((flags & unsupported_flags) != 0) return fail(ERROR_NOT_SUPPORTED);
    const _PROC_THREAD_ATTRIBUTE_LIST* attributes = nullptr;
    std::span<const HANDLE> listed;
    if (!take_attributes(flags, startup, &attributes)) return fail(ERROR_INVALID_PARAMETER);
    const bool has_list = attributes != nullptr && attributes->handle_list(&listed);
    // "bInheritHandles must be TRUE" with a list.
    if (has_list && !inherit) return fail(ERROR_INVALID_PARAMETER);
    const std::string line = narrow(command_line != nullptr ? std::u16string_view(command_line, length_of(command_line))
                                                            : std::u16string_view(application, length_of(application)));
    pw::platform::ProgramStart start;
    start.arguments = arguments_of(line);
    if (start.arguments.empty() && application == nullptr) return fail(ERROR_FILE_NOT_FOUND);
    const std::u16string name = application != nullptr ? std::u16string(application, length_of(application))
                                                       : widen(start.arguments.front());
    // "The lpApplicationName parameter must include the path": it is not searched for.
    const auto program = application != nullptr ? [&]() -> std::optional<std::string> {
        const auto path = host_path_of(name);
        return path ? program_at(*path) : std::nullopt;
    }() : search(name);
    if (!program) return fail(ERROR_FILE_NOT_FOUND);
    start.path = *program;
    if (start.arguments.empty()) start.arguments.push_back(start.path);
    if (folder != nullptr) {
        const auto path = host_path_of(std::u16string_view(folder, length_of(folder)));
        if (!path || !pw::platform::is_folder(*path)) return fail(ERROR_DIRECTORY);
        start.folder = *path;
    }
    if (startup != nullptr && (startup->dwFlags & STARTF_USESTDHANDLES) != 0 && inherit) {
        start.standard[0] = descriptor_of(startup->hStdInput);
        start.standard[1] = descriptor_of(startup->hStdOutput);
        start.standard[2] = descriptor_of(startup->hStdError);
    }
    const std::u16string image = widen(start.path.substr(start.path.rfind('/') + 1));
    ChildObjects child;
    const NTSTATUS status = pw_create_process({.image_name = image.data(),
                                               .image_name_length = static_cast<std::uint32_t>(image.size()),
                                               .inherits_handles = inherit && !has_list,
                                               .is_suspended = (flags & CREATE_SUSPENDED) != 0,
                                               .process_attributes = inherit_attribute(process_security),
                                               .thread_attributes = inherit_attribute(thread_security)},
                                              &child);
    // Embedded, the kernel lives in this process alone (docs/embedded-processes.md).
    if (!NT_SUCCESS(status)) return bool_of(status);
    if (const NTSTATUS inherited = inherit_listed(child.token, listed, start); !NT_SUCCESS(inherited)) {
        pw_child_ended(child.token, 1);
        NtClose(child.process);
        NtClose(child.thread);
        return bool_of(inherited);
    }
    start.environment = environment_of(environment, (flags & CREATE_UNICODE_ENVIRONMENT) != 0);
    start.environment.push_back("PARTYWALL_PROCESS=" + std::to_string(child.token));
    const LONG error = start_child(start, child.token, &information->dwProcessId, error_of_start);
    if (error != ERROR_SUCCESS) {
        NtClose(child.process);
        NtClose(child.thread);
        return fail(error);
    }
    information->hProcess = child.process;
    information->hThread = child.thread;
    information->dwThreadId = child.thread_id;
    return TRUE;
}

BOOL WINAPI CreateProcessA(LPCSTR application, LPSTR command_line, LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags, LPVOID environment,
                           LPCSTR folder, LPSTARTUPINFOA startup, LPPROCESS_INFORMATION information) {
    std::u16string line = command_line == nullptr ? std::u16string() : widen(command_line);
    STARTUPINFOEXW extended{};
    STARTUPINFOW& wide = extended.StartupInfo;
    if (startup != nullptr) {
        wide.cb = startup->cb;
        wide.dwFlags = startup->dwFlags;
        wide.hStdInput = startup->hStdInput;
        wide.hStdOutput = startup->hStdOutput;
        wide.hStdError = startup->hStdError;
        if ((flags & EXTENDED_STARTUPINFO_PRESENT) != 0 && startup->cb == sizeof(STARTUPINFOEXA)) {
            extended.lpAttributeList = reinterpret_cast<const STARTUPINFOEXA*>(startup)->lpAttributeList;
        }
    }
    return CreateProcessW(WideArgument(application), command_line == nullptr ? nullptr : line.data(), process_security,
                          thread_security, inherit, flags, environment, WideArgument(folder),
                          startup == nullptr ? nullptr : &wide, information);
}

// There is no desktop, title or window to tell of.
void WINAPI GetStartupInfoW(LPSTARTUPINFOW startup) {
    *startup = {};
    startup->cb = sizeof *startup;
}
void WINAPI GetStartupInfoA(LPSTARTUPINFOA startup) {
    *startup = {};
    startup->cb = sizeof *startup;
}
