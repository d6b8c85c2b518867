// SPDX-License-Identifier: Apache-2.0
// CreateFile: devices through the kernel, files of the machine (drive Z:) by this process itself.
#include <memory>
#include <string>

#include "platform/host_file.h"
#include "win32_api/create_options.h"
#include "win32_api/dos_path.h"
#include "win32_api/host_handles.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;
using pw::platform::OpenDisposition;

namespace {

struct FileArguments {
    DWORD access;
    DWORD share_mode;
    const SECURITY_ATTRIBUTES* security;
    DWORD disposition;
    DWORD flags;
};

// CREATE_ALWAYS and OPEN_ALWAYS succeed on what exists, and say so.
void say_whether_it_existed(DWORD disposition, bool existed) {
    const bool says = disposition == CREATE_ALWAYS || disposition == OPEN_ALWAYS;
    SetLastError(static_cast<DWORD>(says && existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS));
}

HANDLE open_native(const std::u16string& path, const FileArguments& arguments, ULONG disposition) {
    constexpr std::size_t max_string_bytes = 0xFFFE;
    if (path.size() * sizeof(WCHAR) > max_string_bytes) {
        fail(ERROR_FILENAME_EXCED_RANGE);
        return INVALID_HANDLE_VALUE;
    }
    UNICODE_STRING name{};
    name.Buffer = const_cast<PWSTR>(path.data());
    name.Length = static_cast<USHORT>(path.size() * sizeof(WCHAR));
    name.MaximumLength = name.Length;
    OBJECT_ATTRIBUTES object{};
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, nullptr, nullptr);
    if (arguments.security != nullptr) {
        object.SecurityDescriptor = arguments.security->lpSecurityDescriptor;
        if (arguments.security->bInheritHandle) object.Attributes |= OBJ_INHERIT;
    }
    HANDLE handle = nullptr;
    IO_STATUS_BLOCK block{};
    const NTSTATUS status =
        NtCreateFile(&handle, native_file_access(arguments.access, arguments.flags), &object, &block, nullptr,
                     native_file_attributes(arguments.flags), arguments.share_mode, disposition,
                     native_create_options(arguments.flags), nullptr, 0);
    if (!NT_SUCCESS(status)) {
        // CREATE_NEW on something that is there is the one collision with an error of its own.
        if (status == STATUS_OBJECT_NAME_COLLISION && arguments.disposition == CREATE_NEW) {
            fail(ERROR_FILE_EXISTS);
        } else {
            set_last_status(status);
        }
        return INVALID_HANDLE_VALUE;
    }
    const bool existed = arguments.disposition == CREATE_ALWAYS ? block.Information == FILE_OVERWRITTEN
                                                                : block.Information == FILE_OPENED;
    say_whether_it_existed(arguments.disposition, existed);
    return handle;
}

OpenDisposition host_disposition(DWORD disposition) {
    switch (disposition) {
        case CREATE_NEW: return OpenDisposition::create_new;
        case CREATE_ALWAYS: return OpenDisposition::create_always;
        case OPEN_ALWAYS: return OpenDisposition::open_always;
        case TRUNCATE_EXISTING: return OpenDisposition::truncate_existing;
        default: return OpenDisposition::open_existing;
    }
}

HANDLE open_host(const std::string& path, const FileArguments& arguments) {
    constexpr DWORD reads = GENERIC_READ | GENERIC_ALL | FILE_READ_DATA;
    constexpr DWORD writes = GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA;
    const bool appends = (arguments.access & (FILE_APPEND_DATA | writes)) == FILE_APPEND_DATA;
    const pw::platform::HostFileRequest request{
        .read = (arguments.access & reads) != 0,
        .write = (arguments.access & writes) != 0 || appends,
        .append = appends,
        .disposition = host_disposition(arguments.disposition),
        .create_read_only = (arguments.flags & FILE_ATTRIBUTE_READONLY) != 0,
    };
    auto opened = pw::platform::open_host_file(path, request);
    if (!opened) {
        if (opened.status() == pw::Status(STATUS_OBJECT_NAME_COLLISION)) {
            fail(ERROR_FILE_EXISTS);
        } else {
            set_last_status(opened.status().code());
        }
        return INVALID_HANDLE_VALUE;
    }
    const auto info = pw::platform::query_host_file(opened.value().descriptor.get());
    const bool existed = opened.value().existed;
    auto file = std::make_shared<HostFile>();
    file->owned = std::move(opened.value().descriptor);
    file->can_read = request.read;
    file->can_write = request.write;
    file->is_overlapped = (arguments.flags & FILE_FLAG_OVERLAPPED) != 0;
    file->is_seekable = info && info.value().kind == pw::platform::HostFileKind::regular;
    if ((arguments.flags & FILE_FLAG_DELETE_ON_CLOSE) != 0) file->delete_on_close = path;
    const HANDLE handle = HostHandles::instance().add(std::move(file));
    if (handle == nullptr) {
        fail(ERROR_TOO_MANY_OPEN_FILES);
        return INVALID_HANDLE_VALUE;
    }
    say_whether_it_existed(arguments.disposition, existed);
    return handle;
}

}  // namespace

HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access, DWORD share_mode, LPSECURITY_ATTRIBUTES security, DWORD disposition,
                          DWORD flags, HANDLE) {
    const std::optional<ULONG> native = native_disposition(disposition);
    // "TRUNCATE_EXISTING: the calling process must open the file with the GENERIC_WRITE bit set."
    const bool cannot_truncate = disposition == TRUNCATE_EXISTING && (access & GENERIC_WRITE) == 0;
    if (!native || cannot_truncate) {
        fail(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (name == nullptr || *name == 0) {
        fail(ERROR_PATH_NOT_FOUND);
        return INVALID_HANDLE_VALUE;
    }
    const FileArguments arguments{access, share_mode, security, disposition, flags};
    const ResolvedPath path = resolve_path(std::u16string_view(name, length_of(name)));
    return path.host ? open_host(*path.host, arguments) : open_native(path.native, arguments, *native);
}

HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access, DWORD share_mode, LPSECURITY_ATTRIBUTES security, DWORD disposition,
                          DWORD flags, HANDLE template_file) {
    return CreateFileW(WideArgument(name), access, share_mode, security, disposition, flags, template_file);
}

HANDLE WINAPI CreateFile2(LPCWSTR name, DWORD access, DWORD share_mode, DWORD disposition,
                          LPCREATEFILE2_EXTENDED_PARAMETERS parameters) {
    if (parameters == nullptr) return CreateFileW(name, access, share_mode, nullptr, disposition, 0, nullptr);
    if (parameters->dwSize < sizeof *parameters) {
        fail(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    const DWORD flags = parameters->dwFileAttributes | parameters->dwFileFlags | parameters->dwSecurityQosFlags;
    return CreateFileW(name, access, share_mode, parameters->lpSecurityAttributes, disposition, flags,
                       parameters->hTemplateFile);
}
