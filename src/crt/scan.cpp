// SPDX-License-Identifier: Apache-2.0
#include "crt/scan.h"

#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>

#include "crt/format_spec.h"
#include "crt/number_parse.h"
#include "crt/utf.h"

namespace pw::crt {
namespace {

// Stores text of the source's width into a buffer of either width, within its size.
template <typename Char>
class FieldWriter {
public:
    FieldWriter(void* target, bool wide, std::size_t size) : target_(target), wide_(wide), size_(size) {}

    // False where the buffer is full.
    bool put(Char c) {
        if (target_ == nullptr) return true;
        if constexpr (std::is_same_v<Char, char>) {
            return wide_ ? put_decoded(static_cast<unsigned char>(c)) : store(static_cast<unsigned char>(c));
        } else {
            if (wide_) return store(c);
            const Utf8Bytes out = encode_utf8(c);
            for (unsigned i = 0; i < out.length; ++i) {
                if (!store(static_cast<unsigned char>(out.bytes[i]))) return false;
            }
            return true;
        }
    }

    bool terminate() { return target_ == nullptr || store(0); }

    void make_empty() {
        if (target_ == nullptr || size_ == 0) return;
        used_ = 0;
        store(0);
    }

private:
    // Bytes of one UTF-8 character gather until it is complete.
    bool put_decoded(unsigned char byte) {
        pending_[pending_count_++] = static_cast<char>(byte);
        const unsigned lead = static_cast<unsigned char>(pending_[0]);
        const unsigned wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        if (pending_count_ < wanted) return true;
        const Utf16Units out = encode_utf16(decode_utf8(pending_, pending_count_).code_point);
        pending_count_ = 0;
        for (unsigned i = 0; i < out.length; ++i) {
            if (!store(out.units[i])) return false;
        }
        return true;
    }

    bool store(std::uint32_t unit) {
        if (used_ >= size_) return false;
        if (wide_) {
            static_cast<char16_t*>(target_)[used_++] = static_cast<char16_t>(unit);
        } else {
            static_cast<char*>(target_)[used_++] = static_cast<char>(unit);
        }
        return true;
    }

    void* target_;
    bool wide_;
    std::size_t size_;
    std::size_t used_ = 0;
    char pending_[4] = {};
    std::size_t pending_count_ = 0;
};

struct ScanSpec {
    bool suppress = false;
    int width = 0;  // 0: none given
    ArgumentSize size = ArgumentSize::Default;
    char letter = 0;
};

template <typename Char>
class Scanner {
public:
    Scanner(ScanSource<Char>& source, ScanSizes sizes, std::va_list arguments) : source_(source), sizes_(sizes) {
        va_copy(arguments_.list, arguments);
    }
    ~Scanner() { va_end(arguments_.list); }
    Scanner(const Scanner&) = delete;
    Scanner& operator=(const Scanner&) = delete;

    int run(const Char* cursor) {
        while (*cursor != 0) {
            if (is_space(*cursor)) {
                skip_space();
                ++cursor;
            } else if (*cursor != '%') {
                if (!match(*cursor)) break;
                ++cursor;
            } else {
                ++cursor;
                if (!convert(cursor)) break;
            }
        }
        return assigned_ == 0 && input_failed_ ? -1 : assigned_;
    }

private:
    static constexpr bool k_wide = std::is_same_v<Char, char16_t>;

    bool match(Char c) {
        const std::int32_t next = source_.peek();
        if (next == ScanSource<Char>::k_end) {
            input_failed_ = true;
            return false;
        }
        if (static_cast<Char>(next) != c) return false;
        source_.advance();
        return true;
    }

    void skip_space() {
        while (is_space(source_.peek())) source_.advance();
    }

    bool convert(const Char*& cursor) {
        ScanSpec spec;
        if (*cursor == '*') {
            spec.suppress = true;
            ++cursor;
        }
        const FormatSpec parsed = parse_spec(cursor, arguments_);  // width, size and letter are spelled alike
        spec.width = parsed.width;
        spec.size = parsed.size;
        spec.letter = parsed.letter;
        switch (spec.letter) {
            case 'd': return integer(spec, 10);
            case 'u': return integer(spec, 10);
            case 'i': return integer(spec, 0);
            case 'o': return integer(spec, 8);
            case 'x':
            case 'X': return integer(spec, 16);
            case 'p': spec.size = ArgumentSize::Pointer; return integer(spec, 16);
            case 'e':
            case 'E':
            case 'f':
            case 'F':
            case 'g':
            case 'G':
            case 'a':
            case 'A': return floating(spec);
            case 's': return string(spec, is_wide(spec, k_wide), nullptr, nullptr);
            case 'S': return string(spec, is_wide(spec, !k_wide), nullptr, nullptr);
            case 'c': return characters(spec, is_wide(spec, k_wide));
            case 'C': return characters(spec, is_wide(spec, !k_wide));
            case '[': return set(spec, cursor);
            case 'n':
                if (!spec.suppress) assign(spec.size, static_cast<std::uint64_t>(source_.consumed()));
                return true;
            case '%': skip_space(); return match('%');
            default: return false;
        }
    }

    static bool is_wide(const ScanSpec& spec, bool by_letter) {
        if (spec.size == ArgumentSize::Short || spec.size == ArgumentSize::Char) return false;
        if (spec.size == ArgumentSize::Default) return by_letter;
        return true;
    }

    void assign(ArgumentSize size, std::uint64_t value) {
        void* target = va_arg(arguments_.list, void*);
        switch (size) {
            case ArgumentSize::Char: store(target, static_cast<std::uint8_t>(value)); break;
            case ArgumentSize::Short: store(target, static_cast<std::uint16_t>(value)); break;
            case ArgumentSize::LongLong:
            case ArgumentSize::Pointer:
            case ArgumentSize::LongDouble: store(target, value); break;
            default: store(target, static_cast<std::uint32_t>(value)); break;  // `long` is 32 bits
        }
    }

    template <typename Value>
    static void store(void* target, Value value) {
        std::memcpy(target, &value, sizeof value);
    }

    // Takes one character of the field if the width allows it.
    bool take(int& left) {
        source_.advance();
        return --left > 0;
    }

    bool at_end_before_field() {
        if (source_.peek() != ScanSource<Char>::k_end) return false;
        input_failed_ = true;
        return true;
    }

    bool integer(const ScanSpec& spec, int base) {
        skip_space();
        if (at_end_before_field()) return false;
        int left = spec.width > 0 ? spec.width : INT32_MAX;
        ParsedNumber number;
        bool more = true;
        if (source_.peek() == '+' || source_.peek() == '-') {
            number.negative = source_.peek() == '-';
            more = take(left);
        }
        if (more && source_.peek() == '0' && (base == 0 || base == 16)) {
            number.add(0, 16);
            more = take(left);
            if (more && (source_.peek() == 'x' || source_.peek() == 'X')) {
                base = 16;
                more = take(left);
            } else if (base == 0) {
                base = 8;
            }
        }
        if (base == 0) base = 10;
        while (more && digit_value(source_.peek()) < base) {
            number.add(digit_value(source_.peek()), base);
            more = take(left);
        }
        if (!number.any_digits) return false;
        if (spec.suppress) return true;
        assign(spec.size, number.negative ? 0 - number.magnitude : number.magnitude);
        ++assigned_;
        return true;
    }

    bool floating(const ScanSpec& spec) {
        skip_space();
        if (at_end_before_field()) return false;
        std::string text;
        int left = spec.width > 0 ? spec.width : INT32_MAX;
        bool more = true;
        while (more) {
            const std::int32_t c = source_.peek();
            if (c < 0 || c >= 0x80) break;
            const char letter = static_cast<char>(c);
            const bool sign_allowed = text.empty() || text.back() == 'e' || text.back() == 'E';
            const bool is_sign = letter == '+' || letter == '-';
            if (is_sign ? !sign_allowed : std::strchr("0123456789.eExXabcdfABCDFpPinINtyTY", letter) == nullptr) break;
            text += letter;
            more = take(left);
        }
        char* end = nullptr;
        const long double value = std::strtold(text.c_str(), &end);
        if (end == text.c_str()) return false;
        if (spec.suppress) return true;
        void* target = va_arg(arguments_.list, void*);
        if (spec.size == ArgumentSize::LongDouble) {
            std::memcpy(target, &value, sizeof value);
        } else if (spec.size == ArgumentSize::Long || spec.size == ArgumentSize::LongLong) {
            store(target, std::strtod(text.c_str(), nullptr));
        } else {
            store(target, std::strtof(text.c_str(), nullptr));
        }
        ++assigned_;
        return true;
    }

    FieldWriter<Char> open_field(const ScanSpec& spec, bool wide) {
        if (spec.suppress) return FieldWriter<Char>(nullptr, wide, 0);
        void* target = va_arg(arguments_.list, void*);
        std::size_t size = SIZE_MAX;
        if (sizes_ == ScanSizes::Present) size = va_arg(arguments_.list, unsigned int);
        return FieldWriter<Char>(target, wide, size);
    }

    // %s and %[: characters up to white space, or as long as the set [first, last) has them.
    bool string(const ScanSpec& spec, bool wide, const Char* first, const Char* last) {
        if (first == nullptr) skip_space();
        FieldWriter<Char> field = open_field(spec, wide);
        if (at_end_before_field()) return false;
        int left = spec.width > 0 ? spec.width : INT32_MAX;
        std::size_t taken = 0;
        for (bool more = true; more;) {
            const std::int32_t c = source_.peek();
            if (c == ScanSource<Char>::k_end) break;
            if (first == nullptr ? is_space(c) : !in_set(static_cast<Char>(c), first, last)) break;
            if (!field.put(static_cast<Char>(c))) return too_small(field);
            ++taken;
            more = take(left);
        }
        if (taken == 0) return false;
        if (!field.terminate()) return too_small(field);
        if (!spec.suppress) ++assigned_;
        return true;
    }

    bool too_small(FieldWriter<Char>& field) {
        field.make_empty();
        return false;
    }

    bool set(const ScanSpec& spec, const Char*& cursor) {
        const Char* first = cursor;
        if (*cursor == '^') ++cursor;
        if (*cursor == ']') ++cursor;
        while (*cursor != 0 && *cursor != ']') ++cursor;
        const Char* last = cursor;
        if (*cursor == 0) return false;
        ++cursor;
        return string(spec, is_wide(spec, k_wide), first, last);
    }

    static bool in_set(Char c, const Char* first, const Char* last) {
        const bool inverted = *first == '^';
        if (inverted) ++first;
        bool found = false;
        for (const Char* p = first; p < last; ++p) {
            if (last - p > 2 && p[1] == '-') {
                const Char low = p[0] < p[2] ? p[0] : p[2];
                const Char high = p[0] < p[2] ? p[2] : p[0];
                found |= c >= low && c <= high;
                p += 2;
            } else {
                found |= c == *p;
            }
        }
        return found != inverted;
    }

    bool characters(const ScanSpec& spec, bool wide) {
        FieldWriter<Char> field = open_field(spec, wide);
        const int count = spec.width > 0 ? spec.width : 1;
        for (int i = 0; i < count; ++i) {
            if (at_end_before_field()) return false;
            if (!field.put(static_cast<Char>(source_.peek()))) return too_small(field);
            source_.advance();
        }
        if (!spec.suppress) ++assigned_;
        return true;
    }

    ScanSource<Char>& source_;
    ScanSizes sizes_;
    Arguments arguments_;
    int assigned_ = 0;
    bool input_failed_ = false;
};

}  // namespace

int scan(ScanSource<char>& source, const char* format, ScanSizes sizes, std::va_list arguments) {
    return Scanner<char>(source, sizes, arguments).run(format);
}

int scan(ScanSource<char16_t>& source, const char16_t* format, ScanSizes sizes, std::va_list arguments) {
    return Scanner<char16_t>(source, sizes, arguments).run(format);
}

}  // namespace pw::crt
