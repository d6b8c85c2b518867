// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or the status that says why there is none.
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "base/status.h"

namespace pw {

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : has_value_(true) { ::new (&storage_.value) T(std::move(value)); }
    // A failing status; a Result never carries a success status without a value.
    Result(Status status) : status_(status) { PW_CHECK(status.is_failure()); }
    Result(std::int32_t code) : Result(Status(code)) {}
    Result(Result&& other) noexcept : has_value_(other.has_value_), status_(other.status_) {
        if (has_value_) ::new (&storage_.value) T(std::move(other.storage_.value));
    }
    Result& operator=(Result&& other) noexcept {
        if (this != &other) {
            this->~Result();
            ::new (this) Result(std::move(other));
        }
        return *this;
    }
    Result(const Result&) = delete;
    Result& operator=(const Result&) = delete;
    ~Result() {
        if (has_value_) storage_.value.~T();
    }

    [[nodiscard]] bool is_ok() const { return has_value_; }
    explicit operator bool() const { return has_value_; }
    [[nodiscard]] Status status() const { return status_; }

    [[nodiscard]] T& value() & {
        PW_CHECK(has_value_);
        return storage_.value;
    }
    [[nodiscard]] const T& value() const& {
        PW_CHECK(has_value_);
        return storage_.value;
    }
    [[nodiscard]] T&& value() && {
        PW_CHECK(has_value_);
        return std::move(storage_.value);
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }

private:
    union Storage {
        Storage() {}
        ~Storage() {}
        T value;
    } storage_;
    bool has_value_ = false;
    Status status_;
};

}  // namespace pw

// Assigns the value of a Result expression to `decl`, or returns its status from the enclosing function.
#define PW_TRY_CONCAT2(a, b) a##b
#define PW_TRY_CONCAT(a, b) PW_TRY_CONCAT2(a, b)
#define PW_TRY_ASSIGN(decl, expr) PW_TRY_ASSIGN_IMPL(PW_TRY_CONCAT(pw_result_, __LINE__), decl, expr)
#define PW_TRY_ASSIGN_IMPL(tmp, decl, expr)  \
    auto tmp = (expr);                       \
    if (!tmp.is_ok()) return tmp.status();   \
    decl = std::move(tmp).value()
// Returns a failing status from the enclosing function.
#define PW_TRY(expr)                                            \
    do {                                                        \
        if (::pw::Status pw_status_ = (expr); pw_status_.is_failure()) return pw_status_; \
    } while (false)
