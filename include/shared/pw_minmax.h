// SPDX-License-Identifier: Apache-2.0
// min and max: macros in C, as in Windows' headers; function templates in C++, because the macros break the standard library's
// headers that are included later. NOMINMAX leaves both out; a source's own macros stay.
#ifndef PW_MINMAX_H
#define PW_MINMAX_H

#ifndef NOMINMAX
#ifdef __cplusplus
extern "C++" {
#ifndef min
template <typename PwLeft, typename PwRight>
constexpr auto min(PwLeft a, PwRight b) {
  return a < b ? a : b;
}
#endif
#ifndef max
template <typename PwLeft, typename PwRight>
constexpr auto max(PwLeft a, PwRight b) {
  return a > b ? a : b;
}
#endif
}
#else
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif
#endif

#endif
