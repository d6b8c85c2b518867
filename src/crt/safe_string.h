// SPDX-License-Identifier: Apache-2.0
// The rules of strsafe.h and ntstrsafe.h once: copy, append, print within a buffer, always terminated, never silent.
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "crt/crt_api.h"
#include "crt/format.h"

namespace pw::crt {

enum class SafeResult { Ok, Truncated, BadParameter };

// STRSAFE_ flags; the low byte is the fill character.
inline constexpr std::uint32_t k_safe_ignore_nulls = 0x100;
inline constexpr std::uint32_t k_safe_fill_behind = 0x200;
inline constexpr std::uint32_t k_safe_fill_on_failure = 0x400;
inline constexpr std::uint32_t k_safe_null_on_failure = 0x800;
inline constexpr std::uint32_t k_safe_no_truncation = 0x1000;
inline constexpr std::uint32_t k_safe_all_flags = 0x1FFF;

inline constexpr std::size_t k_safe_maximum = 2147483647;  // STRSAFE_MAX_CCH

// A destination and what the ...Ex functions report about it. Sizes are in characters.
template <typename Char>
struct SafeTarget {
    Char* text;
    std::size_t size;
    std::uint32_t flags = 0;
    std::size_t end = 0;  // out: where the terminator stands

    [[nodiscard]] bool valid() const {
        if (size > k_safe_maximum || (flags & ~k_safe_all_flags) != 0) return false;
        if (size == 0) return text == nullptr && (flags & k_safe_ignore_nulls) != 0;
        return text != nullptr;
    }

    SafeResult finish(SafeResult result, std::size_t length, bool appending) {
        end = length;
        if (size == 0) return result;
        const auto fill = static_cast<unsigned char>(flags & 0xFF);
        if (result == SafeResult::Ok) {
            if ((flags & k_safe_fill_behind) != 0 && length + 1 < size) {
                std::memset(text + length + 1, fill, (size - length - 1) * sizeof(Char));
            }
            return result;
        }
        if ((flags & k_safe_fill_on_failure) != 0) {
            std::memset(text, fill, size * sizeof(Char));
            end = fill == 0 ? 0 : size - 1;
            text[end] = 0;
        }
        const bool clear = (flags & k_safe_null_on_failure) != 0 || (!appending && (flags & k_safe_no_truncation) != 0);
        if (clear) {
            text[0] = 0;
            end = 0;
        }
        return result;
    }
};

template <typename Char>
std::size_t safe_length(const Char* text, std::size_t maximum) {
    std::size_t count = 0;
    while (count < maximum && text[count] != 0) ++count;
    return count;
}

// Writes at most `limit` characters of `source` from `offset` on.
template <typename Char>
SafeResult safe_write(SafeTarget<Char>& target, std::size_t offset, const Char* source, std::size_t limit) {
    static constexpr Char k_empty[1] = {};
    if (source == nullptr && (target.flags & k_safe_ignore_nulls) != 0) source = k_empty;
    if (source == nullptr) return target.finish(SafeResult::BadParameter, offset, offset != 0);
    if (target.size == 0) {
        const bool nothing = limit == 0 || source[0] == 0;
        return target.finish(nothing ? SafeResult::Ok : SafeResult::Truncated, 0, false);
    }
    const std::size_t room = target.size - offset - 1;
    const std::size_t length = safe_length(source, limit < room ? limit : room);
    const bool fits = length == limit || source[length] == 0;
    const bool appending = offset != 0;
    if (!fits && appending && (target.flags & k_safe_no_truncation) != 0) {
        return target.finish(SafeResult::Truncated, offset, true);
    }
    std::memmove(target.text + offset, source, length * sizeof(Char));
    target.text[offset + length] = 0;
    return target.finish(fits ? SafeResult::Ok : SafeResult::Truncated, offset + length, appending);
}

template <typename Char>
SafeResult safe_copy(SafeTarget<Char>& target, const Char* source, std::size_t limit) {
    if (!target.valid() || limit > k_safe_maximum) return SafeResult::BadParameter;
    return safe_write(target, 0, source, limit);
}

template <typename Char>
SafeResult safe_append(SafeTarget<Char>& target, const Char* source, std::size_t limit) {
    if (!target.valid() || limit > k_safe_maximum) return SafeResult::BadParameter;
    const std::size_t offset = target.size == 0 ? 0 : safe_length(target.text, target.size);
    if (target.size != 0 && offset == target.size) return SafeResult::BadParameter;  // no terminator in the buffer
    return safe_write(target, offset, source, limit);
}

template <typename Char>
SafeResult safe_print(SafeTarget<Char>& target, const Char* text, std::va_list arguments) {
    static constexpr Char k_empty[1] = {};
    if (!target.valid()) return SafeResult::BadParameter;
    if (text == nullptr && (target.flags & k_safe_ignore_nulls) != 0) text = k_empty;
    if (text == nullptr) return target.finish(SafeResult::BadParameter, 0, false);
    BufferSink<Char> sink(target.text, target.size == 0 ? 0 : target.size - 1);
    const int length = format(sink, text, arguments);
    if (target.size != 0) target.text[sink.stored()] = 0;
    if (length < 0) return target.finish(SafeResult::BadParameter, sink.stored(), false);
    return target.finish(sink.overflowed() ? SafeResult::Truncated : SafeResult::Ok, sink.stored(), false);
}

}  // namespace pw::crt
