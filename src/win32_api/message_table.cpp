// SPDX-License-Identifier: Apache-2.0
#include "win32_api/message_table.h"

#include "win32/winerror.h"

namespace pw::win32 {
namespace {

struct Message {
    DWORD code;
    const char* text;
};

constexpr Message k_messages[] = {
    {ERROR_SUCCESS, "The operation succeeded."},
    {ERROR_INVALID_FUNCTION, "The function is not valid for this object."},
    {ERROR_FILE_NOT_FOUND, "The file or object was not found."},
    {ERROR_PATH_NOT_FOUND, "The path was not found."},
    {ERROR_TOO_MANY_OPEN_FILES, "Too many files are open."},
    {ERROR_ACCESS_DENIED, "Access is denied."},
    {ERROR_INVALID_HANDLE, "The handle is not valid."},
    {ERROR_NOT_ENOUGH_MEMORY, "There is not enough memory for this operation."},
    {ERROR_INVALID_DATA, "The data is not valid."},
    {ERROR_OUTOFMEMORY, "Memory ran out."},
    {ERROR_NO_MORE_FILES, "There are no more files."},
    {ERROR_WRITE_PROTECT, "The medium is write-protected."},
    {ERROR_NOT_READY, "The device is not ready."},
    {ERROR_CRC, "The data has a checksum error."},
    {ERROR_BAD_LENGTH, "The length does not fit the request."},
    {ERROR_GEN_FAILURE, "The device does not work."},
    {ERROR_SHARING_VIOLATION, "Another process uses the file in a way that forbids this access."},
    {ERROR_LOCK_VIOLATION, "Another process has locked a part of the file."},
    {ERROR_HANDLE_EOF, "The end of the file was reached."},
    {ERROR_NOT_SUPPORTED, "The request is not supported."},
    {ERROR_DEV_NOT_EXIST, "The device is no longer available."},
    {ERROR_FILE_EXISTS, "The file exists."},
    {ERROR_INVALID_PARAMETER, "A parameter is not valid."},
    {ERROR_BROKEN_PIPE, "The pipe has ended."},
    {ERROR_OPEN_FAILED, "The device or file cannot be opened."},
    {ERROR_DISK_FULL, "The disk is full."},
    {ERROR_CALL_NOT_IMPLEMENTED, "The function is not implemented."},
    {ERROR_SEM_TIMEOUT, "The time allowed has passed."},
    {ERROR_INSUFFICIENT_BUFFER, "The buffer is too small."},
    {ERROR_INVALID_NAME, "The name is not well formed."},
    {ERROR_MOD_NOT_FOUND, "The module was not found."},
    {ERROR_PROC_NOT_FOUND, "The procedure was not found."},
    {ERROR_NOT_LOCKED, "The range is not locked."},
    {ERROR_BAD_PATHNAME, "The path is not well formed."},
    {ERROR_BUSY, "The resource is in use."},
    {ERROR_ALREADY_EXISTS, "An object of this name exists already."},
    {ERROR_BAD_EXE_FORMAT, "The file is not an image of the expected format."},
    {ERROR_MORE_DATA, "There is more data than fits."},
    {WAIT_TIMEOUT, "The wait timed out."},
    {ERROR_NO_MORE_ITEMS, "There are no more items."},
    {ERROR_DIRECTORY, "The directory name is not valid."},
    {ERROR_NOT_OWNER, "The caller does not own the object."},
    {ERROR_TOO_MANY_POSTS, "The semaphore's count would exceed its maximum."},
    {ERROR_PARTIAL_COPY, "Only a part of the memory could be copied."},
    {ERROR_MR_MID_NOT_FOUND, "There is no message text for this number."},
    {ERROR_INVALID_ADDRESS, "The address is not valid for this request."},
    {ERROR_OPERATION_ABORTED, "The request was cancelled, or its thread ended."},
    {ERROR_IO_INCOMPLETE, "The overlapped request is not finished."},
    {ERROR_IO_PENDING, "The overlapped request is in progress."},
    {ERROR_NOACCESS, "An address is not accessible."},
    {ERROR_FILE_INVALID, "The file's volume changed, or the file is empty."},
    {ERROR_INVALID_SERVICE_CONTROL, "The service does not accept this control."},
    {ERROR_SERVICE_REQUEST_TIMEOUT, "The service did not answer in time."},
    {ERROR_SERVICE_ALREADY_RUNNING, "The service runs already."},
    {ERROR_SERVICE_DISABLED, "The service is disabled."},
    {ERROR_SERVICE_DOES_NOT_EXIST, "There is no service of this name."},
    {ERROR_SERVICE_CANNOT_ACCEPT_CTRL, "The service cannot take controls in its state."},
    {ERROR_SERVICE_NOT_ACTIVE, "The service is not started."},
    {ERROR_SERVICE_MARKED_FOR_DELETE, "The service is about to be deleted."},
    {ERROR_SERVICE_EXISTS, "The service exists already."},
    {ERROR_NO_UNICODE_TRANSLATION, "A character has no counterpart in the other encoding."},
    {ERROR_IO_DEVICE, "The device reported an input or output error."},
    {ERROR_MAPPED_ALIGNMENT, "An address or offset is not aligned as views must be."},
    {ERROR_NOT_FOUND, "The element was not found."},
    {ERROR_USER_MAPPED_FILE, "The file has a section that a view still uses."},
    {ERROR_PRIVILEGE_NOT_HELD, "The caller lacks a required privilege."},
    {ERROR_INVALID_SECURITY_DESCR, "The security descriptor is not valid."},
    {ERROR_NO_SYSTEM_RESOURCES, "The system's resources do not suffice."},
    {ERROR_COMMITMENT_LIMIT, "The limit of committed memory is reached."},
    {ERROR_TIMEOUT, "The time allowed has passed."},
    {ERROR_INVALID_USER_BUFFER, "The supplied buffer is not valid for this request."},
    {ERROR_NOT_ENOUGH_QUOTA, "The quota does not suffice."},
};

}  // namespace

const char* find_message(DWORD code) {
    constexpr DWORD k_win32_failure = 0x80070000;
    if ((code & 0xFFFF0000) == k_win32_failure) code &= 0xFFFF;
    for (const Message& message : k_messages) {
        if (message.code == code) return message.text;
    }
    return nullptr;
}

}  // namespace pw::win32
