// SPDX-License-Identifier: Apache-2.0
// StreamSink: formatted text on its way to a C stream, in chunks; wide text leaves as UTF-8.
#pragma once

#include <cstdio>

#include "crt/sink.h"
#include "crt/utf.h"

namespace pw::crt {

// Collects bytes and hands them to fwrite in chunks. The stream is locked by the owner for one whole call.
class StreamWriter {
public:
    explicit StreamWriter(std::FILE* stream) : stream_(stream) {}
    void write(const char* text, std::size_t count) {
        if (count > sizeof buffer_ - used_) flush();
        if (count > sizeof buffer_) {
            failed_ |= std::fwrite(text, 1, count, stream_) != count;
            return;
        }
        for (std::size_t i = 0; i < count; ++i) buffer_[used_++] = text[i];
    }
    // Returns false if any write failed.
    bool flush() {
        if (used_ != 0) failed_ |= std::fwrite(buffer_, 1, used_, stream_) != used_;
        used_ = 0;
        return !failed_;
    }

private:
    std::FILE* stream_;
    std::size_t used_ = 0;
    bool failed_ = false;
    char buffer_[512];
};

template <typename Char>
class StreamSink;

template <>
class StreamSink<char> final : public Sink<char> {
public:
    explicit StreamSink(std::FILE* stream) : writer_(stream) {}
    bool finish() { return writer_.flush(); }

protected:
    void accept(const char* text, std::size_t count) override { writer_.write(text, count); }

private:
    StreamWriter writer_;
};

template <>
class StreamSink<char16_t> final : public Sink<char16_t> {
public:
    explicit StreamSink(std::FILE* stream) : writer_(stream) {}
    bool finish() {
        if (high_ != 0) emit(k_replacement);
        high_ = 0;
        return writer_.flush();
    }

protected:
    // A surrogate pair may arrive in two pieces: the first half waits here.
    void accept(const char16_t* text, std::size_t count) override {
        for (std::size_t i = 0; i < count; ++i) {
            const char16_t unit = text[i];
            if (high_ != 0) {
                const char16_t pair[2] = {high_, unit};
                const Decoded decoded = decode_utf16(pair, 2);
                high_ = 0;
                emit(decoded.code_point);
                if (decoded.consumed == 2) continue;
            }
            if (unit >= 0xD800 && unit <= 0xDBFF) {
                high_ = unit;
            } else {
                emit(decode_utf16(&unit, 1).code_point);
            }
        }
    }

private:
    void emit(char32_t code_point) {
        const Utf8Bytes out = encode_utf8(code_point);
        writer_.write(out.bytes, out.length);
    }

    StreamWriter writer_;
    char16_t high_ = 0;
};

}  // namespace pw::crt
