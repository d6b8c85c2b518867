// SPDX-License-Identifier: Apache-2.0
// The run-time library as a C program with 16-bit wchar_t meets it.
#ifdef PW_CRT_FIRST
#include <pw_crt.h>
#include <conio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#else
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <conio.h>
#include <pw_crt.h>
#endif

#include <errno.h>

static int g_failures;
#define EXPECT(condition) \
    ((condition) ? (void)0 : (void)(++g_failures, printf("%s:%d: %s\n", __FILE__, __LINE__, #condition)))

struct counted {
    unsigned short length, maximum;
    const void* buffer;
};

static void formats(void) {
    char b[128];
    wchar_t w[128];
    struct counted wide = {6, 8, L"abcd"};
    struct counted narrow = {2, 4, "xyz"};
    EXPECT(sprintf(b, "%ld|%lu|%lx", -1, 0xFFFFFFFFu, 0x12345678) == 22 && strcmp(b, "-1|4294967295|12345678") == 0);
    EXPECT(snprintf(b, sizeof b, "%I64d %I64x %Iu %I32d", -5L, 0xABCDEF0123456789ul, sizeof b, -7) > 0);
    EXPECT(strcmp(b, "-5 abcdef0123456789 128 -7") == 0);
    EXPECT(sprintf(b, "%p", (void*)0xABCD) == 16 && strcmp(b, "000000000000ABCD") == 0);
    EXPECT(sprintf(b, "%ws %S %ls %hs", L"one", L"two", L"three", "four") == 18);
    EXPECT(strcmp(b, "one two three four") == 0);
    EXPECT(sprintf(b, "%wZ/%Z", (void*)&wide, (void*)&narrow) == 6 && strcmp(b, "abc/xy") == 0);
    EXPECT(swprintf(w, 128, L"%s %S %hs %d", L"one", "two", "three", 4) == 15 && wcscmp(w, L"one two three 4") == 0);
    EXPECT(_snprintf(b, 3, "abc") == 3 && _snprintf(b, 3, "abcd") == -1);
    EXPECT(sprintf_s(b, 4, "%d", 12345) == -1 && b[0] == 0 && errno == ERANGE);
    EXPECT(sprintf(b, "%.3f %5.1e %g", 1.5, 12345.678, 0.25) == 18 && strcmp(b, "1.500 1.2e+04 0.25") == 0);
    EXPECT(_snwprintf(w, 128, L"%c%C", L'x', 'y') == 2 && wcscmp(w, L"xy") == 0);
}

static void strings(void) {
    wchar_t w[32];
    int a = 0, c = 0;
    unsigned u = 0;
    long long big = 0;
    char text[8];
    EXPECT(sizeof(wchar_t) == 2);
    EXPECT(wcslen(L"abc") == 3);
    EXPECT(wcscmp(wcscat(wcscpy(w, L"ab"), L"cd"), L"abcd") == 0);
    EXPECT(wcschr(L"abc", L'c') != NULL && wcsrchr(L"abcabc", L'b')[1] == L'c' && wcsstr(L"hello", L"ll")[2] == L'o');
    EXPECT(_wcsicmp(L"Hello", L"hELLO") == 0 && _stricmp("Hello", "hELLO") == 0);
    EXPECT(_wtoi(L" 42x") == 42 && wcstoul(L"0xFFFFFFFFFF", NULL, 16) == 0xFFFFFFFFul);
    EXPECT(sscanf("12 ff 9876543210 word", "%d %x %I64d %7s", &a, &u, &big, text) == 4);
    EXPECT(a == 12 && u == 255 && big == 9876543210LL && strcmp(text, "word") == 0);
    EXPECT(sscanf_s("5 toolongword", "%d %s", &c, text, (unsigned)sizeof text) == 1 && c == 5 && text[0] == 0);
    EXPECT(strcpy_s(text, sizeof text, "1234567") == 0 && strcpy_s(text, sizeof text, "12345678") == ERANGE && text[0] == 0);
    EXPECT(mbstowcs(w, "a\xC3\xA4", 32) == 2 && w[1] == 0xE4);
    EXPECT(_countof(w) == 32 && _rotl(0x80000001u, 1) == 3);
}

static void addresses(void) {
    int (*print)(char*, const char*, ...) = sprintf;
    size_t (*length)(const wchar_t*) = wcslen;
    char b[32];
    EXPECT(print(b, "%ld", -1) == 2 && strcmp(b, "-1") == 0);
    EXPECT(length(L"1234") == 4);
}

int main(void) {
    formats();
    strings();
    addresses();
    fwprintf(stdout, L"%s: %d failures\n", L"crt", g_failures);
    return g_failures != 0;
}
