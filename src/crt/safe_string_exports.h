// SPDX-License-Identifier: Apache-2.0
// Defines one family of the safe string functions (StringCch..., StringCb..., RtlStringCch..., RtlStringCb...), narrow and
// wide: the includer sets PW_SAFE_NAME(verb), PW_SAFE_UNIT (1 for characters, sizeof(Char) for bytes) and pw_safe_result().
// Included several times, so without a guard.

#define PW_SAFE_FAMILY(X, Char)                                                                                        \
    int PW_SAFE_NAME(Copy##X)(Char * target, size_t size, const Char* source) {                                        \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char)};                                                         \
        return pw_safe_result(safe_copy(t, source, k_safe_maximum));                                                   \
    }                                                                                                                  \
    int PW_SAFE_NAME(CopyN##X)(Char * target, size_t size, const Char* source, size_t count) {                         \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char)};                                                         \
        return pw_safe_result(safe_copy(t, source, count / PW_SAFE_UNIT(Char)));                                       \
    }                                                                                                                  \
    int PW_SAFE_NAME(Cat##X)(Char * target, size_t size, const Char* source) {                                         \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char)};                                                         \
        return pw_safe_result(safe_append(t, source, k_safe_maximum));                                                 \
    }                                                                                                                  \
    int PW_SAFE_NAME(CatN##X)(Char * target, size_t size, const Char* source, size_t count) {                          \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char)};                                                         \
        return pw_safe_result(safe_append(t, source, count / PW_SAFE_UNIT(Char)));                                     \
    }                                                                                                                  \
    int PW_SAFE_NAME(CopyEx##X)(Char * target, size_t size, const Char* source, Char** end, size_t* left, unsigned f) { \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char), f};                                                      \
        return report(t, safe_copy(t, source, k_safe_maximum), end, left, size, PW_SAFE_UNIT(Char));                   \
    }                                                                                                                  \
    int PW_SAFE_NAME(CopyNEx##X)(Char * target, size_t size, const Char* source, size_t count, Char** end,             \
                                 size_t* left, unsigned f) {                                                           \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char), f};                                                      \
        return report(t, safe_copy(t, source, count / PW_SAFE_UNIT(Char)), end, left, size, PW_SAFE_UNIT(Char));       \
    }                                                                                                                  \
    int PW_SAFE_NAME(CatEx##X)(Char * target, size_t size, const Char* source, Char** end, size_t* left, unsigned f) { \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char), f};                                                      \
        return report(t, safe_append(t, source, k_safe_maximum), end, left, size, PW_SAFE_UNIT(Char));                 \
    }                                                                                                                  \
    int PW_SAFE_NAME(CatNEx##X)(Char * target, size_t size, const Char* source, size_t count, Char** end,              \
                                size_t* left, unsigned f) {                                                            \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char), f};                                                      \
        return report(t, safe_append(t, source, count / PW_SAFE_UNIT(Char)), end, left, size, PW_SAFE_UNIT(Char));     \
    }                                                                                                                  \
    int PW_SAFE_NAME(VPrintf##X)(Char * target, size_t size, const Char* text, va_list arguments) {                    \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char)};                                                         \
        return pw_safe_result(safe_print(t, text, arguments));                                                         \
    }                                                                                                                  \
    int PW_SAFE_NAME(VPrintfEx##X)(Char * target, size_t size, Char** end, size_t* left, unsigned f, const Char* text, \
                                   va_list arguments) {                                                                \
        SafeTarget<Char> t{target, size / PW_SAFE_UNIT(Char), f};                                                      \
        return report(t, safe_print(t, text, arguments), end, left, size, PW_SAFE_UNIT(Char));                         \
    }                                                                                                                  \
    int PW_SAFE_NAME(Printf##X)(Char * target, size_t size, const Char* text, ...) {                                   \
        va_list arguments;                                                                                             \
        va_start(arguments, text);                                                                                     \
        const int result = PW_SAFE_NAME(VPrintf##X)(target, size, text, arguments);                                    \
        va_end(arguments);                                                                                             \
        return result;                                                                                                 \
    }                                                                                                                  \
    int PW_SAFE_NAME(PrintfEx##X)(Char * target, size_t size, Char** end, size_t* left, unsigned f, const Char* text,  \
                                  ...) {                                                                               \
        va_list arguments;                                                                                             \
        va_start(arguments, text);                                                                                     \
        const int result = PW_SAFE_NAME(VPrintfEx##X)(target, size, end, left, f, text, arguments);                    \
        va_end(arguments);                                                                                             \
        return result;                                                                                                 \
    }                                                                                                                  \
    int PW_SAFE_NAME(Length##X)(const Char* text, size_t maximum, size_t* length) {                                    \
        const size_t units = maximum / PW_SAFE_UNIT(Char);                                                             \
        const bool bad = text == nullptr || units > k_safe_maximum;                                                    \
        const size_t count = bad ? 0 : safe_length(text, units);                                                       \
        const bool found = !bad && count < units;                                                                      \
        if (length != nullptr) *length = found ? count * PW_SAFE_UNIT(Char) : 0;                                       \
        return pw_safe_result(found ? SafeResult::Ok : SafeResult::BadParameter);                                      \
    }

PW_SAFE_FAMILY(A, char)
PW_SAFE_FAMILY(W, char16_t)
#undef PW_SAFE_FAMILY
#undef PW_SAFE_NAME
#undef PW_SAFE_UNIT
