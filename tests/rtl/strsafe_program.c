// SPDX-License-Identifier: Apache-2.0
// Safe strings as a driver's C source uses them; the exit code is the number of the first check that failed.
#include <ntddk.h>
#include <ntstrsafe.h>

static int Failed;
static int Number;
#define CHECK(e) (++Number, (!(e) && Failed == 0) ? (void)(Failed = Number) : (void)0)

int main(void) {
  CHAR Narrow[6];
  WCHAR Wide[6];
  size_t Length;
  PSTR End;
  CHECK(RtlStringCchCopyA(Narrow, 6, "abcde") == STATUS_SUCCESS);
  CHECK(RtlStringCchCopyA(Narrow, 6, "abcdef") == STATUS_BUFFER_OVERFLOW && strcmp(Narrow, "abcde") == 0);
  CHECK(RtlStringCchCopyA(Narrow, 0, "a") == STATUS_INVALID_PARAMETER);
  CHECK(RtlStringCbCopyW(Wide, sizeof(Wide), L"abc") == STATUS_SUCCESS);
  CHECK(RtlStringCbCatW(Wide, sizeof(Wide), L"defg") == STATUS_BUFFER_OVERFLOW && wcscmp(Wide, L"abcde") == 0);
  CHECK(RtlStringCbPrintfW(Wide, sizeof(Wide), L"%d", -1234) == STATUS_SUCCESS && wcscmp(Wide, L"-1234") == 0);
  CHECK(RtlStringCbPrintfW(Wide, sizeof(Wide), L"%d", -12345) == STATUS_BUFFER_OVERFLOW && wcscmp(Wide, L"-1234") == 0);
  CHECK(RtlStringCchPrintfA(Narrow, 6, "%ld", -12l) == STATUS_SUCCESS && strcmp(Narrow, "-12") == 0);
  CHECK(RtlStringCchLengthW(L"abc", 10, &Length) == STATUS_SUCCESS && Length == 3);
  CHECK(RtlStringCbLengthW(L"abc", 8, &Length) == STATUS_SUCCESS && Length == 6);
  CHECK(RtlStringCchLengthA("abc", 3, &Length) == STATUS_INVALID_PARAMETER && Length == 0);
  CHECK(RtlStringCbCopyExA(Narrow, 6, "ab", &End, &Length, 0) == STATUS_SUCCESS && End == Narrow + 2 && Length == 4);
  CHECK(RtlStringCbCopyExA(Narrow, 6, "abcdefg", NULL, NULL, STRSAFE_NO_TRUNCATION) == STATUS_BUFFER_OVERFLOW &&
        Narrow[0] == 0);
  CHECK(RtlStringCbCopyExA(Narrow, 6, "ab", NULL, NULL, STRSAFE_FILL_BYTE('x')) == STATUS_SUCCESS && Narrow[5] == 'x');
  {
    WCHAR Buffer[4];
    UNICODE_STRING String = {0, sizeof(Buffer), Buffer};
    CHECK(RtlUnicodeStringPrintf(&String, L"%ws", L"abcd") == STATUS_SUCCESS && String.Length == 8);
    CHECK(RtlUnicodeStringPrintf(&String, L"%ws", L"abcde") == STATUS_BUFFER_OVERFLOW && String.Length == 8);
  }
  return Failed;
}
