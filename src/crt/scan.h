// SPDX-License-Identifier: Apache-2.0
// The one scanner behind sscanf and its relatives: Microsoft's format language on LLP64 types.
#pragma once

#include <cstdarg>
#include <cstdint>

namespace pw::crt {

// Where the scanned characters come from: one character of look-ahead.
template <typename Char>
class ScanSource {
public:
    static constexpr std::int32_t k_end = -1;

    ScanSource() = default;
    virtual ~ScanSource() = default;
    ScanSource(const ScanSource&) = delete;
    ScanSource& operator=(const ScanSource&) = delete;

    // The next character as an unsigned value, or k_end.
    [[nodiscard]] virtual std::int32_t peek() = 0;
    void advance() {
        ++consumed_;
        step();
    }
    [[nodiscard]] int consumed() const { return consumed_; }

protected:
    virtual void step() = 0;

private:
    int consumed_ = 0;
};

// Whether %s, %c and %[ are followed by the size of their buffer (the _s functions).
enum class ScanSizes { Absent, Present };

// Returns the number of assigned fields, or EOF (-1) where the input ended before the first conversion.
[[nodiscard]] int scan(ScanSource<char>& source, const char* format, ScanSizes sizes, std::va_list arguments);
[[nodiscard]] int scan(ScanSource<char16_t>& source, const char16_t* format, ScanSizes sizes, std::va_list arguments);

}  // namespace pw::crt
