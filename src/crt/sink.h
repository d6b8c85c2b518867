// SPDX-License-Identifier: Apache-2.0
// Sink: where formatted text goes; it counts what it is given, also what does not fit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pw::crt {

template <typename Char>
class Sink {
public:
    virtual ~Sink() = default;
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    void put(Char c) { write(&c, 1); }
    void write(const Char* text, std::size_t count) {
        if (count == 0) return;
        total_ += count;
        accept(text, count);
    }
    void fill(Char c, std::size_t count);

    // Units given so far, whether they fitted or not.
    [[nodiscard]] std::uint64_t total() const { return total_; }
    // A sink that returns false needs no more text: its owner wants the count only.
    [[nodiscard]] virtual bool wants_text() const { return true; }

protected:
    virtual void accept(const Char* text, std::size_t count) = 0;

private:
    std::uint64_t total_ = 0;
};

template <typename Char>
void Sink<Char>::fill(Char c, std::size_t count) {
    Char chunk[32];
    for (Char& slot : chunk) slot = c;
    while (count > 0 && wants_text()) {
        const std::size_t step = count < 32 ? count : 32;
        write(chunk, step);
        count -= step;
    }
    total_ += count;
}

// Keeps the first `capacity` units in the caller's buffer and writes no terminator.
template <typename Char>
class BufferSink final : public Sink<Char> {
public:
    BufferSink(Char* buffer, std::size_t capacity) : buffer_(buffer), capacity_(capacity) {}

    [[nodiscard]] std::size_t stored() const { return stored_; }
    [[nodiscard]] bool overflowed() const { return this->total() > capacity_; }
    [[nodiscard]] bool wants_text() const override { return stored_ < capacity_; }

protected:
    void accept(const Char* text, std::size_t count) override {
        const std::size_t room = capacity_ - stored_;
        if (count > room) count = room;
        for (std::size_t i = 0; i < count; ++i) buffer_[stored_ + i] = text[i];
        stored_ += count;
    }

private:
    Char* buffer_;
    std::size_t capacity_;
    std::size_t stored_ = 0;
};

}  // namespace pw::crt
