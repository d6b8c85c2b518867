/* SPDX-License-Identifier: Apache-2.0 */
/* METHOD_BUFFERED: exactly Information bytes come back, and only for success and warnings. */
#include "public.h"

#include "frame/app_frame.h"

#define BUFFER_BYTES 64
#define OLD 0xcc
#define NEW 0x11

/* Runs one script on a fresh buffer and gives the error (or ERROR_SUCCESS). */
static DWORD RunScript(HANDLE device, unsigned int status, unsigned int information, unsigned char *buffer,
                       DWORD *returned)
{
    SCRIPT script;

    script.Status = status;
    script.Information = information;
    script.Fill = NEW;
    memset(buffer, OLD, BUFFER_BYTES + 16);
    SetLastError(ERROR_SUCCESS);
    *returned = 0;
    return Control(device, IOCTL_SCRIPT, &script, sizeof(script), buffer, BUFFER_BYTES, returned) ? ERROR_SUCCESS
                                                                                                  : GetLastError();
}

static void ExactlyInformationBytes(HANDLE device)
{
    static const unsigned int kInformation[] = {0, 1, 7, 8, 63, 64};
    unsigned char buffer[BUFFER_BYTES + 16];
    DWORD returned;
    size_t i;

    for (i = 0; i < sizeof(kInformation) / sizeof(kInformation[0]); ++i) {
        CHECK_EQUAL(RunScript(device, 0, kInformation[i], buffer, &returned), ERROR_SUCCESS);
        CHECK_EQUAL(returned, kInformation[i]);
        CHECK_EQUAL(FirstOther(buffer, 0, kInformation[i], NEW), kInformation[i]);
        CHECK_EQUAL(FirstOther(buffer, kInformation[i], sizeof(buffer), OLD), sizeof(buffer));
    }
}

static void WarningsCopyAndFail(HANDLE device)
{
    unsigned char buffer[BUFFER_BYTES + 16];
    DWORD returned;

    /* STATUS_BUFFER_OVERFLOW is a warning: the data come, and the caller hears that there is more. */
    CHECK_EQUAL(RunScript(device, 0x80000005U, 10, buffer, &returned), ERROR_MORE_DATA);
    CHECK_EQUAL(returned, 10);
    CHECK_EQUAL(FirstOther(buffer, 0, 10, NEW), 10);
    CHECK_EQUAL(FirstOther(buffer, 10, sizeof(buffer), OLD), sizeof(buffer));

    /* STATUS_NO_MORE_ENTRIES is one, too. */
    CHECK_EQUAL(RunScript(device, 0x8000001aU, 5, buffer, &returned), ERROR_NO_MORE_ITEMS);
    CHECK_EQUAL(FirstOther(buffer, 0, 5, NEW), 5);
    CHECK_EQUAL(FirstOther(buffer, 5, sizeof(buffer), OLD), sizeof(buffer));
}

static void ErrorsCopyNothing(HANDLE device)
{
    static const struct {
        unsigned int status;
        DWORD error;
    } kErrors[] = {
        {0xc0000001U, ERROR_GEN_FAILURE},         /* STATUS_UNSUCCESSFUL */
        {0xc0000002U, ERROR_INVALID_FUNCTION},    /* STATUS_NOT_IMPLEMENTED */
        {0xc0000005U, ERROR_NOACCESS},            /* STATUS_ACCESS_VIOLATION */
        {0xc0000008U, ERROR_INVALID_HANDLE},      /* STATUS_INVALID_HANDLE */
        {0xc000000dU, ERROR_INVALID_PARAMETER},   /* STATUS_INVALID_PARAMETER */
        {0xc0000010U, ERROR_INVALID_FUNCTION},    /* STATUS_INVALID_DEVICE_REQUEST */
        {0xc0000017U, ERROR_NOT_ENOUGH_MEMORY},   /* STATUS_NO_MEMORY */
        {0xc0000022U, ERROR_ACCESS_DENIED},       /* STATUS_ACCESS_DENIED */
        {0xc0000023U, ERROR_INSUFFICIENT_BUFFER}, /* STATUS_BUFFER_TOO_SMALL */
        {0xc0000034U, ERROR_FILE_NOT_FOUND},      /* STATUS_OBJECT_NAME_NOT_FOUND */
        {0xc000009aU, ERROR_NO_SYSTEM_RESOURCES}, /* STATUS_INSUFFICIENT_RESOURCES */
        {0xc00000bbU, ERROR_NOT_SUPPORTED},       /* STATUS_NOT_SUPPORTED */
        {0xc0000120U, ERROR_OPERATION_ABORTED},   /* STATUS_CANCELLED */
        {0xc0000206U, ERROR_INVALID_USER_BUFFER}, /* STATUS_INVALID_BUFFER_SIZE */
    };
    unsigned char buffer[BUFFER_BYTES + 16];
    DWORD returned;
    size_t i;

    for (i = 0; i < sizeof(kErrors) / sizeof(kErrors[0]); ++i) {
        CHECK_EQUAL(RunScript(device, kErrors[i].status, BUFFER_BYTES, buffer, &returned), kErrors[i].error);
        CHECK_EQUAL(FirstOther(buffer, 0, sizeof(buffer), OLD), sizeof(buffer));
    }
}

static void OddSuccessesCopy(HANDLE device)
{
    unsigned char buffer[BUFFER_BYTES + 16];
    DWORD returned;

    /* Success and information statuses other than zero are successes for the caller. */
    CHECK_EQUAL(RunScript(device, 0x00000102U, 4, buffer, &returned), ERROR_SUCCESS); /* STATUS_TIMEOUT */
    CHECK_EQUAL(FirstOther(buffer, 0, 4, NEW), 4);
    CHECK_EQUAL(RunScript(device, 0x40000000U, 4, buffer, &returned), ERROR_SUCCESS); /* STATUS_OBJECT_NAME_EXISTS */
    CHECK_EQUAL(FirstOther(buffer, 0, 4, NEW), 4);
    CHECK_EQUAL(FirstOther(buffer, 4, sizeof(buffer), OLD), sizeof(buffer));
}

static void Look(HANDLE device, DWORD in, DWORD out, STATE *state)
{
    unsigned char input[32];
    unsigned char output[32];
    DWORD returned = 1;

    memset(input, 1, sizeof(input));
    CHECK(Control(device, IOCTL_LOOK, in ? input : NULL, in, out ? output : NULL, out, &returned));
    CHECK_EQUAL(returned, 0);
    memset(state, 0xee, sizeof(*state));
    CHECK(Control(device, IOCTL_STATE, NULL, 0, state, sizeof(*state), &returned));
    CHECK_EQUAL(returned, sizeof(*state));
    CHECK_EQUAL(state->InputLength, in);
    CHECK_EQUAL(state->OutputLength, out);
    CHECK_EQUAL(state->MdlIsNull, 1);
    CHECK_EQUAL(state->BufferIsUserBuffer, 0);
}

static void ZeroLengths(HANDLE device)
{
    STATE state;

    Look(device, 0, 0, &state);
    CHECK_EQUAL(state.SystemBufferIsNull, 1);
    Look(device, 8, 0, &state);
    CHECK_EQUAL(state.SystemBufferIsNull, 0);
    Look(device, 0, 8, &state);
    CHECK_EQUAL(state.SystemBufferIsNull, 0);
    Look(device, 32, 8, &state);
    CHECK_EQUAL(state.SystemBufferIsNull, 0);
}

/* One complement of `in` bytes into `out` bytes, with guards on both sides of both buffers. */
static void Complement(HANDLE device, DWORD in, DWORD out, BOOL sameBuffer)
{
    const DWORD guard = 32;
    DWORD both = in > out ? in : out;
    DWORD least = in < out ? in : out;
    unsigned char *input = (unsigned char *)malloc(both + 2 * guard);
    unsigned char *output = sameBuffer ? input : (unsigned char *)malloc(both + 2 * guard);
    DWORD returned = 0;
    DWORD i;
    DWORD wrong = 0;

    CHECK(input != NULL && output != NULL);
    if (input == NULL || output == NULL) {
        return;
    }
    memset(output, OLD, both + 2 * guard);
    memset(input, OLD, both + 2 * guard);
    for (i = 0; i < in; ++i) {
        input[guard + i] = (unsigned char)(i * 31 + i / 256);
    }
    CHECK(Control(device, IOCTL_COMPLEMENT, input + guard, in, output + guard, out, &returned));
    CHECK_EQUAL(returned, least);
    for (i = 0; i < least; ++i) {
        wrong += output[guard + i] != (unsigned char)~(unsigned char)(i * 31 + i / 256);
    }
    CHECK_EQUAL(wrong, 0);
    CHECK_EQUAL(FirstOther(output, 0, guard, OLD), guard);
    CHECK_EQUAL(FirstOther(output, guard + both, both + 2 * guard, OLD), both + 2 * guard);
    if (!sameBuffer) {
        /* What is beyond Information keeps its old bytes, and the input is never written. */
        CHECK_EQUAL(FirstOther(output, guard + least, guard + out, OLD), guard + out);
        for (i = 0, wrong = 0; i < in; ++i) {
            wrong += input[guard + i] != (unsigned char)(i * 31 + i / 256);
        }
        CHECK_EQUAL(wrong, 0);
        free(output);
    }
    free(input);
}

static void Sizes(HANDLE device)
{
    static const DWORD kSizes[] = {1, 2, 3, 7, 8, 64, 100, 4095, 4096, 4097, 8192, 65535, 65536, 65537, 1 << 20};
    size_t i;

    for (i = 0; i < sizeof(kSizes) / sizeof(kSizes[0]); ++i) {
        Complement(device, kSizes[i], kSizes[i], FALSE);
        Complement(device, kSizes[i], kSizes[i], TRUE);
        Complement(device, kSizes[i], kSizes[i] + 100, FALSE);
        Complement(device, kSizes[i] + 100, kSizes[i], FALSE);
    }
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    ExactlyInformationBytes(device);
    WarningsCopyAndFail(device);
    ErrorsCopyNothing(device);
    OddSuccessesCopy(device);
    ZeroLengths(device);
    Sizes(device);
    return Finish(device);
}
