/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that no allocator of the application gave: the C library's own buffers, the environment. */
#include "public.h"

#include <time.h>

#include "frame/app_frame.h"

static HANDLE Device;

/* "Thu Jan  1 ..." in a static buffer of the C library. */
static char *LibraryText(void)
{
    struct tm when;

    memset(&when, 0, sizeof(when));
    when.tm_mday = 1;
    when.tm_year = 100;
    when.tm_wday = 6;
    return asctime(&when);
}

static void TurnRound(DWORD code, char *text, DWORD bytes)
{
    char *before = (char *)malloc(bytes);
    DWORD i;

    CHECK(before != NULL);
    if (before == NULL) {
        return;
    }
    memcpy(before, text, bytes);
    CHECK(Control(Device, code, before, bytes, text, bytes, NULL));
    for (i = 0; i < bytes; ++i) {
        const int letter = (before[i] >= 'A' && before[i] <= 'Z') || (before[i] >= 'a' && before[i] <= 'z');

        CHECK_EQUAL(text[i], letter ? before[i] ^ 0x20 : before[i]);
    }
    /* In and out the same buffer, too; it turns back. */
    CHECK(Control(Device, code, text, bytes, text, bytes, NULL));
    CHECK(memcmp(text, before, bytes) == 0);
    free(before);
}

static void Links(char *text)
{
    /* heap -> library -> stack */
    LINK *first = (LINK *)malloc(sizeof(LINK));
    LINK middle;
    LINK last;
    LINK result;

    CHECK(first != NULL);
    if (first == NULL) {
        return;
    }
    memset(&last, 0, sizeof(last));
    memset(&middle, 0, sizeof(middle));
    memset(first, 0, sizeof(*first));
    middle.Next = (unsigned long long)(size_t)&last;
    memcpy(text, &middle, sizeof(middle)); /* sixteen bytes of the library's 26 */
    first->Next = (unsigned long long)(size_t)text;
    CHECK(Control(Device, IOCTL_FOLLOW, first, sizeof(*first), NULL, 0, NULL));
    memcpy(&result, text, sizeof(result));
    CHECK_EQUAL(first->Value, 1);
    CHECK_EQUAL(result.Value, 2);
    CHECK_EQUAL(last.Value, 3);
    /* A chain that ends in nothing. */
    middle.Next = 0x10;
    memcpy(text, &middle, sizeof(middle));
    CHECK_EQUAL(ControlError(Device, IOCTL_FOLLOW, first, sizeof(*first), NULL, 0), ERROR_NOACCESS);
    free(first);
}

static struct {
    HANDLE Ready;
    HANDLE Answer;
    char *Text;
    char Seen;
} Conversation;

static DWORD WINAPI Answerer(void *context)
{
    (void)context;
    WaitForSingleObject(Conversation.Ready, INFINITE);
    Conversation.Seen = Conversation.Text[0];
    Conversation.Text[0] = 'a';
    SetEvent(Conversation.Answer);
    return 0;
}

static void AConversation(char *text)
{
    HANDLE thread;
    TALK talk;

    Conversation.Ready = CreateEventA(NULL, FALSE, FALSE, NULL);
    Conversation.Answer = CreateEventA(NULL, FALSE, FALSE, NULL);
    Conversation.Text = text;
    thread = CreateThread(NULL, 0, Answerer, NULL, 0, NULL);
    CHECK(thread != NULL);
    talk.Ready = (unsigned long long)(size_t)Conversation.Ready;
    talk.Answer = (unsigned long long)(size_t)Conversation.Answer;
    text[0] = 'x';
    CHECK(Control(Device, IOCTL_TALK, &talk, sizeof(talk), text, 8, NULL));
    CHECK_EQUAL(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    CHECK_EQUAL(Conversation.Seen, 'q');
    CHECK_EQUAL(text[0], 'a');
    CHECK_EQUAL(text[1], 'e');
    CloseHandle(thread);
    CloseHandle(Conversation.Answer);
    CloseHandle(Conversation.Ready);
}

/* What is not the application's, or not so. */
static void Refused(void)
{
    static const unsigned long long kBad[] = {0x10, 0x7ffffff00000ull, 0xffff800000000000ull, 0x8000000000001000ull,
                                              0xfffffffffffffff8ull};
    void *code = (void *)(size_t)&GetTickCount; /* readable, executable, not writable */
    size_t i;

    for (i = 0; i < sizeof(kBad) / sizeof(kBad[0]); ++i) {
        void *bad = (void *)(size_t)kBad[i];

        CHECK_EQUAL(ControlError(Device, IOCTL_PROBE_READ, NULL, 0, bad, 8), ERROR_NOACCESS);
        CHECK_EQUAL(ControlError(Device, IOCTL_PROBE_WRITE, NULL, 0, bad, 8), ERROR_NOACCESS);
    }
    /* Of the user's half only: with a system address the machine would stop, as it should. */
    CHECK_EQUAL(ControlError(Device, IOCTL_READ_RAW, NULL, 0, (void *)(size_t)0x10, 8), ERROR_NOACCESS);
    CHECK(Control(Device, IOCTL_PROBE_READ, NULL, 0, code, 1, NULL));
    CHECK_EQUAL(ControlError(Device, IOCTL_PROBE_WRITE, NULL, 0, code, 1), ERROR_NOACCESS);
    CHECK(Control(Device, IOCTL_PROBE_WRITE, NULL, 0, (void *)(size_t)0x10, 0, NULL)); /* length 0 is always good */
}

int main(void)
{
    char *text = LibraryText();
    char *environment = getenv("PATH");
    int i;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHECK(text != NULL && environment != NULL);
    if (text != NULL && environment != NULL) {
        TurnRound(IOCTL_SWAP_CASE, text, 24);
        TurnRound(IOCTL_SWAP_CASE_UNPROBED, text, 24);
        TurnRound(IOCTL_SWAP_CASE, environment, (DWORD)strlen(environment));
        TurnRound(IOCTL_SWAP_CASE_UNPROBED, environment, (DWORD)strlen(environment));
        for (i = 0; i < 50; ++i) {
            Links(text);
        }
        AConversation(text);
    }
    Refused();
    return Finish(Device);
}
