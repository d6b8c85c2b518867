/* SPDX-License-Identifier: Apache-2.0 */
/* ReadFile and WriteFile on a buffered and on a direct device: the application cannot tell them apart. */
#include "public.h"

#include "frame/app_frame.h"

static void WriteAndRead(HANDLE device, DWORD length, size_t offset)
{
    unsigned char *out = (unsigned char *)malloc(length + 64);
    unsigned char *in = (unsigned char *)malloc(length + 164);
    DWORD done = 0;
    DWORD i;

    CHECK(out != NULL && in != NULL);
    if (out == NULL || in == NULL) {
        return;
    }
    for (i = 0; i < length; ++i) {
        out[offset + i] = (unsigned char)(i * 13 + length);
    }
    CHECK(WriteFile(device, out + offset, length, &done, NULL));
    CHECK_EQUAL(done, length);
    memset(in, 0xcc, length + 164);
    /* Asking for more than there is gives what there is. */
    CHECK(ReadFile(device, in + offset, length + 100, &done, NULL));
    CHECK_EQUAL(done, length);
    CHECK(memcmp(in + offset, out + offset, length) == 0);
    CHECK_EQUAL(FirstOther(in, 0, offset, 0xcc), offset);
    CHECK_EQUAL(FirstOther(in, offset + length, length + 164, 0xcc), length + 164);
    /* Asking for less gives that. */
    memset(in, 0xcc, length + 164);
    CHECK(ReadFile(device, in, length / 2, &done, NULL));
    CHECK_EQUAL(done, length / 2);
    CHECK(memcmp(in, out + offset, length / 2) == 0);
    CHECK_EQUAL(FirstOther(in, length / 2, length + 164, 0xcc), length + 164);
    free(out);
    free(in);
}

static void Device(const char *name)
{
    static const DWORD kLengths[] = {1, 2, 100, 4096, 4097, 65536, STORE_BYTES};
    static const char constant[] = "constant memory can be written to a device";
    HANDLE device = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE readOnly = CreateFileA(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE writeOnly = CreateFileA(name, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    char buffer[100];
    void *large = malloc(STORE_BYTES + 1);
    DWORD done = 1;
    size_t i;

    CHECK(device != INVALID_HANDLE_VALUE && readOnly != INVALID_HANDLE_VALUE && writeOnly != INVALID_HANDLE_VALUE);
    CHECK(large != NULL);

    /* Nothing there: end of file is success with 0 bytes for a synchronous read. */
    CHECK(ReadFile(device, buffer, sizeof(buffer), &done, NULL));
    CHECK_EQUAL(done, 0);

    for (i = 0; i < sizeof(kLengths) / sizeof(kLengths[0]); ++i) {
        WriteAndRead(device, kLengths[i], 0);
        WriteAndRead(device, kLengths[i], 5);
    }
    CHECK(WriteFile(device, constant, sizeof(constant), &done, NULL));
    CHECK_EQUAL(done, sizeof(constant));
    CHECK(ReadFile(readOnly, buffer, sizeof(buffer), &done, NULL));
    CHECK_EQUAL(done, sizeof(constant));
    CHECK(memcmp(buffer, constant, sizeof(constant)) == 0);

    /* Zero bytes reach the driver, which forgets what it had. */
    CHECK(ReadFile(device, NULL, 0, &done, NULL));
    CHECK_EQUAL(done, 0);
    CHECK(WriteFile(device, NULL, 0, &done, NULL));
    CHECK_EQUAL(done, 0);
    CHECK(ReadFile(device, buffer, sizeof(buffer), &done, NULL));
    CHECK_EQUAL(done, 0);

    /* Too much for the driver; not allowed by the handle; not there. */
    memset(large, 1, STORE_BYTES + 1);
    SetLastError(ERROR_SUCCESS);
    CHECK(!WriteFile(device, large, STORE_BYTES + 1, &done, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_USER_BUFFER);
    CHECK(!WriteFile(readOnly, buffer, 1, &done, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(!ReadFile(writeOnly, buffer, 1, &done, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(!ReadFile(device, NULL, 10, &done, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CHECK(!ReadFile(device, (void *)constant, 10, &done, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    free(large);
    CHECK(CloseHandle(device));
    CHECK(CloseHandle(readOnly));
    CHECK(CloseHandle(writeOnly));
}

int main(void)
{
    HANDLE controls = OpenTestDevice(GENERIC_READ, 0);

    Device("\\\\.\\" BUFFERED_NAME);
    Device("\\\\.\\" DIRECT_NAME);
    return Finish(controls);
}
