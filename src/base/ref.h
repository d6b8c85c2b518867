// SPDX-License-Identifier: Apache-2.0
// Ref<T>: an owning pointer to an object that counts its own references (add_ref() / release()).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/check.h"

namespace pw {

template <typename T>
class Ref {
public:
    constexpr Ref() = default;
    constexpr Ref(std::nullptr_t) {}
    explicit Ref(T* pointer) : pointer_(pointer) {
        if (pointer_) pointer_->add_ref();
    }
    // Takes over a reference that the caller already holds (a new object is born with one).
    static Ref adopt(T* pointer) {
        Ref ref;
        ref.pointer_ = pointer;
        return ref;
    }
    Ref(const Ref& other) : Ref(other.pointer_) {}
    Ref(Ref&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
    template <typename U>
    Ref(Ref<U> other) : pointer_(other.leak()) {}
    Ref& operator=(Ref other) noexcept {
        std::swap(pointer_, other.pointer_);
        return *this;
    }
    ~Ref() {
        if (pointer_) pointer_->release();
    }

    [[nodiscard]] T* get() const { return pointer_; }
    T* operator->() const { return pointer_; }
    T& operator*() const { return *pointer_; }
    explicit operator bool() const { return pointer_ != nullptr; }
    // Gives the reference to the caller, who must release() it.
    [[nodiscard]] T* leak() { return std::exchange(pointer_, nullptr); }
    void reset() { Ref().swap(*this); }
    void swap(Ref& other) noexcept { std::swap(pointer_, other.pointer_); }
    friend bool operator==(const Ref& a, const Ref& b) { return a.pointer_ == b.pointer_; }

private:
    T* pointer_ = nullptr;
};

// Counts references to a class that is not an NT object; the last release() deletes it. Born with one reference.
template <typename T>
class RefCounted {
public:
    void add_ref() const { count_.fetch_add(1, std::memory_order_relaxed); }
    void release() const {
        const auto before = count_.fetch_sub(1, std::memory_order_acq_rel);
        PW_CHECK(before > 0);
        if (before == 1) delete static_cast<const T*>(this);
    }
    [[nodiscard]] std::int64_t reference_count() const { return count_.load(std::memory_order_relaxed); }

protected:
    RefCounted() = default;
    ~RefCounted() = default;
    RefCounted(const RefCounted&) = delete;
    RefCounted& operator=(const RefCounted&) = delete;

private:
    mutable std::atomic<std::int64_t> count_{1};
};

}  // namespace pw
