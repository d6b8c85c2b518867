// SPDX-License-Identifier: Apache-2.0
// FormatMessage: the system's texts or the caller's, with %1 ... %99 inserts and the documented escapes.
#include <cstdarg>
#include <cstring>
#include <string>

#include "crt/crt_api.h"
#include "win32/winbase.h"
#include "win32_api/message_table.h"

namespace {

constexpr unsigned k_most_inserts = 99;

// The inserts, each as 64 bits: strings, integers and handles alike.
class Inserts {
public:
    Inserts(va_list* list, bool is_array) : list_(is_array ? nullptr : list) {
        if (is_array) array_ = reinterpret_cast<const ULONG_PTR*>(list);
    }
    // False where the caller gave none. `number` counts from 1.
    bool get(unsigned number, ULONG_PTR& value) {
        if (array_ != nullptr) {
            value = array_[number - 1];
            return true;
        }
        if (list_ == nullptr) return false;
        while (read_ < number) values_[read_++] = va_arg(*list_, ULONG_PTR);
        value = values_[number - 1];
        return true;
    }

private:
    va_list* list_;
    const ULONG_PTR* array_ = nullptr;
    ULONG_PTR values_[k_most_inserts] = {};
    unsigned read_ = 0;
};

int print(char* target, size_t size, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int count = pw_vsnprintf(target, size, format, arguments);
    va_end(arguments);
    return count;
}

int print(char16_t* target, size_t size, const char16_t* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int count =
        target == nullptr ? pw__vscwprintf(format, arguments) : pw_vswprintf(target, size, format, arguments);
    va_end(arguments);
    return count;
}

template <typename Char>
class Expander {
public:
    Expander(Inserts& inserts, bool ignore_inserts, DWORD width)
        : inserts_(inserts), ignore_inserts_(ignore_inserts), width_(width) {}

    bool expand(const Char* text) {
        while (*text != 0) {
            if (*text == '%' && !ignore_inserts_) {
                if (!escape(++text)) return false;
                if (stopped_) return true;
            } else if (*text == '\r' || *text == '\n') {
                const bool pair = text[0] == '\r' && text[1] == '\n';
                text += pair ? 2 : 1;
                soft_break();
            } else {
                out += *text++;
            }
        }
        return true;
    }

    std::basic_string<Char> out;

private:
    void hard_break() {
        out += '\r';
        out += '\n';
    }

    // With a width given, the breaks of the text itself are only spaces.
    void soft_break() {
        if (width_ == 0) {
            hard_break();
        } else {
            out += ' ';
        }
    }

    bool escape(const Char*& text) {
        const Char c = *text;
        if (c == 0) return true;
        ++text;
        if (c == '0') {
            stopped_ = true;
            return true;
        }
        if (c >= '1' && c <= '9') {
            unsigned number = static_cast<unsigned>(c - '0');
            if (*text >= '0' && *text <= '9') number = number * 10 + static_cast<unsigned>(*text++ - '0');
            return insert(number, text);
        }
        switch (c) {
            case 'n': hard_break(); break;
            case 'r': out += '\r'; break;
            case 't': out += '\t'; break;
            case 'b': out += ' '; break;
            default: out += c; break;
        }
        return true;
    }

    bool insert(unsigned number, const Char*& text) {
        std::basic_string<Char> format(1, static_cast<Char>('%'));
        if (*text == '!') {
            const Char* end = text + 1;
            while (*end != 0 && *end != '!') format += *end++;
            if (*end == 0) return false;
            text = end + 1;
        } else {
            format += 's';
        }
        ULONG_PTR value = 0;
        if (!inserts_.get(number, value)) return false;
        const int count = print(static_cast<Char*>(nullptr), 0, format.c_str(), value);
        if (count < 0) return false;
        const std::size_t before = out.size();
        out.resize(before + static_cast<std::size_t>(count) + 1);
        if (print(out.data() + before, static_cast<std::size_t>(count) + 1, format.c_str(), value) != count) return false;
        out.pop_back();
        return true;
    }

    Inserts& inserts_;
    bool ignore_inserts_;
    DWORD width_;
    bool stopped_ = false;
};

DWORD fail(DWORD error) {
    SetLastError(error);
    return 0;
}

template <typename Char>
DWORD deliver(const std::basic_string<Char>& text, DWORD flags, Char* buffer, DWORD size) {
    const std::size_t needed = text.size() + 1;
    if ((flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0) {
        const std::size_t units = needed < size ? size : needed;
        auto* block = static_cast<Char*>(LocalAlloc(LMEM_FIXED, units * sizeof(Char)));
        if (block == nullptr) return fail(ERROR_NOT_ENOUGH_MEMORY);
        std::memcpy(block, text.c_str(), needed * sizeof(Char));
        std::memcpy(buffer, &block, sizeof block);  // the parameter is documented to be a pointer to a pointer then
        return static_cast<DWORD>(text.size());
    }
    if (needed > size) return fail(ERROR_INSUFFICIENT_BUFFER);
    std::memcpy(buffer, text.c_str(), needed * sizeof(Char));
    return static_cast<DWORD>(text.size());
}

template <typename Char>
DWORD format_message(DWORD flags, LPCVOID source, DWORD id, Char* buffer, DWORD size, va_list* arguments) {
    if (buffer == nullptr) return fail(ERROR_INVALID_PARAMETER);
    std::basic_string<Char> system_text;
    const auto* text = static_cast<const Char*>(source);
    if ((flags & FORMAT_MESSAGE_FROM_STRING) == 0) {
        const char* found = (flags & FORMAT_MESSAGE_FROM_SYSTEM) != 0 ? pw::win32::find_message(id) : nullptr;
        if (found == nullptr) return fail(ERROR_MR_MID_NOT_FOUND);
        for (; *found != 0; ++found) system_text += static_cast<Char>(*found);
        system_text += '\r';
        system_text += '\n';
        text = system_text.c_str();
    } else if (text == nullptr) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    Inserts inserts(arguments, arguments != nullptr && (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY) != 0);
    Expander<Char> expander(inserts, (flags & FORMAT_MESSAGE_IGNORE_INSERTS) != 0,
                            flags & FORMAT_MESSAGE_MAX_WIDTH_MASK);
    if (!expander.expand(text)) return fail(ERROR_INVALID_PARAMETER);
    return deliver(expander.out, flags, buffer, size);
}

}  // namespace

DWORD WINAPI FormatMessageA(DWORD flags, LPCVOID source, DWORD id, DWORD, LPSTR buffer, DWORD size, va_list* arguments) {
    return format_message(flags, source, id, buffer, size, arguments);
}

DWORD WINAPI FormatMessageW(DWORD flags, LPCVOID source, DWORD id, DWORD, LPWSTR buffer, DWORD size, va_list* arguments) {
    return format_message(flags, source, id, buffer, size, arguments);
}
