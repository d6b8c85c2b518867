// SPDX-License-Identifier: Apache-2.0
// Wide characters on byte streams, as UTF-8; a character outside the basic plane is two units.
#include <cerrno>
#include <cstdio>
#include <cwchar>
#include <cstring>
#include <string>

#include "crt/crt_api.h"
#include "crt/stream_sink.h"

namespace pw::crt {
namespace {

constexpr wint_t k_wide_eof = static_cast<wint_t>(-1);

// Units that a stream owes its reader: the second half of a pair, or what ungetwc pushed back.
struct PendingUnit {
    std::FILE* stream = nullptr;
    char16_t unit = 0;
};
thread_local PendingUnit t_pending;

wint_t read_unit(std::FILE* stream) {
    if (t_pending.stream == stream) {
        t_pending.stream = nullptr;
        return t_pending.unit;
    }
    char bytes[4];
    std::size_t count = 0;
    int wanted = 1;
    while (count < static_cast<std::size_t>(wanted)) {
        const int c = std::fgetc(stream);
        if (c == EOF) break;
        if (count > 0 && (c & 0xC0) != 0x80) {
            std::ungetc(c, stream);
            break;
        }
        bytes[count++] = static_cast<char>(c);
        if (count == 1) wanted = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    }
    if (count == 0) return k_wide_eof;
    const Utf16Units out = encode_utf16(decode_utf8(bytes, count).code_point);
    if (out.length == 2) t_pending = {stream, out.units[1]};
    return out.units[0];
}

// The first half of a surrogate pair waits for the second: they are one UTF-8 sequence.
thread_local PendingUnit t_half;

wint_t write_unit(char16_t c, std::FILE* stream) {
    char32_t code_point = c;
    if (c >= 0xD800 && c <= 0xDBFF) {
        t_half = {stream, c};
        return c;
    }
    if (t_half.stream == stream) {
        const char16_t pair[2] = {t_half.unit, c};
        code_point = decode_utf16(pair, 2).code_point;
        t_half.stream = nullptr;
    }
    const Utf8Bytes out = encode_utf8(code_point);
    return std::fwrite(out.bytes, 1, out.length, stream) == out.length ? c : k_wide_eof;
}

int write_text(const char16_t* text, std::FILE* stream) {
    StreamSink<char16_t> sink(stream);
    sink.write(text, pw_wcslen(text));
    return sink.finish() ? 0 : -1;
}

std::string to_utf8(const char16_t* text) {
    std::string out;
    const std::size_t count = pw_wcslen(text);
    for (std::size_t i = 0; i < count;) {
        const Decoded decoded = decode_utf16(text + i, count - i);
        const Utf8Bytes bytes = encode_utf8(decoded.code_point);
        out.append(bytes.bytes, bytes.length);
        i += decoded.consumed;
    }
    return out;
}

// Removes Microsoft's mode letters that have no meaning here: text translation, inheritance, ", ccs=".
std::string plain_mode(std::string mode) {
    mode = mode.substr(0, mode.find(','));
    std::string out;
    for (const char c : mode) {
        if (std::strchr("rwab+x", c) != nullptr) out += c;
        if (c == 'N') out += 'e';
    }
    return out;
}

int open_stream(std::FILE** stream, const std::string& path, const std::string& mode) {
    *stream = std::fopen(path.c_str(), plain_mode(mode).c_str());
    return *stream == nullptr ? errno : 0;
}

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

extern "C" {

wint_t pw_fgetwc(FILE* stream) { return read_unit(stream); }
wint_t pw_getwc(FILE* stream) { return read_unit(stream); }
wint_t pw_getwchar(void) { return read_unit(stdin); }
wint_t pw_fputwc(char16_t c, FILE* stream) { return write_unit(c, stream); }
wint_t pw_putwc(char16_t c, FILE* stream) { return write_unit(c, stream); }
wint_t pw_putwchar(char16_t c) { return write_unit(c, stdout); }
int pw_fputws(const char16_t* text, FILE* stream) { return write_text(text, stream); }

wint_t pw_ungetwc(wint_t c, FILE* stream) {
    if (c == k_wide_eof || t_pending.stream == stream) return k_wide_eof;
    t_pending = {stream, static_cast<char16_t>(c)};
    return c;
}

int pw__putws(const char16_t* text) {
    if (write_text(text, stdout) != 0) return -1;
    return std::fputc('\n', stdout) == EOF ? -1 : 0;
}

char16_t* pw_fgetws(char16_t* buffer, int count, FILE* stream) {
    if (buffer == nullptr || count <= 0) return nullptr;
    int used = 0;
    while (used < count - 1) {
        const wint_t c = read_unit(stream);
        if (c == k_wide_eof) break;
        buffer[used++] = static_cast<char16_t>(c);
        if (c == '\n') break;
    }
    if (used == 0 && count > 1) return nullptr;
    buffer[used] = 0;
    return buffer;
}

char* pw_gets_s(char* buffer, size_t size) {
    if (buffer == nullptr || size == 0) {
        errno = EINVAL;
        return nullptr;
    }
    size_t used = 0;
    for (;;) {
        const int c = std::fgetc(stdin);
        if (c == EOF && used == 0) {
            buffer[0] = 0;
            return nullptr;
        }
        if (c == EOF || c == '\n') break;
        if (used + 1 >= size) {
            buffer[0] = 0;
            errno = ERANGE;
            return nullptr;
        }
        buffer[used++] = static_cast<char>(c);
    }
    buffer[used] = 0;
    return buffer;
}

int pw_fopen_s(FILE** stream, const char* path, const char* mode) {
    if (stream == nullptr) return EINVAL;
    *stream = nullptr;
    if (path == nullptr || mode == nullptr) return EINVAL;
    return open_stream(stream, path, mode);
}

int pw__wfopen_s(FILE** stream, const char16_t* path, const char16_t* mode) {
    if (stream == nullptr) return EINVAL;
    *stream = nullptr;
    if (path == nullptr || mode == nullptr) return EINVAL;
    return open_stream(stream, to_utf8(path), to_utf8(mode));
}

FILE* pw__wfopen(const char16_t* path, const char16_t* mode) {
    FILE* stream = nullptr;
    const int error = pw__wfopen_s(&stream, path, mode);
    if (error != 0) errno = error;
    return stream;
}

int pw__fileno(FILE* stream) { return fileno(stream); }
int pw__fseeki64(FILE* stream, long offset, int origin) { return std::fseek(stream, offset, origin); }
long pw__ftelli64(FILE* stream) { return std::ftell(stream); }

}  // extern "C"
