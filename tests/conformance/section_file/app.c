/* SPDX-License-Identifier: Apache-2.0 */
/* Sections over files: what may be mapped, what the file and its views show each other, and what a driver does with it. */
#include "public.h"

#include "frame/app_frame.h"

static char FileName[64];
static HANDLE Device;

static HANDLE OpenFileFor(DWORD access, DWORD disposition)
{
    HANDLE file = CreateFileA(FileName, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, disposition, FILE_ATTRIBUTE_NORMAL,
                              NULL);

    CHECK(file != INVALID_HANDLE_VALUE);
    return file;
}

static DWORD MappingError(HANDLE file, DWORD protection, DWORD bytes)
{
    HANDLE section;

    SetLastError(ERROR_SUCCESS);
    section = CreateFileMappingA(file, NULL, protection, 0, bytes, NULL);
    if (section != NULL) {
        CloseHandle(section);
        return ERROR_SUCCESS;
    }
    return GetLastError();
}

static void WrongFiles(HANDLE file)
{
    HANDLE readOnly = OpenFileFor(GENERIC_READ, OPEN_EXISTING);
    HANDLE writeOnly = OpenFileFor(GENERIC_WRITE, OPEN_EXISTING);
    HANDLE nul = CreateFileA("NUL", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    CHECK_EQUAL(MappingError(file, PAGE_READWRITE, 0), ERROR_FILE_INVALID); /* it is empty */
    CHECK_EQUAL(MappingError(file, PAGE_READONLY, 4096), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_EQUAL(MappingError(readOnly, PAGE_READWRITE, 4096), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(MappingError(writeOnly, PAGE_READWRITE, 4096), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(MappingError(file, PAGE_NOACCESS, 4096), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(MappingError(file, PAGE_READWRITE | SEC_IMAGE, 0), ERROR_BAD_EXE_FORMAT);
    CHECK_EQUAL(MappingError(event, PAGE_READWRITE, 4096), ERROR_INVALID_HANDLE);
    CHECK(nul != INVALID_HANDLE_VALUE);
    CHECK(MappingError(nul, PAGE_READWRITE, 4096) != ERROR_SUCCESS);
    CHECK(Control(Device, IOCTL_WRONG_FILES, &event, sizeof(event), NULL, 0, NULL));
    CHECK(CloseHandle(event));
    CHECK(CloseHandle(nul));
    CHECK(CloseHandle(writeOnly));
    CHECK(CloseHandle(readOnly));
}

static void DriversOwnFile(void)
{
    char name[64];
    char full[MAX_PATH];
    WCHAR native[MAX_PATH + 8] = {'\\', '?', '?', '\\'};
    unsigned char *bytes;
    HANDLE file;
    HANDLE section;
    size_t i;

    snprintf(name, sizeof(name), "pw_section_own_%u.tmp", (unsigned)GetCurrentProcessId());
    DeleteFileA(name);
    CHECK(GetFullPathNameA(name, sizeof(full), full, NULL) != 0);
    for (i = 0; full[i] != 0; ++i) {
        native[4 + i] = (WCHAR)full[i];
    }
    CHECK(Control(Device, IOCTL_OWN_FILE, native, (DWORD)((4 + i + 1) * sizeof(WCHAR)), NULL, 0, NULL));
    CHECK_EQUAL(ControlError(Device, IOCTL_OWN_FILE, native, (DWORD)((4 + i + 1) * sizeof(WCHAR)), NULL, 0),
                ERROR_ALREADY_EXISTS);
    file = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK_EQUAL(GetFileSize(file, NULL), DRIVER_BYTES);
    section = CreateFileMappingA(file, NULL, PAGE_READONLY, 0, 0, NULL);
    CHECK(section != NULL);
    CHECK(CloseHandle(file)); /* the section keeps the file */
    bytes = (unsigned char *)MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    CHECK(bytes != NULL);
    if (bytes != NULL) {
        CHECK_EQUAL(FirstOther(bytes, 0, DRIVER_BYTES, DRIVER_FILL), DRIVER_BYTES);
        CHECK(UnmapViewOfFile(bytes));
    }
    CHECK(CloseHandle(section));
    CHECK(DeleteFileA(name));
}

/* Copy-on-write, read-only and offset views beside one that writes. */
static void OtherViews(HANDLE section, unsigned char *one)
{
    unsigned char *copy = (unsigned char *)MapViewOfFile(section, FILE_MAP_COPY, 0, 0, 0);
    unsigned char *tail = (unsigned char *)MapViewOfFile(section, FILE_MAP_READ, 0, 65536, 0);
    MEMORY_BASIC_INFORMATION region;
    DWORD old = 0;

    CHECK(copy != NULL && tail != NULL);
    if (copy == NULL || tail == NULL) {
        return;
    }
    CHECK_EQUAL(tail[0], one[65536]);
    CHECK_EQUAL(VirtualQuery(tail, &region, sizeof(region)), sizeof(region));
    CHECK(region.AllocationBase == (PVOID)tail && region.BaseAddress == (PVOID)tail);
    CHECK_EQUAL(region.State, MEM_COMMIT);
    CHECK_EQUAL(region.Type, MEM_MAPPED);
    CHECK_EQUAL(region.Protect, PAGE_READONLY);
    CHECK_EQUAL(region.AllocationProtect, PAGE_READONLY);
    CHECK_EQUAL(region.RegionSize, 36864); /* 100000 - 65536, in pages */
    CHECK(!VirtualProtect(tail, 4096, PAGE_READWRITE, &old)); /* not what it was mapped for */
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);

    CHECK_EQUAL(VirtualQuery(copy, &region, sizeof(region)), sizeof(region));
    CHECK_EQUAL(region.AllocationProtect, PAGE_WRITECOPY);
    copy[10] = (unsigned char)~one[10];
    CHECK(copy[10] != one[10]);
    one[11] ^= 0xff;
    CHECK_EQUAL(copy[20], one[20]);
    one[11] ^= 0xff;
    CHECK(FlushViewOfFile(copy, 0));
    CHECK(UnmapViewOfFile(copy));
    CHECK(UnmapViewOfFile(tail));
    CHECK(!FlushViewOfFile(tail, 0));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_ADDRESS);
}

int main(void)
{
    unsigned char *one;
    unsigned char *two;
    unsigned char block[64];
    VIEW_ADDRESS address;
    HANDLE file;
    HANDLE section;
    HANDLE again;
    DWORD done = 0;
    unsigned int wrong = 0;
    unsigned int i;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    snprintf(FileName, sizeof(FileName), "pw_section_file_%u.tmp", (unsigned)GetCurrentProcessId());
    file = OpenFileFor(GENERIC_READ | GENERIC_WRITE, CREATE_ALWAYS);
    WrongFiles(file);

    SetLastError(ERROR_SUCCESS);
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, FILE_BYTES, SECTION_NAME_WIN32);
    CHECK(section != NULL);
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    CHECK_EQUAL(GetFileSize(file, NULL), FILE_BYTES); /* the mapping made it that long */
    again = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, SECTION_NAME_WIN32);
    CHECK(again != NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    one = (unsigned char *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    two = (unsigned char *)MapViewOfFile(again, FILE_MAP_WRITE, 0, 0, FILE_BYTES);
    CHECK(one != NULL && two != NULL && one != two);
    if (one == NULL || two == NULL) {
        return Finish(Device);
    }
    for (i = 0; i < FILE_BYTES; ++i) {
        one[i] = PATTERN(i);
    }
    CHECK(memcmp(one, two, FILE_BYTES) == 0);
    OtherViews(section, one);

    /* The file and its views are one. */
    CHECK(SetFilePointer(file, 70000, NULL, FILE_BEGIN) == 70000);
    CHECK(ReadFile(file, block, sizeof(block), &done, NULL) && done == sizeof(block));
    CHECK(memcmp(block, one + 70000, sizeof(block)) == 0);
    CHECK(FlushViewOfFile(one, FILE_BYTES));

    CHECK(Control(Device, IOCTL_COMPLEMENT, NULL, 0, NULL, 0, NULL));
    for (i = 0; i < FILE_BYTES; ++i) {
        wrong += two[i] != (unsigned char)~PATTERN(i);
    }
    CHECK_EQUAL(wrong, 0);
    address.Address = (unsigned long long)(size_t)(two + 65536);
    address.Length = 4096;
    address.Reserved = 0;
    CHECK(Control(Device, IOCTL_DPC_WRITES, &address, sizeof(address), NULL, 0, NULL));
    CHECK_EQUAL(one[65536], DPC_BYTE);

    /* The name goes with the last handle; the views, and what they show, stay. */
    CHECK(CloseHandle(again));
    CHECK(CloseHandle(section));
    CHECK_EQUAL(ControlError(Device, IOCTL_COMPLEMENT, NULL, 0, NULL, 0), ERROR_FILE_NOT_FOUND);
    CHECK(UnmapViewOfFile(two));
    one[0] = 0x77;
    CHECK(SetFilePointer(file, 0, NULL, FILE_BEGIN) == 0);
    CHECK(ReadFile(file, block, 1, &done, NULL) && done == 1);
    CHECK_EQUAL(block[0], 0x77);
    CHECK(UnmapViewOfFile(one));
    CHECK(CloseHandle(file));
    DriversOwnFile();
    CHECK(DeleteFileA(FileName));
    return Finish(Device);
}
