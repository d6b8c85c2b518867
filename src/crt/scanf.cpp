// SPDX-License-Identifier: Apache-2.0
// The scanf functions: the scanner on a string or on a stream.
#include <cstdarg>
#include <cstdio>
#include <cwchar>
#include <type_traits>

#include "crt/crt_api.h"
#include "crt/scan.h"

namespace pw::crt {
namespace {

template <typename Char>
class TextSource final : public ScanSource<Char> {
public:
    explicit TextSource(const Char* text) : text_(text) {}
    std::int32_t peek() override {
        if (*text_ == 0) return ScanSource<Char>::k_end;
        return static_cast<std::int32_t>(static_cast<Unsigned>(*text_));
    }

protected:
    void step() override { ++text_; }

private:
    using Unsigned = std::conditional_t<std::is_same_v<Char, char>, unsigned char, char16_t>;
    const Char* text_;
};

// Keeps its look-ahead in the stream, so that a later reader finds it there.
template <typename Char>
class StreamSource final : public ScanSource<Char> {
public:
    explicit StreamSource(std::FILE* stream) : stream_(stream) {}
    std::int32_t peek() override {
        if constexpr (std::is_same_v<Char, char>) {
            const int c = std::fgetc(stream_);
            if (c != EOF) std::ungetc(c, stream_);
            return c == EOF ? ScanSource<Char>::k_end : c;
        } else {
            const wint_t c = pw_fgetwc(stream_);
            if (c != static_cast<wint_t>(-1)) pw_ungetwc(c, stream_);
            return static_cast<std::int32_t>(c);
        }
    }

protected:
    void step() override {
        if constexpr (std::is_same_v<Char, char>) {
            std::fgetc(stream_);
        } else {
            pw_fgetwc(stream_);
        }
    }

private:
    std::FILE* stream_;
};

template <typename Char>
int scan_text(const Char* text, const Char* format, ScanSizes sizes, std::va_list arguments) {
    TextSource<Char> source(text);
    return scan(source, format, sizes, arguments);
}

template <typename Char>
int scan_stream(std::FILE* stream, const Char* format, ScanSizes sizes, std::va_list arguments) {
    StreamSource<Char> source(stream);
    return scan(source, format, sizes, arguments);
}

constexpr ScanSizes k_plain = ScanSizes::Absent;
constexpr ScanSizes k_secure = ScanSizes::Present;

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

extern "C" {

int pw_vsscanf(const char* t, const char* f, va_list a) { return scan_text(t, f, k_plain, a); }
int pw_vsscanf_s(const char* t, const char* f, va_list a) { return scan_text(t, f, k_secure, a); }
int pw_vswscanf(const char16_t* t, const char16_t* f, va_list a) { return scan_text(t, f, k_plain, a); }
int pw_vswscanf_s(const char16_t* t, const char16_t* f, va_list a) { return scan_text(t, f, k_secure, a); }
int pw_vfscanf(FILE* s, const char* f, va_list a) { return scan_stream(s, f, k_plain, a); }
int pw_vscanf(const char* f, va_list a) { return scan_stream(stdin, f, k_plain, a); }
int pw_vfwscanf(FILE* s, const char16_t* f, va_list a) { return scan_stream(s, f, k_plain, a); }
int pw_vwscanf(const char16_t* f, va_list a) { return scan_stream(stdin, f, k_plain, a); }

#define PW_FORWARD(call)          \
    va_list arguments;            \
    va_start(arguments, format);  \
    const int result = call;      \
    va_end(arguments);            \
    return result;

int pw_sscanf(const char* t, const char* format, ...) { PW_FORWARD(scan_text(t, format, k_plain, arguments)) }
int pw_sscanf_s(const char* t, const char* format, ...) { PW_FORWARD(scan_text(t, format, k_secure, arguments)) }
int pw_swscanf(const char16_t* t, const char16_t* format, ...) { PW_FORWARD(scan_text(t, format, k_plain, arguments)) }
int pw_swscanf_s(const char16_t* t, const char16_t* format, ...) {
    PW_FORWARD(scan_text(t, format, k_secure, arguments))
}
int pw_fscanf(FILE* s, const char* format, ...) { PW_FORWARD(scan_stream(s, format, k_plain, arguments)) }
int pw_fscanf_s(FILE* s, const char* format, ...) { PW_FORWARD(scan_stream(s, format, k_secure, arguments)) }
int pw_scanf(const char* format, ...) { PW_FORWARD(scan_stream(stdin, format, k_plain, arguments)) }
int pw_scanf_s(const char* format, ...) { PW_FORWARD(scan_stream(stdin, format, k_secure, arguments)) }
int pw_fwscanf(FILE* s, const char16_t* format, ...) { PW_FORWARD(scan_stream(s, format, k_plain, arguments)) }
int pw_wscanf(const char16_t* format, ...) { PW_FORWARD(scan_stream(stdin, format, k_plain, arguments)) }
int pw_wscanf_s(const char16_t* format, ...) { PW_FORWARD(scan_stream(stdin, format, k_secure, arguments)) }

}  // extern "C"
