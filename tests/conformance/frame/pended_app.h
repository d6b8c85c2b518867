/* SPDX-License-Identifier: Apache-2.0 */
/* pended_app.h - what both pended applications do while their request is pending. */
#ifndef CONFORMANCE_PENDED_APP_H
#define CONFORMANCE_PENDED_APP_H

#define PENDED_BYTES 10000

/* Waits for a word that the driver's DPC writes. Long enough for any machine; the test fails if it never comes. */
static BOOL WaitForWord(const volatile unsigned int *word, unsigned int value)
{
    int i;

    for (i = 0; *word != value && i < 10000; ++i) {
        Sleep(1);
    }
    return *word == value;
}

/* Questions and answers through the shared page; then the driver is asked to stop. */
static void TalkThroughThePage(PENDED_AREA *area, unsigned int stop)
{
    static const unsigned int kQuestions[] = {1, 0xffffffffU, 0x12345678U};
    unsigned int i;

    for (i = 0; i < 3; ++i) {
        area->Question = kQuestions[i];
        CHECK(WaitForWord(&area->Answer, kQuestions[i] ^ PENDED_KEY));
    }
    CHECK(area->Ticks >= 2);
    area->Stop = stop;
}

#endif
