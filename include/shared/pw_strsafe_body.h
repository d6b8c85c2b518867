// SPDX-License-Identifier: Apache-2.0
// One character width of the safe string functions: part of <pw_strsafe.h>, which says what it needs.
//
// Rules: a size of zero or above 2147483647 characters is a bad parameter; a result that does not fit
// is cut, terminated and answered with the overflow code. The Cb forms count bytes and round down.
#define PW_R PW_STRSAFE_RESULT
#define PW_F(name) PW_W(PW_STRSAFE(name))
#define PW_BAD_SIZE(cch) ((cch) == 0 || (cch) > 2147483647ul)

PW_INLINE size_t PW_F(StringPwLength)(const PW_CHAR* text, size_t max) {
  size_t n = 0;
  while (n < max && text[n] != 0) n++;
  return n;
}
PW_INLINE PW_R PW_F(StringCchLength)(const PW_CHAR* text, size_t max, size_t* length) {
  size_t n = text == NULL || PW_BAD_SIZE(max) ? max : PW_F(StringPwLength)(text, max);
  int bad = text == NULL || PW_BAD_SIZE(max) || n == max;
  if (length != NULL) *length = bad ? 0 : n;
  return bad ? PW_STRSAFE_BAD_PARAMETER : PW_STRSAFE_OK;
}
PW_INLINE PW_R PW_F(StringCbLength)(const PW_CHAR* text, size_t max_bytes, size_t* bytes) {
  PW_R result = PW_F(StringCchLength)(text, max_bytes / sizeof(PW_CHAR), bytes);
  if (bytes != NULL) *bytes *= sizeof(PW_CHAR);
  return result;
}

// Copies at most `count` characters of `source` to target[at...size).
PW_INLINE PW_R PW_F(StringPwPut)(PW_CHAR* target, size_t size, size_t at, const PW_CHAR* source,
                                 size_t count) {
  size_t i = at;
  while (i < size && count != 0 && *source != 0) {
    target[i++] = *source++;
    count--;
  }
  if (i == size) {
    target[size - 1] = 0;
    return PW_STRSAFE_OVERFLOW;
  }
  target[i] = 0;
  return PW_STRSAFE_OK;
}

PW_INLINE PW_R PW_F(StringCchCopyN)(PW_CHAR* target, size_t size, const PW_CHAR* source, size_t count) {
  if (PW_BAD_SIZE(size)) return PW_STRSAFE_BAD_PARAMETER;
  if (count > 2147483646ul) {
    target[0] = 0;
    return PW_STRSAFE_BAD_PARAMETER;
  }
  return PW_F(StringPwPut)(target, size, 0, source, count);
}
PW_INLINE PW_R PW_F(StringCchCopy)(PW_CHAR* target, size_t size, const PW_CHAR* source) {
  return PW_F(StringCchCopyN)(target, size, source, 2147483646ul);
}
PW_INLINE PW_R PW_F(StringCchCatN)(PW_CHAR* target, size_t size, const PW_CHAR* source, size_t count) {
  size_t at;
  if (PW_F(StringCchLength)(target, size, &at) != PW_STRSAFE_OK || count > 2147483646ul) {
    return PW_STRSAFE_BAD_PARAMETER;
  }
  return PW_F(StringPwPut)(target, size, at, source, count);
}
PW_INLINE PW_R PW_F(StringCchCat)(PW_CHAR* target, size_t size, const PW_CHAR* source) {
  return PW_F(StringCchCatN)(target, size, source, 2147483646ul);
}
PW_INLINE PW_R PW_F(StringCchVPrintf)(PW_CHAR* target, size_t size, const PW_CHAR* format,
                                      va_list arguments) {
  if (PW_BAD_SIZE(size)) return PW_STRSAFE_BAD_PARAMETER;
  int written = PW_VPRINT(target, size - 1, format, arguments);
  if (written < 0 || (size_t)written >= size - 1) {
    target[size - 1] = 0;
    if (written < 0 || (size_t)written > size - 1) return PW_STRSAFE_OVERFLOW;
  }
  return PW_STRSAFE_OK;
}
PW_INLINE PW_R PW_F(StringCchPrintf)(PW_CHAR* target, size_t size, const PW_CHAR* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PW_R result = PW_F(StringCchVPrintf)(target, size, format, arguments);
  va_end(arguments);
  return result;
}

PW_INLINE PW_R PW_F(StringCbCopy)(PW_CHAR* target, size_t bytes, const PW_CHAR* source) {
  return PW_F(StringCchCopy)(target, bytes / sizeof(PW_CHAR), source);
}
PW_INLINE PW_R PW_F(StringCbCopyN)(PW_CHAR* target, size_t bytes, const PW_CHAR* source, size_t count_bytes) {
  return PW_F(StringCchCopyN)(target, bytes / sizeof(PW_CHAR), source, count_bytes / sizeof(PW_CHAR));
}
PW_INLINE PW_R PW_F(StringCbCat)(PW_CHAR* target, size_t bytes, const PW_CHAR* source) {
  return PW_F(StringCchCat)(target, bytes / sizeof(PW_CHAR), source);
}
PW_INLINE PW_R PW_F(StringCbCatN)(PW_CHAR* target, size_t bytes, const PW_CHAR* source, size_t count_bytes) {
  return PW_F(StringCchCatN)(target, bytes / sizeof(PW_CHAR), source, count_bytes / sizeof(PW_CHAR));
}
PW_INLINE PW_R PW_F(StringCbVPrintf)(PW_CHAR* target, size_t bytes, const PW_CHAR* format,
                                     va_list arguments) {
  return PW_F(StringCchVPrintf)(target, bytes / sizeof(PW_CHAR), format, arguments);
}
PW_INLINE PW_R PW_F(StringCbPrintf)(PW_CHAR* target, size_t bytes, const PW_CHAR* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PW_R result = PW_F(StringCchVPrintf)(target, bytes / sizeof(PW_CHAR), format, arguments);
  va_end(arguments);
  return result;
}

// The Ex forms: NULL strings on request, where the text ends, what is left, and filling.
PW_INLINE PW_R PW_F(StringPwFinish)(PW_CHAR* target, size_t size, PW_R result, PW_CHAR** end,
                                    size_t* remaining_bytes, size_t bytes, DWORD flags) {
  size_t length = size == 0 ? 0 : PW_F(StringPwLength)(target, size);
  if (result != PW_STRSAFE_OK && size != 0) {
    if (flags & STRSAFE_FILL_ON_FAILURE) {
      memset(target, (int)(flags & 0xff), bytes);
      length = (flags & 0xff) == 0 ? 0 : size - 1;
      target[size - 1] = 0;
    }
    if (flags & (STRSAFE_NULL_ON_FAILURE | STRSAFE_NO_TRUNCATION)) {
      target[0] = 0;
      length = 0;
    }
  } else if ((flags & STRSAFE_FILL_BEHIND_NULL) && length + 1 < size) {
    memset(target + length + 1, (int)(flags & 0xff), bytes - (length + 1) * sizeof(PW_CHAR));
  }
  if (end != NULL) *end = target + length;
  if (remaining_bytes != NULL) *remaining_bytes = bytes - length * sizeof(PW_CHAR);
  return result;
}
PW_INLINE const PW_CHAR* PW_F(StringPwSource)(const PW_CHAR* source, DWORD flags) {
  static const PW_CHAR empty[1] = {0};
  return source == NULL && (flags & STRSAFE_IGNORE_NULLS) ? empty : source;
}
PW_INLINE PW_R PW_F(StringCbCopyEx)(PW_CHAR* target, size_t bytes, const PW_CHAR* source, PW_CHAR** end,
                                    size_t* remaining, DWORD flags) {
  size_t size = bytes / sizeof(PW_CHAR);
  source = PW_F(StringPwSource)(source, flags);
  PW_R result = target == NULL ? (size == 0 && *source == 0 ? PW_STRSAFE_OK : PW_STRSAFE_BAD_PARAMETER)
                               : PW_F(StringCchCopy)(target, size, source);
  return PW_F(StringPwFinish)(target, target == NULL ? 0 : size, result, end, remaining, bytes, flags);
}
PW_INLINE PW_R PW_F(StringCbCatEx)(PW_CHAR* target, size_t bytes, const PW_CHAR* source, PW_CHAR** end,
                                   size_t* remaining, DWORD flags) {
  size_t size = bytes / sizeof(PW_CHAR);
  source = PW_F(StringPwSource)(source, flags);
  PW_R result = target == NULL ? (size == 0 && *source == 0 ? PW_STRSAFE_OK : PW_STRSAFE_BAD_PARAMETER)
                               : PW_F(StringCchCat)(target, size, source);
  return PW_F(StringPwFinish)(target, target == NULL ? 0 : size, result, end, remaining, bytes, flags);
}
PW_INLINE PW_R PW_F(StringCbVPrintfEx)(PW_CHAR* target, size_t bytes, PW_CHAR** end, size_t* remaining,
                                       DWORD flags, const PW_CHAR* format, va_list arguments) {
  size_t size = bytes / sizeof(PW_CHAR);
  format = PW_F(StringPwSource)(format, flags);
  PW_R result = target == NULL ? (size == 0 && *format == 0 ? PW_STRSAFE_OK : PW_STRSAFE_BAD_PARAMETER)
                               : PW_F(StringCchVPrintf)(target, size, format, arguments);
  return PW_F(StringPwFinish)(target, target == NULL ? 0 : size, result, end, remaining, bytes, flags);
}
PW_INLINE PW_R PW_F(StringCbPrintfEx)(PW_CHAR* target, size_t bytes, PW_CHAR** end, size_t* remaining,
                                      DWORD flags, const PW_CHAR* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PW_R result = PW_F(StringCbVPrintfEx)(target, bytes, end, remaining, flags, format, arguments);
  va_end(arguments);
  return result;
}
PW_INLINE PW_R PW_F(StringCchCopyEx)(PW_CHAR* target, size_t size, const PW_CHAR* source, PW_CHAR** end,
                                     size_t* remaining, DWORD flags) {
  PW_R result = PW_F(StringCbCopyEx)(target, size * sizeof(PW_CHAR), source, end, remaining, flags);
  if (remaining != NULL) *remaining /= sizeof(PW_CHAR);
  return result;
}
PW_INLINE PW_R PW_F(StringCchCatEx)(PW_CHAR* target, size_t size, const PW_CHAR* source, PW_CHAR** end,
                                    size_t* remaining, DWORD flags) {
  PW_R result = PW_F(StringCbCatEx)(target, size * sizeof(PW_CHAR), source, end, remaining, flags);
  if (remaining != NULL) *remaining /= sizeof(PW_CHAR);
  return result;
}
PW_INLINE PW_R PW_F(StringCchPrintfEx)(PW_CHAR* target, size_t size, PW_CHAR** end, size_t* remaining,
                                       DWORD flags, const PW_CHAR* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PW_R result = PW_F(StringCbVPrintfEx)(target, size * sizeof(PW_CHAR), end, remaining, flags, format, arguments);
  va_end(arguments);
  if (remaining != NULL) *remaining /= sizeof(PW_CHAR);
  return result;
}
#undef PW_R
#undef PW_F
#undef PW_BAD_SIZE
