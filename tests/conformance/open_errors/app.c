/* SPDX-License-Identifier: Apache-2.0 */
/* What callers hear when the name, the handle, the object or the request is wrong. */
#include "public.h"

#include "frame/app_frame.h"

#define CHECK_FAILS(call, error)                                                                                      \
    do {                                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                                                  \
        CHECK(!(call));                                                                                               \
        CHECK_EQUAL(GetLastError(), (error));                                                                         \
    } while (0)

static HANDLE Open(const char *name)
{
    return CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}

static void Names(void)
{
    HANDLE exclusive;

    CHECK_FAILS(Open("\\\\.\\PwNoSuchDevice") != INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
    CHECK_FAILS(OpenEventA(SYNCHRONIZE, FALSE, "PwNoSuchEvent") != NULL, ERROR_FILE_NOT_FOUND);
    CHECK_FAILS(OpenFileMappingA(FILE_MAP_READ, FALSE, "PwNoSuchSection") != NULL, ERROR_FILE_NOT_FOUND);

    exclusive = Open("\\\\.\\" EXCLUSIVE_NAME);
    CHECK(exclusive != INVALID_HANDLE_VALUE);
    CHECK_FAILS(Open("\\\\.\\" EXCLUSIVE_NAME) != INVALID_HANDLE_VALUE, ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(exclusive));
    exclusive = Open("\\\\.\\" EXCLUSIVE_NAME);
    CHECK(exclusive != INVALID_HANDLE_VALUE);
    CHECK(CloseHandle(exclusive));
}

static void Handles(HANDLE device)
{
    HANDLE closed = Open("\\\\.\\" TEST_NAME);
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    DWORD returned = 0;

    CHECK(closed != INVALID_HANDLE_VALUE && event != NULL);
    CHECK(CloseHandle(closed));
    CHECK_FAILS(CloseHandle(closed), ERROR_INVALID_HANDLE);
    CHECK_FAILS(Control(closed, IOCTL_NOTHING, NULL, 0, NULL, 0, NULL), ERROR_INVALID_HANDLE);
    CHECK_FAILS(Control(NULL, IOCTL_NOTHING, NULL, 0, NULL, 0, NULL), ERROR_INVALID_HANDLE);
    CHECK_FAILS(Control(INVALID_HANDLE_VALUE, IOCTL_NOTHING, NULL, 0, NULL, 0, NULL), ERROR_INVALID_HANDLE);
    CHECK_FAILS(Control((HANDLE)(size_t)0x7ffffff0, IOCTL_NOTHING, NULL, 0, NULL, 0, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(WaitForSingleObject(closed, 0), WAIT_FAILED);

    /* The right handle of the wrong kind of object. */
    CHECK_FAILS(Control(event, IOCTL_NOTHING, NULL, 0, NULL, 0, NULL), ERROR_INVALID_HANDLE);
    CHECK_FAILS(SetEvent(device), ERROR_INVALID_HANDLE);
    CHECK_FAILS(MapViewOfFile(device, FILE_MAP_READ, 0, 0, 0) != NULL, ERROR_INVALID_HANDLE);
    CHECK_FAILS(ReadFile(event, &returned, sizeof(returned), &returned, NULL), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(event));
}

static void Requests(HANDLE device)
{
    char byte = 0;
    DWORD returned = 0;

    CHECK(Control(device, IOCTL_NOTHING, NULL, 0, NULL, 0, NULL));
    CHECK_FAILS(Control(device, IOCTL_UNKNOWN, NULL, 0, NULL, 0, NULL), ERROR_INVALID_FUNCTION);
    CHECK_FAILS(Control(device, 0, NULL, 0, NULL, 0, NULL), ERROR_INVALID_FUNCTION);
    CHECK_FAILS(Control(device, 0xfffffffcU, NULL, 0, NULL, 0, NULL), ERROR_INVALID_FUNCTION);

    /* The driver has no READ or WRITE routine: the I/O manager answers for it. */
    CHECK_FAILS(ReadFile(device, &byte, 1, &returned, NULL), ERROR_INVALID_FUNCTION);
    CHECK_FAILS(WriteFile(device, &byte, 1, &returned, NULL), ERROR_INVALID_FUNCTION);

    /* Buffers that are not there. */
    CHECK_FAILS(Control(device, IOCTL_NOTHING, NULL, 4, NULL, 0, NULL), ERROR_NOACCESS);
    CHECK_FAILS(Control(device, IOCTL_NOTHING, NULL, 0, NULL, 4, NULL), ERROR_NOACCESS);
    CHECK_FAILS(Control(device, IOCTL_NOTHING, (void *)16, 4, NULL, 0, NULL), ERROR_NOACCESS);
}

/* Lengths and numbers that nothing can have: an error, never a fault and never an attempt. */
static void Lengths(HANDLE device)
{
    char byte = 0;
    char longName[700];
    HANDLE events[MAXIMUM_WAIT_OBJECTS + 1];
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 65536, NULL);
    DWORD error;
    int i;

    CHECK(section != NULL);
    /* Four GiB less one byte, of which one is there: no memory for it, or no access behind it. */
    error = ControlError(device, IOCTL_NOTHING, &byte, 0xffffffffU, NULL, 0);
    CHECK(error == ERROR_NOACCESS || error == ERROR_NO_SYSTEM_RESOURCES || error == ERROR_NOT_ENOUGH_MEMORY);
    error = ControlError(device, IOCTL_NOTHING, NULL, 0, &byte, 0xffffffffU);
    CHECK(error == ERROR_NOACCESS || error == ERROR_NO_SYSTEM_RESOURCES || error == ERROR_NOT_ENOUGH_MEMORY);
    /* Around the end of the address space. */
    CHECK_EQUAL(ControlError(device, IOCTL_NOTHING, (void *)~(size_t)0, 2, NULL, 0), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(device, IOCTL_NOTHING, NULL, 0, (void *)(~(size_t)0 - 4095), 65536), ERROR_NOACCESS);

    CHECK_FAILS(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0, NULL) != NULL, ERROR_INVALID_PARAMETER);
    CHECK_FAILS(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0xffffffffU, 0xffffffffU, NULL) != NULL,
                ERROR_NOT_ENOUGH_MEMORY);
    CHECK_FAILS(MapViewOfFile(section, FILE_MAP_READ, 0, 1, 0) != NULL, ERROR_MAPPED_ALIGNMENT);
    CHECK_FAILS(MapViewOfFile(section, FILE_MAP_READ, 0, 65536 * 2, 0) != NULL, ERROR_ACCESS_DENIED);
    CHECK_FAILS(MapViewOfFile(section, FILE_MAP_READ, 0, 0, ~(size_t)0) != NULL, ERROR_ACCESS_DENIED);
    CHECK_FAILS(UnmapViewOfFile(&byte), ERROR_INVALID_ADDRESS);
    CHECK_FAILS(UnmapViewOfFile(NULL), ERROR_INVALID_ADDRESS);

    for (i = 0; i <= MAXIMUM_WAIT_OBJECTS; ++i) {
        events[i] = CreateEventA(NULL, TRUE, TRUE, NULL);
        CHECK(events[i] != NULL);
    }
    CHECK_FAILS(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, events, FALSE, 0) != WAIT_FAILED, ERROR_INVALID_PARAMETER);
    CHECK_FAILS(WaitForMultipleObjects(0, events, FALSE, 0) != WAIT_FAILED, ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, events, TRUE, 0), WAIT_OBJECT_0);
    for (i = 0; i <= MAXIMUM_WAIT_OBJECTS; ++i) {
        CHECK(CloseHandle(events[i]));
    }

    memset(longName, 'x', sizeof(longName) - 1);
    longName[sizeof(longName) - 1] = '\0';
    SetLastError(ERROR_SUCCESS);
    CHECK(CreateEventA(NULL, TRUE, FALSE, longName) == NULL);
    CHECK(GetLastError() != ERROR_SUCCESS);
    CHECK(CloseHandle(section));
}

static void NamedObjects(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, "PwOpenErrorsObject");
    HANDLE again;

    CHECK(event != NULL);
    SetLastError(ERROR_SUCCESS);
    again = CreateEventA(NULL, TRUE, FALSE, "PwOpenErrorsObject");
    CHECK(again != NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK_FAILS(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, "PwOpenErrorsObject") != NULL,
                ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(again));
    CHECK(CloseHandle(event));
    CHECK_FAILS(OpenEventA(SYNCHRONIZE, FALSE, "PwOpenErrorsObject") != NULL, ERROR_FILE_NOT_FOUND);
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    Names();
    Handles(device);
    Requests(device);
    Lengths(device);
    NamedObjects();
    return Finish(device);
}
