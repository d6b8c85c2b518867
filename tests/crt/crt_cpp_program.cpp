// SPDX-License-Identifier: Apache-2.0
// The run-time library and libstdc++ as a C++ program with 16-bit wchar_t meets them; PW_ORDER varies the includes.
#if PW_ORDER == 0
#include <pw_crt.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <iostream>
#include <string>
#elif PW_ORDER == 1
#include <string>
#include <iostream>
#include <cstdlib>
#include <cwchar>
#include <cstring>
#include <cstdio>
#include <pw_crt.h>
#else
#include <stdlib.h>
#include <cstdio>
#include <pw_crt.h>
#include <string>
#include <iostream>
#include <cwchar>
#endif
#include <algorithm>
#include <cstring>
#include <map>
#include <sstream>
#include <unordered_map>
#include <vector>

namespace {

int g_failures = 0;
#define EXPECT(condition) \
    ((condition) ? (void)0 : (void)(++g_failures, std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition)))

__attribute__((noinline)) std::wstring make(const wchar_t* text) {
    return std::wstring(text);
}

void wide_strings() {
    std::wstring s = make(L"hello");
    EXPECT(s.size() == 5);
    s += L", 16-bit world that does not fit the small buffer";
    s.append(3, L'!');
    EXPECT(s.size() == 57);
    EXPECT(s.find(L"world") == 14);
    EXPECT(s.rfind(L'!') == 56);
    EXPECT(s.find_first_of(L"xyz,") == 5);
    EXPECT(wcslen(s.c_str()) == s.size());
    EXPECT(s.c_str()[s.size()] == 0);
    EXPECT(s.compare(0, 5, L"hello") == 0 && s != L"hello" && s > L"hello");
    EXPECT(s.substr(7, 6) == L"16-bit");
    s.insert(0, L">> ");
    s.replace(0, 2, L"<<<<");
    s.erase(4, 1);
    EXPECT(s.substr(0, 9) == L"<<<<hello");
    std::wstring copy = s;
    std::wstring moved = std::move(copy);
    EXPECT(moved == s);
    EXPECT(make(L"a") + L"b" + make(L"c") == L"abc");
    std::vector<std::wstring> all{L"b", L"a", L"c"};
    std::sort(all.begin(), all.end());
    EXPECT(all[0] == L"a" && all[2] == L"c");
    std::map<std::wstring, int> by_name{{L"x", 1}, {L"y", 2}};
    EXPECT(by_name[L"y"] == 2);
    std::unordered_map<std::wstring, int> hashed{{L"x", 1}};
    EXPECT(hashed.at(make(L"x")) == 1);
    EXPECT(std::to_wstring(-17) == L"-17");
    EXPECT(std::to_wstring(123456789012345L) == L"123456789012345");
    EXPECT(std::stoi(make(L"42")) == 42);
    EXPECT(std::wstring_view(L"abc").size() == 3);
    EXPECT(std::char_traits<wchar_t>::length(L"four") == 4);
}

struct Logger {
    char text[64];
    int printf(const char* format, ...) {
        va_list arguments;
        va_start(arguments, format);
        const int n = std::vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        return n;
    }
};

void narrow() {
    char b[64];
    EXPECT(std::sprintf(b, "%ld", -1) == 2);
    EXPECT(::snprintf(b, sizeof b, "%I64d", 1L << 40) == 13);
    EXPECT(sprintf_s(b, "%d-%S", 7, L"x") == 3 && std::strcmp(b, "7-x") == 0);
    EXPECT(strcpy_s(b, "text") == 0);
    EXPECT(std::to_string(1L << 40) == "1099511627776" && std::to_string(1.5) == "1.500000");
    EXPECT(std::stol("77") == 77 && std::atoi("5") == 5 && std::strtoul("12", nullptr, 10) == 12);
    Logger logger;
    EXPECT(logger.printf("%lu", 0xFFFFFFFFu) == 10);
    std::ostringstream out;
    out << 12 << ' ' << 1.5;
    EXPECT(out.str() == "12 1.5");
    EXPECT(_countof(b) == 64);
    wchar_t w[16];
    EXPECT(swprintf_s(w, L"%d%s", 1, L"x") == 2 && wcscpy_s(w, L"fits") == 0);
}

}  // namespace

int main() {
    wide_strings();
    narrow();
    std::cout << "failures: " << g_failures << std::endl;
    return g_failures != 0;
}
