// SPDX-License-Identifier: Apache-2.0
#include "crt/format.h"

#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <type_traits>

#include "crt/format_spec.h"
#include "crt/utf.h"

namespace pw::crt {
namespace {

// The documented layout of ANSI_STRING and UNICODE_STRING: lengths in bytes, no terminator needed.
struct CountedString {
    std::uint16_t length_bytes;
    std::uint16_t maximum_bytes;
    const void* buffer;
};

enum class Outcome { Done, Refused };

template <typename Char>
class Formatter {
public:
    Formatter(Sink<Char>& sink, LongWidth long_width, std::va_list arguments) : sink_(sink), long_width_(long_width) {
        va_copy(arguments_.list, arguments);
    }
    ~Formatter() { va_end(arguments_.list); }
    Formatter(const Formatter&) = delete;
    Formatter& operator=(const Formatter&) = delete;

    int run(const Char* cursor) {
        while (*cursor != 0) {
            const Char* start = cursor;
            while (*cursor != 0 && *cursor != '%') ++cursor;
            sink_.write(start, static_cast<std::size_t>(cursor - start));
            if (*cursor == 0) break;
            ++cursor;
            const FormatSpec spec = parse_spec(cursor, arguments_);
            if (spec.letter == 0) break;
            if (convert(spec) == Outcome::Refused) {
                errno = EINVAL;
                return k_format_refused;
            }
            if (sink_.total() > INT_MAX) break;
        }
        if (sink_.total() > INT_MAX) {
            errno = EOVERFLOW;
            return k_format_refused;
        }
        return static_cast<int>(sink_.total());
    }

private:
    static constexpr bool k_wide = std::is_same_v<Char, char16_t>;

    Outcome convert(const FormatSpec& spec) {
        switch (spec.letter) {
            case 'd':
            case 'i': signed_integer(spec); break;
            case 'u': unsigned_integer(spec, 10, false); break;
            case 'o': unsigned_integer(spec, 8, false); break;
            case 'x': unsigned_integer(spec, 16, false); break;
            case 'X': unsigned_integer(spec, 16, true); break;
            case 'p': pointer(spec); break;
            case 'c': character(spec, is_wide(spec, k_wide)); break;
            case 'C': character(spec, is_wide(spec, !k_wide)); break;
            case 's': string(spec, is_wide(spec, k_wide)); break;
            case 'S': string(spec, is_wide(spec, !k_wide)); break;
            case 'Z': counted_string(spec); break;
            case 'e':
            case 'E':
            case 'f':
            case 'F':
            case 'g':
            case 'G':
            case 'a':
            case 'A': floating(spec); break;
            case 'n': return Outcome::Refused;
            default: sink_.put(static_cast<Char>(spec.letter)); break;  // "%%", and what is no conversion prints itself
        }
        return Outcome::Done;
    }

    static bool is_wide(const FormatSpec& spec, bool by_letter) {
        switch (spec.size) {
            case ArgumentSize::Short:
            case ArgumentSize::Char: return false;
            case ArgumentSize::Long:
            case ArgumentSize::LongLong:
            case ArgumentSize::Wide: return true;
            default: return by_letter;
        }
    }

    std::int64_t read_signed(ArgumentSize size) {
        switch (size) {
            case ArgumentSize::Char: return static_cast<signed char>(va_arg(arguments_.list, int));
            case ArgumentSize::Short: return static_cast<short>(va_arg(arguments_.list, int));
            case ArgumentSize::LongLong:
            case ArgumentSize::Pointer:
            case ArgumentSize::LongDouble: return va_arg(arguments_.list, std::int64_t);
            case ArgumentSize::Long:
                if (long_width_ == LongWidth::Lp64) return va_arg(arguments_.list, std::int64_t);
                return va_arg(arguments_.list, int);
            default: return va_arg(arguments_.list, int);
        }
    }

    std::uint64_t read_unsigned(ArgumentSize size) {
        const auto value = static_cast<std::uint64_t>(read_signed(size));
        switch (size) {
            case ArgumentSize::Char: return value & 0xFF;
            case ArgumentSize::Short: return value & 0xFFFF;
            case ArgumentSize::LongLong:
            case ArgumentSize::Pointer:
            case ArgumentSize::LongDouble: return value;
            case ArgumentSize::Long:
                if (long_width_ == LongWidth::Lp64) return value;
                return value & 0xFFFFFFFF;
            default: return value & 0xFFFFFFFF;
        }
    }

    void signed_integer(const FormatSpec& spec) {
        const std::int64_t value = read_signed(spec.size);
        const std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
        const char* prefix = value < 0 ? "-" : spec.plus ? "+" : spec.space ? " " : "";
        digits(spec, magnitude, 10, false, prefix);
    }

    void unsigned_integer(const FormatSpec& spec, unsigned base, bool upper) {
        const std::uint64_t value = read_unsigned(spec.size);
        const char* prefix = "";
        if (spec.alternate && value != 0 && base == 16) prefix = upper ? "0X" : "0x";
        digits(spec, value, base, upper, prefix);
    }

    void pointer(const FormatSpec& spec) {
        FormatSpec full = spec;
        full.precision = 16;  // Windows prints every digit of a pointer
        digits(full, reinterpret_cast<std::uintptr_t>(va_arg(arguments_.list, void*)), 16, true,
               spec.alternate ? "0X" : "");
    }

    void digits(const FormatSpec& spec, std::uint64_t value, unsigned base, bool upper, const char* prefix) {
        char reversed[32];
        std::size_t count = 0;
        const char* alphabet = upper ? "0123456789ABCDEF" : "0123456789abcdef";
        for (; value != 0; value /= base) reversed[count++] = alphabet[value % base];
        std::size_t wanted = spec.precision < 0 ? 1 : static_cast<std::size_t>(spec.precision);
        if (spec.alternate && base == 8 && wanted <= count) wanted = count + 1;
        std::size_t zeros = wanted > count ? wanted - count : 0;
        const std::size_t prefix_length = std::strlen(prefix);
        const auto width = static_cast<std::size_t>(spec.width);
        if (spec.zero && !spec.left && spec.precision < 0 && width > prefix_length + zeros + count) {
            zeros = width - prefix_length - count;
        }
        const std::size_t body = prefix_length + zeros + count;
        const std::size_t padding = width > body ? width - body : 0;
        if (!spec.left) sink_.fill(' ', padding);
        ascii(prefix, prefix_length);
        sink_.fill('0', zeros);
        while (count > 0) sink_.put(static_cast<Char>(reversed[--count]));
        if (spec.left) sink_.fill(' ', padding);
    }

    void ascii(const char* text, std::size_t count) {
        if constexpr (k_wide) {
            for (std::size_t i = 0; i < count; ++i) sink_.put(static_cast<unsigned char>(text[i]));
        } else {
            sink_.write(text, count);
        }
    }

    void character(const FormatSpec& spec, bool wide) {
        FormatSpec whole = spec;
        whole.precision = -1;
        const int value = va_arg(arguments_.list, int);
        if (wide) {
            const auto unit = static_cast<char16_t>(value);
            text(whole, &unit, 1);
        } else {
            const auto unit = static_cast<char>(value);
            text(whole, &unit, 1);
        }
    }

    void string(const FormatSpec& spec, bool wide) {
        const void* argument = va_arg(arguments_.list, const void*);
        if (argument == nullptr) {
            null_string(spec);
        } else if (wide) {
            const auto* units = static_cast<const char16_t*>(argument);
            text(spec, units, bounded_length(units, spec.precision));
        } else {
            const auto* units = static_cast<const char*>(argument);
            text(spec, units, bounded_length(units, spec.precision));
        }
    }

    void counted_string(const FormatSpec& spec) {
        const bool wide = spec.size == ArgumentSize::Wide || spec.size == ArgumentSize::Long;
        const auto* counted = va_arg(arguments_.list, const CountedString*);
        if (counted == nullptr || counted->buffer == nullptr) {
            null_string(spec);
        } else if (wide) {
            text(spec, static_cast<const char16_t*>(counted->buffer), counted->length_bytes / sizeof(char16_t));
        } else {
            text(spec, static_cast<const char*>(counted->buffer), counted->length_bytes);
        }
    }

    void null_string(const FormatSpec& spec) { text(spec, "(null)", 6); }

    template <typename Unit>
    static std::size_t bounded_length(const Unit* units, int precision) {
        std::size_t count = 0;
        while ((precision < 0 || count < static_cast<std::size_t>(precision)) && units[count] != 0) ++count;
        return count;
    }

    // Writes text of either width. The precision counts units of the output; a converted character that does not fit it
    // whole is left out, as the documentation of %S says.
    template <typename Unit>
    void text(const FormatSpec& spec, const Unit* units, std::size_t count) {
        std::size_t used = 0;
        const std::size_t length = converted(units, count, spec.precision, false, used);
        const auto width = static_cast<std::size_t>(spec.width);
        const std::size_t padding = width > length ? width - length : 0;
        const Char pad = spec.zero && !spec.left ? '0' : ' ';
        if (!spec.left) sink_.fill(pad, padding);
        (void)converted(units, used, -1, true, used);
        if (spec.left) sink_.fill(pad, padding);
    }

    template <typename Unit>
    std::size_t converted(const Unit* units, std::size_t count, int precision, bool emit, std::size_t& used) {
        const std::size_t limit = precision < 0 ? SIZE_MAX : static_cast<std::size_t>(precision);
        if constexpr (std::is_same_v<Unit, Char>) {
            used = count < limit ? count : limit;
            if (emit) sink_.write(units, used);
            return used;
        } else {
            std::size_t length = 0;
            used = 0;
            while (used < count) {
                std::size_t step = 0;
                if constexpr (k_wide) {
                    const Decoded decoded = decode_utf8(units + used, count - used);
                    const Utf16Units out = encode_utf16(decoded.code_point);
                    if (length + out.length > limit) break;
                    if (emit) sink_.write(out.units, out.length);
                    length += out.length;
                    step = decoded.consumed;
                } else {
                    const Decoded decoded = decode_utf16(units + used, count - used);
                    const Utf8Bytes out = encode_utf8(decoded.code_point);
                    if (length + out.length > limit) break;
                    if (emit) sink_.write(out.bytes, out.length);
                    length += out.length;
                    step = decoded.consumed;
                }
                used += step;
            }
            return length;
        }
    }

    // Delegated to the C library, whose digits are the same.
    void floating(const FormatSpec& spec) {
        FormatSpec bounded = spec;
        constexpr int k_most_digits = 4096;  // no double has more than 1,100 significant ones; the rest would be zeros
        if (bounded.precision > k_most_digits) bounded.precision = k_most_digits;
        char pattern[16];
        build_pattern(bounded, pattern);
        char buffer[10240];
        if (spec.size == ArgumentSize::LongDouble) {
            const long double value = va_arg(arguments_.list, long double);
            place_number(spec, buffer, print_value(buffer, sizeof buffer, pattern, bounded.precision, value),
                         std::isfinite(value));
        } else {
            const double value = va_arg(arguments_.list, double);
            place_number(spec, buffer, print_value(buffer, sizeof buffer, pattern, bounded.precision, value),
                         std::isfinite(value));
        }
    }

    static void build_pattern(const FormatSpec& spec, char* out) {
        *out++ = '%';
        if (spec.plus) *out++ = '+';
        if (spec.space) *out++ = ' ';
        if (spec.alternate) *out++ = '#';
        if (spec.precision >= 0) {
            *out++ = '.';
            *out++ = '*';
        }
        if (spec.size == ArgumentSize::LongDouble) *out++ = 'L';
        *out++ = spec.letter;
        *out = 0;
    }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    template <typename Float>
    static std::size_t print_value(char* buffer, std::size_t size, const char* pattern, int precision, Float value) {
        const int length = precision >= 0 ? std::snprintf(buffer, size, pattern, precision, value)
                                          : std::snprintf(buffer, size, pattern, value);
        if (length < 0) return 0;
        return static_cast<std::size_t>(length) < size ? static_cast<std::size_t>(length) : size - 1;
    }
#pragma GCC diagnostic pop

    void place_number(const FormatSpec& spec, const char* number, std::size_t count, bool finite) {
        const auto width = static_cast<std::size_t>(spec.width);
        const std::size_t padding = width > count ? width - count : 0;
        const bool zeros = spec.zero && !spec.left && finite;
        std::size_t sign = 0;
        if (zeros && (number[0] == '-' || number[0] == '+' || number[0] == ' ')) sign = 1;
        if (zeros && (spec.letter == 'a' || spec.letter == 'A')) sign += 2;  // behind "0x"
        if (!spec.left && !zeros) sink_.fill(' ', padding);
        ascii(number, sign);
        if (zeros) sink_.fill('0', padding);
        ascii(number + sign, count - sign);
        if (spec.left) sink_.fill(' ', padding);
    }

    Sink<Char>& sink_;
    LongWidth long_width_;
    Arguments arguments_;
};

}  // namespace

int format(Sink<char>& sink, const char* text, std::va_list arguments) {
    return Formatter<char>(sink, LongWidth::Llp64, arguments).run(text);
}

int format(Sink<char16_t>& sink, const char16_t* text, std::va_list arguments, LongWidth long_width) {
    return Formatter<char16_t>(sink, long_width, arguments).run(text);
}

}  // namespace pw::crt
