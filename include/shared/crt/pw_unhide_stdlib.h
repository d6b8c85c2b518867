// SPDX-License-Identifier: Apache-2.0
// Undoes pw_hide_stdlib.h.
#undef system
#undef atoi
#undef atol
#undef strtol
#undef strtoul
#undef mbstowcs
#undef wcstombs
#undef mbtowc
#undef wctomb
